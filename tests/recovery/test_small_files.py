"""Rotten keys, policies and checkpoints are found by their files' names, while there is a backup that is still right."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from ledger.directory import anchor
from ledger.directory.opening import LOG_KEY
from ledger.directory.publication import POLICY
from ledger.directory.scrub import scrub
from ledger.entries.channel_reference import NewKey, make_reference_key
from ledger.errors import StorageError
from ledger.log.key import SigningKey
from ledger.log.tile import CHECKPOINT
from tests.language import key
from tests.writer.on_disk import TRUST, OnDisk, a_gift
from tests.writer.test_disk import files_limited_to

VKEY = TRUST.logs[0].vkey.format()


@pytest.fixture
def kept(town: OnDisk) -> OnDisk:
    """The town with the keys of its log and of one officer, closed."""
    key(town.first_key["hope"]).save(town.directory / "keys/hope/li.pem")
    town.close()
    return town


def found(town: OnDisk) -> dict[str, str]:
    small = scrub(town.directory).small
    assert small is not None
    return dict(small.faults)


def turn(path: Path, chance: int = 40) -> None:
    """Change one character of what is between the first line of a file and the last."""
    raw = bytearray(path.read_bytes())
    at = raw.index(b"\n") + chance
    raw[at] = ord("A") if raw[at] != ord("A") else ord("B")
    path.write_bytes(bytes(raw))


def test_whole_files_are_sound(kept: OnDisk):
    assert found(kept) == {}


@pytest.mark.parametrize(("name", "says"), [(LOG_KEY, "is not the key of this log"), ("keys/hope/li.pem", "does not belong")])
def test_a_rotten_key_is_another_key(kept: OnDisk, name: str, says: str):
    turn(kept.directory / name)
    (only,) = found(kept).items()
    assert only[0] == name and says in only[1] and "from a backup" in only[1]


@pytest.mark.parametrize("name", [LOG_KEY, "keys/hope/li.pem"])
def test_a_key_that_is_cut_off_is_none(kept: OnDisk, name: str):
    path = kept.directory / name
    path.write_bytes(path.read_bytes()[:50])
    assert list(found(kept)) == [name]


def test_the_key_of_another_party_is_not_this_ones(kept: OnDisk):
    shutil.copytree(kept.directory / "keys/hope", kept.directory / "keys/river")
    assert found(kept) == {"keys/river/li.pem": "is a key of hope, not of river; move it to the folder of its party"}


def test_a_key_behind_a_passphrase_is_not_called_sound(kept: OnDisk):
    SigningKey.generate().save(kept.directory / "keys/hope/mei.pem", b"a passphrase")
    small = scrub(kept.directory).small
    assert small is not None and (small.faults, small.shut) == ([], ["keys/hope/mei.pem"])


def test_a_rotten_reference_key_is_named(kept: OnDisk):
    make_reference_key(kept.directory, "hope", "2026", NewKey(bytes(range(32)), "2036-01-01"))
    assert found(kept) == {}
    path = kept.directory / "keys/hope/reference-2026.key"
    path.write_bytes(b"\x01" + path.read_bytes()[1:])
    assert list(found(kept)) == ["keys/hope/reference-2026.key"]


@pytest.mark.parametrize("raw", [b"rotten\n", None, b"log example.org/other+b1c4a1c2+AQ==\nquorum none\n"])
def test_a_rotten_policy_is_named(kept: OnDisk, raw: bytes | None):
    path = kept.directory / POLICY
    path.unlink()
    if raw is not None:
        path.write_bytes(raw)
    assert list(found(kept)) == [POLICY]


def test_rotten_checkpoints_an_older_copy_and_an_ended_log_are_told(kept: OnDisk, tmp_path: Path):
    note = (kept.directory / CHECKPOINT).read_bytes()
    (kept.directory / CHECKPOINT).write_bytes(note.replace(b"306", b"305"))
    assert "checkpoint is damaged" in found(kept)[CHECKPOINT]
    (kept.directory / CHECKPOINT).write_bytes(note)
    shutil.copytree(kept.directory, tmp_path / "older")
    kept.reopen().sequencer.submit_one(a_gift(kept))
    kept.close()
    assert found(kept) == {}
    assert "has 307 entries, but this ledger has only 306" in found(kept.moved_to(tmp_path / "older"))[CHECKPOINT]
    with closing(anchor.Anchor(VKEY, kept.directory)) as held:
        held.end("next.example.org+00000000+AAAA")
    assert "has ended" in found(kept)[CHECKPOINT]


def test_a_disk_without_room_is_no_verdict(kept: OnDisk):
    with files_limited_to(100_000), pytest.raises(StorageError) as refused:
        scrub(kept.directory)
    assert refused.value.rule in ("disk-full", "storage") and "nothing wrong was found so far" in refused.value.message
    assert found(kept) == {}
