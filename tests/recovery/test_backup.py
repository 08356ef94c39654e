"""A backup is whole or is not there; it is made beside a writer, and never changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory import anchor
from ledger.directory.opening import open_reader, open_writer
from ledger.directory.source import DirectorySource
from ledger.errors import ReadOnly, StorageError, UsageError, VerificationError
from ledger.recovery import backup as module
from ledger.recovery.backup import back_up
from ledger.recovery.repair import repair
from ledger.recovery.restore import restore
from tests.recovery.disk import change, contents, flip, tables
from tests.writer.on_disk import TRUST, OnDisk, a_gift

NOW = "2026-09-07T10:00:00Z"


def verdict(directory: Path) -> str:
    with closing(DirectorySource(directory)) as source:
        return verify(source, TRUST).verdict


def test_a_backup_verifies_and_holds_what_the_ledger_holds(town: OnDisk, tmp_path: Path):
    """While the ledger is open for writing."""
    done = back_up(town.directory, tmp_path / "B", NOW)
    assert (done.tree_size, done.signed) == (town.sequencer.tree_size, town.sequencer.tree_size)
    assert verdict(tmp_path / "B") == "verified"
    town.close()
    assert tables(tmp_path / "B") == tables(town.directory)
    assert {path.name for path in (tmp_path / "B").iterdir()} - {"ledger.sqlite-wal", "ledger.sqlite-shm"} == {
        "backup.json", "checkpoint", "keys", "ledger.sqlite", "trust.policy",
    }  # fmt: skip


def test_keys_are_their_owners_only_or_left_out(town: OnDisk, tmp_path: Path):
    (town.directory / "keys/hope").mkdir(parents=True)
    for name in ("reference-2026.key", "reference-2026.json"):
        (town.directory / "keys/hope" / name).write_bytes(b"k" * 32)
    done = back_up(town.directory, tmp_path / "B", NOW)
    assert done.keys == ["hope/reference-2026.key", "log.pem", "op/chief.pem"]
    modes = {path: os.stat(path).st_mode & 0o777 for path in (tmp_path / "B", tmp_path / "B/keys", tmp_path / "B/keys/log.pem")}
    assert list(modes.values()) == [0o700, 0o700, 0o600]
    bare = back_up(town.directory, tmp_path / "C", NOW, secrets=False)
    assert bare.keys == []
    assert [name for name in contents(tmp_path / "C") if name.startswith("keys/")] == ["keys/hope/reference-2026.json"]


def test_a_backup_takes_no_entries_and_is_never_replaced(town: OnDisk, tmp_path: Path):
    back_up(town.directory, tmp_path / "B", NOW)
    before = contents(tmp_path / "B")
    with pytest.raises(UsageError, match="is a backup, which is never changed"):
        open_writer(tmp_path / "B")
    with pytest.raises(UsageError, match="is not an empty directory"):
        back_up(town.directory, tmp_path / "B", NOW)
    with pytest.raises(UsageError, match="inside the ledger's directory"):
        back_up(town.directory, town.directory / "backups/B", NOW)
    assert contents(tmp_path / "B") == before


@pytest.mark.parametrize("entry", [0, 7, 255, 256, 305])
def test_no_backup_is_made_of_a_ledger_with_a_rotten_entry(town: OnDisk, tmp_path: Path, entry: int):
    town.close()
    flip(town.directory, entry, 8 * 40)
    with pytest.raises(VerificationError, match="no backup was made"):
        back_up(town.directory, tmp_path / "B", NOW)
    assert not [path for path in tmp_path.iterdir() if path.name not in ("ledger", "state")]


def test_no_backup_is_made_of_a_ledger_that_lost_entries(town: OnDisk, tmp_path: Path):
    """The books are those of all, or of fewer; the checkpoint is of more."""
    town.close()
    change(town.directory, "DELETE FROM entries WHERE entry >= 300")
    with pytest.raises((StorageError, VerificationError)):
        back_up(town.directory, tmp_path / "B", NOW)
    assert not (tmp_path / "B").exists()


def test_no_backup_is_made_where_a_tile_is_rotten(town: OnDisk, tmp_path: Path):
    town.close()
    change(town.directory, "UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 1")
    with pytest.raises(StorageError, match="no backup was made: .*tiles"):
        back_up(town.directory, tmp_path / "B", NOW)


@pytest.mark.parametrize("table", ["flows", "mentions", "spans"])
def test_no_backup_is_made_where_a_derived_table_is_rotten(town: OnDisk, tmp_path: Path, table: str):
    town.close()
    change(town.directory, f"UPDATE {table} SET entry = entry + 1 WHERE entry = (SELECT max(entry) FROM {table})")
    with pytest.raises(StorageError, match=f"no backup was made: .*{table}"):
        back_up(town.directory, tmp_path / "B", NOW)
    assert not (tmp_path / "B").exists()


@pytest.mark.parametrize("step", ["copy_store", "_copy_small", "copy_keys", "_checked", "leave_one_file"])
def test_what_is_broken_off_leaves_nothing(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str):
    whole = getattr(module, step)

    def broken(*values, **more):
        whole(*values, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, step, broken)
    with pytest.raises(KeyboardInterrupt):
        back_up(town.directory, tmp_path / "B", NOW)
    assert not [path for path in tmp_path.iterdir() if path.name not in ("ledger", "state")]


def test_what_a_killed_process_left_goes_with_the_next(town: OnDisk, tmp_path: Path):
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True)
    left = tmp_path / f".B.{int(ended.stdout)}.new"
    (left / "keys").mkdir(parents=True)
    other = tmp_path / f".B.{os.getppid()}.new"
    other.mkdir()
    back_up(town.directory, tmp_path / "B", NOW)
    assert (left.exists(), other.exists()) == (False, True)


def test_entries_that_are_not_signed_for_yet_are_in_it_and_go_on(town: OnDisk, tmp_path: Path):
    """As in the middle of an import: the checkpoint fits what it covers, and the rest is chained to that."""
    signed = town.sequencer.tree_size
    town.sequencer.submit([a_gift(town) for _ in range(130)], sign=False)
    done = back_up(town.directory, tmp_path / "B", NOW)
    assert (done.tree_size, done.signed) == (signed + 130, signed)
    assert verdict(tmp_path / "B") == "verified"
    town.close()
    again = restore(tmp_path / "B", tmp_path / "R")
    assert (again.tree_size, again.signed, again.missing) == (signed + 130, signed, 0)
    town.moved_to(tmp_path / "R").reopen().close()
    assert verdict(tmp_path / "R") == "verified"
    store, _ = open_reader(tmp_path / "R")
    with closing(store):
        assert store.tree_size == signed + 130


CHILD = """
import itertools, sys
from pathlib import Path
import tests.writer.on_disk as disk
from ledger.directory.opening import open_writer
from tests.language import ORIGIN, key
from ledger.entries.statement import sign_statement, write_statement

sequencer = open_writer(Path(sys.argv[1]), clock=lambda: "2026-09-07T10:00:00Z")
head = (3, sequencer.store.tile(0, 0)[96:128].hex())

def gift(number):
    record = {"amount": 1 + number % 700, "channel": "cash", "fund": "school", "kind": "donation", "received_on": "2026-09-07"}
    record["unit"] = "CNY"
    raw = write_statement(ledger=ORIGIN, party="hope", id=disk.numbered_id(f"child {number}"), signed_at="2026-09-07T10:00:00Z",
                          records=[record], after=head)
    return raw, sign_statement(raw, [key("hope.li")])

numbers = itertools.count()
for calls in itertools.count():
    for answer in sequencer.submit([gift(next(numbers)) for _ in range(300)]):
        assert not isinstance(answer, Exception), answer
    print(sequencer.tree_size, flush=True)
"""


@pytest.mark.parametrize("backups", [4, pytest.param(20, marks=pytest.mark.long)])
def test_backups_during_an_import_verify_open_and_go_on(town: OnDisk, tmp_path: Path, backups: int):
    town.close()
    command = [sys.executable, "-c", CHILD, str(town.directory)]
    child = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)
    try:
        sizes = []
        for number in range(backups):
            assert child.stdout.readline(), "the import ended before the backups did"
            sizes.append(back_up(town.directory, tmp_path / f"B{number}", NOW))
        assert child.poll() is None, "the import ended before the backups did"
    finally:
        child.kill()
        child.wait()
    assert sizes[-1].tree_size >= 306 + 300 * backups
    for number, done in enumerate(sizes):
        assert verdict(tmp_path / f"B{number}") == "verified"
        with pytest.MonkeyPatch.context() as machine:
            machine.setenv("GIVETRAIL_STATE", str(tmp_path / f"state-{number}"))
            assert restore(tmp_path / f"B{number}", tmp_path / f"R{number}").tree_size == done.tree_size
            restored = town.moved_to(tmp_path / f"R{number}").reopen()
            gift = a_gift(restored, id=f"00000000-0000-4000-8000-{number:012}")
            assert restored.sequencer.submit_one(gift).index == done.tree_size
            restored.close()
        assert verdict(tmp_path / f"R{number}") == "verified"


def flip_seed(path: Path) -> None:
    """Make another key of a key."""
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"\n") + 40] ^= 1
    path.write_bytes(bytes(raw))


@pytest.mark.parametrize(("name", "damage"), [("keys/log.pem", flip_seed), ("trust.policy", lambda path: path.write_bytes(b"rot"))])
def test_no_backup_is_made_where_the_log_key_or_the_policy_is_rotten(town: OnDisk, tmp_path: Path, name: str, damage):
    town.close()
    damage(town.directory / name)
    with pytest.raises(VerificationError, match=name):
        back_up(town.directory, tmp_path / "B", NOW)
    assert not (tmp_path / "B").exists()


def test_a_rotten_key_of_an_officer_is_named(town: OnDisk, tmp_path: Path):
    town.close()
    path = town.directory / "keys/op/chief.pem"
    flip_seed(path)
    ((name, why),) = back_up(town.directory, tmp_path / "B", NOW).warnings
    assert name == "keys/op/chief.pem" and "does not belong to any party" in why


def test_no_backup_is_made_of_an_older_copy_that_was_put_back_or_of_a_log_that_has_ended(town: OnDisk, tmp_path: Path):
    town.close()
    shutil.copytree(town.directory, tmp_path / "older")
    town.reopen()
    town.sequencer.submit_one(a_gift(town))
    town.close()
    with pytest.raises(ReadOnly, match="has 307 entries, but this ledger has only 306"):
        back_up(tmp_path / "older", tmp_path / "B", NOW)
    back_up(town.directory, tmp_path / "B1", NOW)
    with closing(anchor.Anchor(TRUST.logs[0].vkey.format(), town.directory)) as held:
        held.end("next.example.org+00000000+AAAA")
    with pytest.raises(ReadOnly, match="has ended"):
        back_up(town.directory, tmp_path / "B", NOW)
    assert not (tmp_path / "B").exists()


@pytest.mark.parametrize("damage", [
    lambda note: note.replace(b"306", b"305"), lambda note: note[:-9] + b"@" + note[-8:], lambda note: note[20:], lambda note: b"",
    lambda note: note.replace(b"\n", b"\r\n"), lambda note: note.replace(b"ledger", b"ledges", 1),
], ids=["size", "base64", "cut", "empty", "line ends", "origin"])  # fmt: skip
def test_of_a_damaged_checkpoint_the_backup_says_what_the_writer_says(town: OnDisk, tmp_path: Path, damage):
    """In one way and with one exit code; and what it says helps."""
    town.close()
    path = town.directory / "checkpoint"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ReadOnly, match=r"checkpoint is damaged \([^;]*\); .*`givetrail repair` writes it again") as refused:
        back_up(town.directory, tmp_path / "B", NOW)
    assert refused.value.exit_code == 6
    town.reopen()
    assert town.sequencer.read_only_because and town.sequencer.read_only_because in refused.value.message
    town.close()
    assert repair(town.directory, []).written == [str(path)]
    assert back_up(town.directory, tmp_path / "B", NOW).tree_size == 306
