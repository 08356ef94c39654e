"""A ledger is made of any copy of its log: the same root, the same tables, and it goes on; what is missing is said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory import anchor
from ledger.directory.rebuild import rebuild
from ledger.directory.source import DirectorySource
from ledger.errors import GiveTrailError, ReadOnly, StorageError, Unverifiable, UsageError, VerificationError
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from ledger.log.tile import CHECKPOINT
from ledger.log_files.export import export_tiles
from ledger.log_files.mirror import Mirror
from ledger.log_files.source import FolderSource
from ledger.recovery.backup import back_up
from ledger.recovery.restore import Asked, restore
from ledger.store import sqlite_connection as connection
from tests.language import ORIGIN, key
from tests.log_files.tileserver import serving
from tests.recovery.disk import body, change, contents, flip, tables
from tests.writer.on_disk import TRUST, OnDisk, a_gift
from tests.writer.test_disk import files_limited_to

NOW = "2026-09-07T10:00:00Z"
VKEY = TRUST.logs[0].vkey.format()


def verdict(directory: Path) -> str:
    with closing(DirectorySource(directory)) as source:
        return verify(source, TRUST).verdict


def exported(town: OnDisk, folder: Path) -> Path:
    with closing(DirectorySource(town.directory)) as source:
        export_tiles(source, folder)
    return folder


def mirrored(town: OnDisk, folder: Path) -> Path:
    with closing(Mirror(folder, TRUST)) as mirror:
        mirror.update(FolderSource(exported(town, folder.with_name("E"))))
    return folder


def backed_up(town: OnDisk, folder: Path) -> Path:
    back_up(town.directory, folder, NOW)
    return folder


def goes_on(town: OnDisk, directory: Path) -> None:
    """It takes a gift, and verifies."""
    restored = town.moved_to(directory).reopen()
    assert restored.sequencer.read_only_because == ""
    size = restored.sequencer.tree_size
    assert restored.sequencer.submit_one(a_gift(restored)).index == size
    restored.close()
    assert verdict(directory) == "verified"


@pytest.mark.parametrize("copied", [backed_up, exported, mirrored, lambda town, folder: town.directory])
def test_a_restored_ledger_is_the_ledger(town: OnDisk, tmp_path: Path, copied: Callable[[OnDisk, Path], Path]):
    """Every table is, row for row, what a rebuild of the original gives."""
    copy = copied(town, tmp_path / "copy")
    town.close()
    done = restore(copy, tmp_path / "R", Asked(keys=town.directory / "keys", policy=TRUST))
    rebuild(town.directory)
    assert tables(tmp_path / "R") == tables(town.directory)
    assert (done.tree_size, done.missing, done.keys) == (306, 0, ["log.pem", "op/chief.pem"])
    signed = (town.directory / CHECKPOINT).read_bytes()
    assert (tmp_path / "R" / CHECKPOINT).read_bytes() == signed
    goes_on(town, tmp_path / "R")


def test_a_ledger_is_restored_from_an_address(town: OnDisk, tmp_path: Path):
    folder = exported(town, tmp_path / "E")
    town.close()
    with serving(folder) as server:
        done = restore(server.url, tmp_path / "R", Asked(keys=town.directory / "keys"))
    assert (done.tree_size, done.missing) == (306, 0)
    goes_on(town, tmp_path / "R")


def test_without_keys_it_is_read_and_written_once_they_are_there(town: OnDisk, tmp_path: Path):
    folder = exported(town, tmp_path / "E")
    town.close()
    assert restore(folder, tmp_path / "R").keys == []
    assert verdict(tmp_path / "R") == "verified"
    with pytest.raises(UsageError, match="log.pem"):
        town.moved_to(tmp_path / "R").reopen()
    shutil.copytree(town.directory / "keys", tmp_path / "R/keys")
    goes_on(town, tmp_path / "R")


def test_what_is_rotten_beside_the_entries_does_not_come_along(town: OnDisk, tmp_path: Path):
    town.close()
    before = tables(town.directory)
    change(town.directory, "DELETE FROM flows")
    change(town.directory, "UPDATE mentions SET entry = entry + 1 WHERE entry = 305")
    change(town.directory, "UPDATE state SET body = CAST('[1]' AS BLOB) WHERE name = 'tape'")
    restore(town.directory, tmp_path / "R")
    assert tables(tmp_path / "R") == before


@pytest.mark.parametrize("lost", [1, 2, 50])
def test_an_older_backup_says_how_many_entries_are_missing(town: OnDisk, tmp_path: Path, lost: int):
    """On the machine that signed them; nothing is recorded then."""
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town) for _ in range(lost)])
    town.close()
    shutil.rmtree(town.directory)
    done = restore(tmp_path / "B", town.directory)
    assert (done.tree_size, done.known, done.missing) == (306, 306 + lost, lost)
    assert "kept outside the directory" in done.known_by
    town.reopen()
    assert "Restore what is missing with `givetrail repair --from COPY`" in town.sequencer.read_only_because
    with pytest.raises(ReadOnly):
        town.sequencer.submit_one(a_gift(town))


def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "another-machine"))


def test_on_a_new_machine_a_newer_checkpoint_is_compared(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is kept, so that nothing is recorded there either."""
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town) for _ in range(7)])
    note = (town.directory / CHECKPOINT).read_bytes()
    town.close()
    elsewhere(monkeypatch, tmp_path)
    unknown = restore(tmp_path / "B", tmp_path / "R0")
    assert (unknown.missing, unknown.known_by) == (0, "")
    done = restore(tmp_path / "B", tmp_path / "R", Asked(newest=("a donor's", note)))
    assert (done.missing, done.known_by) == (7, "a donor's")
    assert anchor.recall(VKEY) == note
    assert "has 313 entries, but this ledger has only 306" in town.moved_to(tmp_path / "R").reopen().sequencer.read_only_because


def test_an_older_checkpoint_of_somebody_else_is_compared_too(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    note = (town.directory / CHECKPOINT).read_bytes()
    town.sequencer.submit([a_gift(town) for _ in range(7)])
    back_up(town.directory, tmp_path / "B", NOW)
    town.close()
    elsewhere(monkeypatch, tmp_path)
    done = restore(tmp_path / "B", tmp_path / "R", Asked(newest=("a donor's", note)))
    assert (done.missing, done.known) == (0, 313)


def test_a_checkpoint_of_another_history_or_key_is_refused(town: OnDisk, tmp_path: Path):
    back_up(town.directory, tmp_path / "B", NOW)
    town.close()
    with pytest.MonkeyPatch.context() as machine:
        elsewhere(machine, tmp_path)
        restore(tmp_path / "B", tmp_path / "Other")
        other = town.moved_to(tmp_path / "Other").reopen()
        other.sequencer.submit_one(a_gift(other, 7))
        other.close()
    town.reopen()
    town.sequencer.submit_one(a_gift(town, 8))
    town.sequencer.submit_one(a_gift(town, 9))
    town.close()
    fork = (tmp_path / "Other" / CHECKPOINT).read_bytes()
    with pytest.raises(VerificationError, match="signed over another root"):
        restore(town.directory, tmp_path / "R", Asked(newest=("fork", fork)))
    with pytest.raises(GiveTrailError):
        restore(town.directory, tmp_path / "R", Asked(newest=("noise", b"noise")))
    foreign = Policy.for_log(VerifierKey(ORIGIN, key("a stranger's").public))
    with pytest.raises(VerificationError):
        restore(town.directory, tmp_path / "R", Asked(policy=foreign))
    assert not (tmp_path / "R").exists()


@pytest.mark.parametrize("entry", [0, 3, 100, 255, 256, 304, 305])
def test_nothing_is_restored_from_a_copy_with_a_rotten_entry(town: OnDisk, tmp_path: Path, entry: int):
    town.close()
    raw = body(town.directory, entry)
    for bit in (4, 8 * (len(raw) // 2), 8 * (len(raw) - 20)):
        flip(town.directory, entry, bit)
        with pytest.raises(VerificationError):
            restore(town.directory, tmp_path / "R")
        assert not (tmp_path / "R").exists()
        flip(town.directory, entry, bit)
    assert restore(town.directory, tmp_path / "R").missing == 0


def test_a_tail_that_nobody_signed_for_is_taken_as_far_as_it_is_whole(town: OnDisk, tmp_path: Path):
    town.sequencer.submit([a_gift(town) for _ in range(5)], sign=False)
    town.close()
    flip(town.directory, 308, 8 * 300)
    done = restore(town.directory, tmp_path / "R")
    assert (done.tree_size, done.signed, done.missing) == (308, 306, 0)
    goes_on(town, tmp_path / "R")


def test_keys_of_another_log_are_refused(town: OnDisk, tmp_path: Path):
    (tmp_path / "keys").mkdir()
    with pytest.raises(UsageError, match=r"does not hold log\.pem"):
        restore(town.directory, tmp_path / "R", Asked(keys=tmp_path / "keys"))
    key("a stranger's").save(tmp_path / "keys/log.pem")
    with pytest.raises(UsageError, match="is not the key of"):
        restore(town.directory, tmp_path / "R", Asked(keys=tmp_path / "keys"))
    assert not (tmp_path / "R").exists()


def test_a_directory_that_holds_something_is_left_alone(town: OnDisk, tmp_path: Path):
    town.close()
    before = contents(town.directory)
    back_up(town.directory, tmp_path / "B", NOW)
    with pytest.raises(UsageError, match="is not an empty directory"):
        restore(tmp_path / "B", town.directory)
    assert contents(town.directory) == before


def test_a_copy_without_a_checkpoint_is_refused(town: OnDisk, tmp_path: Path):
    folder = exported(town, tmp_path / "E")
    (folder / CHECKPOINT).unlink()
    with pytest.raises(Unverifiable):
        restore(folder, tmp_path / "R")


def without_a_bit(path: Path, line: int) -> bytes:
    """Flip one bit of a line of a file; the file as it is now."""
    lines = path.read_bytes().split(b"\n")
    lines[line] = lines[line][:-1] + bytes([lines[line][-1] ^ 1])
    path.write_bytes(b"\n".join(lines))
    return path.read_bytes()


@pytest.mark.parametrize(("line", "says", "known"), [(2, 311, 311), (4, 311, 311), (1, 310, 310)])
def test_a_damaged_checkpoint_kept_outside_stays_and_still_counts(town: OnDisk, tmp_path: Path, line: int, says: int, known: int):
    """Flipped in the root, the signature, the size: by it nothing is recorded in an older copy, and no fork begins."""
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town) for _ in range(5)])
    town.close()
    kept = anchor.anchor_path(VKEY)
    rotten = without_a_bit(kept, line)
    done = restore(tmp_path / "B", tmp_path / "R")
    assert "is damaged (" in done.damaged and done.damaged.endswith(f"the readable part says {says} entries")
    assert (done.known, done.missing) == (known, known - 306)
    assert kept.read_bytes() == rotten
    restored = town.moved_to(tmp_path / "R").reopen()
    with pytest.raises(ReadOnly, match=f"says {says} entries"):
        restored.sequencer.submit_one(a_gift(restored))
    restored.close()
    assert kept.read_bytes() == rotten


def test_a_checkpoint_of_more_entries_is_kept_outside_in_place_of_a_damaged_one(town: OnDisk, tmp_path: Path):
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town) for _ in range(5)])
    note = (town.directory / CHECKPOINT).read_bytes()
    town.close()
    without_a_bit(anchor.anchor_path(VKEY), 2)
    assert restore(tmp_path / "B", tmp_path / "R", Asked(newest=("a donor's", note))).missing == 5
    assert anchor.recall(VKEY) == note


def test_a_checkpoint_is_never_replaced_by_one_of_fewer_entries(town: OnDisk, tmp_path: Path):
    older = (town.directory / CHECKPOINT).read_bytes()
    town.sequencer.submit_one(a_gift(town))
    town.close()
    kept = anchor.anchor_path(VKEY)
    rotten = without_a_bit(kept, 4)
    with closing(anchor.Anchor(VKEY, town.directory)) as held:
        for put in (held.remember, held.keep):
            with pytest.raises(ReadOnly, match="names 307 entries"):
                put(older)
    assert kept.read_bytes() == rotten


def test_a_checkpoint_that_was_only_compared_names_no_directory(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """So whoever records in another copy is asked for the missing entries, and not told to put the checkpoint away."""
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town) for _ in range(7)])
    note = (town.directory / CHECKPOINT).read_bytes()
    town.close()
    elsewhere(monkeypatch, tmp_path)
    restore(tmp_path / "B", tmp_path / "R")
    first = town.moved_to(tmp_path / "R").reopen()
    first.sequencer.submit_one(a_gift(first))
    first.close()
    kept = anchor.anchor_path(VKEY)
    assert anchor.signed_in(kept) == str(tmp_path / "R")
    kept.unlink()
    restore(tmp_path / "B", tmp_path / "R1", Asked(newest=("a donor's", note)))
    assert anchor.signed_in(kept) == ""
    for name in ("R", "R1"):
        opened = town.moved_to(tmp_path / name).reopen()
        because = opened.sequencer.read_only_because
        opened.close()
        assert "repair --from COPY" in because and ".trial" not in because


@pytest.mark.parametrize("cut", [False, True])
def test_with_a_rotten_log_key_it_is_read_and_written_once_the_true_one_is_there(town: OnDisk, tmp_path: Path, cut: bool):
    back_up(town.directory, tmp_path / "B", NOW)
    town.close()
    path = tmp_path / "B/keys/log.pem"
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"\n") + 40] ^= 1
    path.write_bytes(raw[:40] if cut else raw)
    done = restore(tmp_path / "B", tmp_path / "R")
    assert done.rotten.startswith("keys/log.pem: is n") and "log.pem" not in done.keys and done.missing == 0
    assert verdict(tmp_path / "R") == "verified"
    assert not (tmp_path / "R/keys/log.pem").exists()
    with pytest.raises(UsageError):
        restore(tmp_path / "B", tmp_path / "R2", Asked(keys=tmp_path / "B/keys"))
    shutil.copy(town.directory / "keys/log.pem", tmp_path / "R/keys/log.pem")
    goes_on(town, tmp_path / "R")


def test_a_disk_without_room_is_that_of_the_directory_to_be_made(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Not of the copy that is only read; and by the name that was given."""
    back_up(town.directory, tmp_path / "B", "2026-09-07T10:00:00Z")
    monkeypatch.setattr(connection, "LEAST_FREE_BYTES", 1 << 62)
    for limit in (16_384, 100_000):  # no room for the index that reading needs; none for the entries
        with files_limited_to(limit), pytest.raises(StorageError) as refused:
            restore(tmp_path / "B", tmp_path / "N")
        assert refused.value.rule == "disk-full" and str(tmp_path / "N") in refused.value.message
        assert ".new" not in refused.value.message and not (tmp_path / "N").exists()
