"""Rotten and missing entries are put back by their leaf hashes; nothing is changed where anything does not fit."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from ledger.audit.target import open_source
from ledger.audit.verify import verify
from ledger.directory import anchor
from ledger.directory.source import DirectorySource
from ledger.errors import Conflict, Unverifiable, UsageError, VerificationError
from ledger.log.policy import Policy
from ledger.log.tile import CHECKPOINT
from ledger.log_files.export import export_tiles
from ledger.log_files.source import Source
from ledger.recovery.backup import back_up
from ledger.recovery.repair import Repaired, repair
from ledger.recovery.restore import restore
from tests.recovery.disk import DATABASE, body, change, contents, flip, tables
from tests.writer.on_disk import TRUST, OnDisk, a_gift

NOW = "2026-09-07T10:00:00Z"


@contextmanager
def opened(*paths: Path) -> Iterator[list[Source]]:
    with ExitStack() as held:
        sources = [open_source(path) for path in paths]
        for source in sources:
            held.callback(source.close)
        yield sources


def repaired(town: OnDisk, *copies: Path, policy: Policy | None = None) -> Repaired:
    with opened(*copies) as sources:
        return repair(town.directory, sources, policy)


def verdict(directory: Path) -> str:
    with closing(DirectorySource(directory)) as source:
        return verify(source, TRUST).verdict


@pytest.fixture
def backup(town: OnDisk, tmp_path: Path) -> Path:
    """A backup of the town, which is then closed."""
    back_up(town.directory, tmp_path / "B", NOW)
    town.close()
    return tmp_path / "B"


@pytest.fixture
def export(town: OnDisk, tmp_path: Path) -> Path:
    with closing(DirectorySource(town.directory)) as source:
        export_tiles(source, tmp_path / "E")
    return tmp_path / "E"


@pytest.mark.parametrize("flips", [12, pytest.param(200, marks=pytest.mark.long)])
def test_each_flipped_bit_of_an_entry_is_put_back(town: OnDisk, backup: Path, export: Path, flips: int):
    chance, before = random.Random(5), tables(town.directory)
    for number in range(flips):
        entry = chance.randrange(306)
        flip(town.directory, entry, chance.randrange(8 * len(body(town.directory, entry))))
        assert repaired(town, backup if number % 2 else export).put_back == [entry]
        assert tables(town.directory) == before
    assert verdict(town.directory) == "verified"


def test_many_at_once_and_missing_ones(town: OnDisk, backup: Path):
    before = tables(town.directory)
    for entry in (0, 1, 255, 256, 305):
        flip(town.directory, entry, 99)
    change(town.directory, "DELETE FROM entries WHERE entry IN (17, 299)")
    change(town.directory, "UPDATE entries SET body = zeroblob(70000) WHERE entry = 40")
    change(town.directory, "UPDATE entries SET body = zeroblob(0) WHERE entry = 41")
    done = repaired(town, backup)
    assert done.put_back == [0, 1, 17, 40, 41, 255, 256, 299, 305]
    assert tables(town.directory) == before
    assert town.reopen().sequencer.submit_one(a_gift(town)).index == 306


def test_entries_lost_at_the_end_are_put_back_from_a_newer_copy(town: OnDisk, tmp_path: Path):
    """A week-old backup is restored, and then brought up to date from an export."""
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town) for _ in range(260)])
    with closing(DirectorySource(town.directory)) as source:
        export_tiles(source, tmp_path / "E")
    town.close()
    before = tables(town.directory)
    shutil.rmtree(town.directory)
    assert restore(tmp_path / "B", town.directory).missing == 260
    done = repaired(town, tmp_path / "E")
    assert (done.was, done.tree_size, done.put_back) == (306, 566, list(range(306, 566)))
    assert tables(town.directory) == before
    assert town.reopen().sequencer.submit_one(a_gift(town)).index == 566


TILES = [
    "UPDATE tiles SET hashes = zeroblob(length(hashes))",
    "UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0",
    "UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 1",
    "UPDATE tiles SET hashes = substr(hashes, 1, 33) WHERE level = 0 AND number = 1",
    "DELETE FROM tiles WHERE level = 0 AND number = 0",
    "DELETE FROM tiles",
    "DROP TABLE tiles",
]


@pytest.mark.parametrize("sql", TILES)
def test_rotten_tiles_are_proved_anew(town: OnDisk, backup: Path, sql: str):
    """With a rotten entry beside them, so that what is here does not prove itself."""
    before = tables(town.directory)
    if sql.startswith("DROP"):
        with closing(sqlite3.connect(town.directory / DATABASE)) as connection:
            connection.execute(sql)
    else:
        change(town.directory, sql)
    flip(town.directory, 100, 99)
    assert repaired(town, backup).put_back == [100]
    assert tables(town.directory) == before


def test_what_two_copies_have_together_is_put_back(town: OnDisk, backup: Path, tmp_path: Path):
    shutil.copytree(backup, tmp_path / "C")
    before = tables(town.directory)
    for entry in (10, 20):
        flip(town.directory, entry, 99)
    flip(backup, 10, 7)
    flip(tmp_path / "C", 20, 7)
    torn = contents(town.directory)
    with pytest.raises(Unverifiable, match=r"nothing was changed: 1 of the entries .*, 10, .* found, 20, were"):
        repaired(town, backup)
    assert contents(town.directory) == torn
    assert repaired(town, backup, tmp_path / "C").put_back == [10, 20]
    assert tables(town.directory) == before


def test_a_copy_that_lies_changes_nothing(town: OnDisk, backup: Path):
    """Its entry is another than the one that was signed for."""
    flip(town.directory, 10, 99)
    flip(backup, 10, 8 * 200)
    before = contents(town.directory)
    with pytest.raises(Unverifiable, match="are not in any of the copies"):
        repaired(town, backup)
    assert contents(town.directory) == before


def test_a_copy_of_another_history_changes_nothing(town: OnDisk, backup: Path, tmp_path: Path):
    """Signed with the same key, and longer."""
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(tmp_path / "elsewhere"))
        restore(backup, tmp_path / "Other")
        other = town.moved_to(tmp_path / "Other").reopen()
        other.sequencer.submit([a_gift(other, 7) for _ in range(9)])
        other.close()
    town.reopen().sequencer.submit([a_gift(town, 8) for _ in range(3)])
    town.close()
    before = contents(town.directory)
    with pytest.raises(VerificationError, match="of another history"):
        repaired(town, tmp_path / "Other")
    assert contents(town.directory) == before


def test_a_tail_that_nobody_signed_for_stays_or_is_for_restore(town: OnDisk, tmp_path: Path):
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town) for _ in range(5)], sign=False)
    town.close()
    flip(town.directory, 33, 99)
    done = repaired(town, tmp_path / "B")
    assert (done.put_back, done.tree_size, done.signed) == ([33], 311, 306)
    flip(town.directory, 309, 8 * 300)
    before = contents(town.directory)
    with pytest.raises(Unverifiable, match=r"entry (309|310): is damaged, .* `givetrail restore` makes a new"):
        repaired(town, tmp_path / "B")
    assert contents(town.directory) == before
    assert restore(town.directory, tmp_path / "R").tree_size in (309, 310)


def test_a_damaged_checkpoint_is_written_anew(town: OnDisk, backup: Path):
    note = (town.directory / CHECKPOINT).read_bytes()
    (town.directory / CHECKPOINT).write_bytes(note.replace(b"306", b"307"))
    assert repaired(town, backup).put_back == []
    assert (town.directory / CHECKPOINT).read_bytes() == note


def test_a_damaged_policy_is_asked_for(town: OnDisk, backup: Path):
    (town.directory / "trust.policy").write_bytes(b"rotten\n")
    flip(town.directory, 3, 99)
    with pytest.raises(UsageError, match="--trust"):
        repaired(town, backup)
    assert repaired(town, backup, policy=TRUST).put_back == [3]


def test_nothing_is_repaired_while_another_process_writes(town: OnDisk, backup: Path):
    town.reopen()
    with pytest.raises(Conflict, match="writes to this ledger"):
        repaired(town, backup)


def test_a_backup_is_not_repaired(town: OnDisk, backup: Path):
    with pytest.raises(UsageError, match="is a backup"), opened(town.directory) as sources:
        repair(backup, sources)


KEPT = TRUST.logs[0].vkey.format()


def damage_outside(old: bytes, new: bytes) -> Path:
    """Change the checkpoint kept outside; where it is kept."""
    kept = anchor.anchor_path(KEPT)
    kept.write_bytes(kept.read_bytes().replace(old, new))
    return kept


@pytest.mark.parametrize(("old", "new"), [(b"\xe2", b"\xe3"), (b"306", b"302"), (b"\n\n", b"\n\x0b")])
def test_a_damaged_checkpoint_kept_outside_is_written_anew_without_a_copy(town: OnDisk, old: bytes, new: bytes):
    note = (town.directory / CHECKPOINT).read_bytes()
    town.close()
    kept = damage_outside(old, new)
    assert "`givetrail repair` writes it again" in town.reopen().sequencer.read_only_because
    town.close()
    assert repaired(town).written == [str(kept)]
    assert kept.read_bytes() == note
    assert town.reopen().sequencer.submit_one(a_gift(town)).index == 306


@pytest.mark.parametrize(("old", "new", "says"), [(b"306", b"307", "says 307 entries"), (b"306", b"3p6", "none of it can be read")])
def test_a_damaged_checkpoint_outside_that_may_speak_of_more_is_left(town: OnDisk, backup: Path, old: bytes, new: bytes, says: str):
    kept = damage_outside(old, new)
    rotten, before = kept.read_bytes(), contents(town.directory)
    for copies in ((), (backup,)):
        with pytest.raises(Unverifiable, match=says):
            repaired(town, *copies)
    assert (kept.read_bytes(), contents(town.directory)) == (rotten, before)
    kept.rename(kept.with_name(kept.name + ".damaged"))
    repaired(town)
    assert town.reopen().sequencer.submit_one(a_gift(town)).index == 306


def test_a_damaged_checkpoint_outside_is_written_anew_from_a_newer_copy(town: OnDisk, tmp_path: Path):
    """The directory is an older one that was put back, and the copy has what it lacks."""
    town.close()
    shutil.copytree(town.directory, tmp_path / "older")
    town.reopen()
    town.sequencer.submit_one(a_gift(town))
    town.close()
    shutil.move(town.directory, tmp_path / "newer")
    shutil.move(tmp_path / "older", town.directory)
    kept = damage_outside(b"\xe2", b"\xe3")
    with pytest.raises(Unverifiable, match="says 307 entries"):
        repaired(town)
    done = repaired(town, tmp_path / "newer")
    assert (done.put_back, done.tree_size) == ([306], 307)
    assert kept.read_bytes() == (tmp_path / "newer" / CHECKPOINT).read_bytes()


def test_without_a_copy_rotten_entries_are_named(town: OnDisk):
    town.close()
    flip(town.directory, 3, 99)
    with pytest.raises(Unverifiable, match=r"rotten or missing \(3\); give a backup"):
        repaired(town)


@pytest.mark.parametrize("raw", [b"rotten\n", None, TRUST.format().replace(b"example", b"exampel")])
def test_a_damaged_policy_is_written_anew_by_the_one_that_is_named(town: OnDisk, raw: bytes | None):
    path = town.directory / "trust.policy"
    whole = path.read_bytes()
    town.close()
    path.unlink()
    if raw is not None:
        path.write_bytes(raw)
    assert repaired(town, policy=TRUST).written == [str(path)]
    assert path.read_bytes() == whole


def test_a_policy_that_is_right_stays_as_it_is(town: OnDisk):
    path = town.directory / "trust.policy"
    path.write_bytes(b"# ours\n" + path.read_bytes())
    town.close()
    before = path.read_bytes()
    assert repaired(town, policy=TRUST).written == []
    assert path.read_bytes() == before


def test_what_is_in_no_copy_is_said_and_how_to_go_on(town: OnDisk, tmp_path: Path):
    """The directory is older than the copy, and the copy older than what was signed."""
    town.close()
    shutil.copytree(town.directory, tmp_path / "older")
    for size, name in ((307, "newer"), (310, "newest")):
        town.reopen()
        town.sequencer.submit([a_gift(town) for _ in range(size - town.sequencer.tree_size)])
        town.close()
        shutil.copytree(town.directory, tmp_path / name)
    shutil.rmtree(town.directory)
    shutil.move(tmp_path / "older", town.directory)
    before, newer = contents(town.directory), tmp_path / "newer"
    with pytest.raises(Unverifiable) as refused:
        repaired(town, newer)
    said = refused.value.message
    assert f"signs 310 entries; 306 are here, {newer} has entry 306 too; 3 entries, 307 to 309, are missing here and" in said
    assert f"`givetrail restore {newer} NEW`" in said and "after-a-loss.md" in said
    with pytest.raises(Unverifiable, match="306 are here; 4 entries, 306 to 309, are missing"):
        repaired(town)
    assert contents(town.directory) == before
    assert restore(newer, tmp_path / "NEW").missing == 3
    assert repaired(town, tmp_path / "newest").put_back == [306, 307, 308, 309]
