"""Bits that the disk has flipped, in any file: nothing is told, and nothing is signed, that rests on one."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.audit.verify import verify
from ledger.books.gift import follow_gift
from ledger.books.trace import backward
from ledger.directory import anchor, rot
from ledger.directory.opening import open_reader, open_writer
from ledger.directory.rebuild import rebuild
from ledger.directory.scrub import scrub
from ledger.directory.source import DirectorySource
from ledger.entries.store_flows import StoreFlows
from ledger.errors import GiveTrailError, StorageError
from ledger.recovery.backup import back_up
from ledger.recovery.restore import restore
from ledger.store import sqlite
from ledger.store.sqlite_tables import DERIVED, Table
from tests.directory.test_rebuild import STORY, tables
from tests.writer.on_disk import TRUST, OnDisk, a_gift
from tests.writer.test_once import with_reference

SEED = 12
DATABASE = "ledger.sqlite"
WRITES = 3


class Rotting(NamedTuple):
    """A ledger with every kind of derived row, closed, and a good copy of it and of what is kept outside."""

    town: OnDisk
    good: Path
    state: Path

    @property
    def directory(self) -> Path:
        return self.town.directory

    def restore(self) -> None:
        for good, place in ((self.good / "ledger", self.directory), (self.good / "state", self.state)):
            shutil.rmtree(place)
            shutil.copytree(good, place)


@pytest.fixture
def rotting(town: OnDisk, state: Path, tmp_path: Path) -> Rotting:
    town.play(STORY)
    town.sequencer.submit([with_reference(town, n + 1000, n + 1500) for n in range(130)])
    town.close()
    shutil.copytree(town.directory, tmp_path / "good/ledger")
    shutil.copytree(state, tmp_path / "good/state")
    return Rotting(town, tmp_path / "good", state)


def flipped(value: object, chance: random.Random) -> object:
    """A value with one bit changed: of a number below 2^53, or of a byte of a text or blob."""
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(53)
    raw = bytearray(value if isinstance(value, bytes) else str(value).encode())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def flip_row(directory: Path, table: Table, chance: random.Random) -> bool:
    """Flip one bit of one value of one row; whether that could be done (a row of the same key may be there)."""
    key = " AND ".join(f"{name} = ?" for name in table.key)
    with closing(sqlite3.connect(directory / DATABASE)) as database, database:
        rows = database.execute(f"SELECT {', '.join(table.columns)} FROM {table.name}").fetchall()
        row = dict(zip(table.columns, chance.choice(rows), strict=True))
        name = chance.choice([name for name, value in row.items() if value != "" and value != b""])
        kind = "TEXT" if table.columns[name] is str else "BLOB" if table.columns[name] is bytes else "INTEGER"
        values = (flipped(row[name], chance), *(row[part] for part in table.key))
        with suppress(sqlite3.IntegrityError):
            return database.execute(f"UPDATE {table.name} SET {name} = CAST(? AS {kind}) WHERE {key}", values).rowcount == 1
    return False


def check_row_flips(rotting: Rotting, count: int) -> None:
    chance = random.Random(SEED)
    note = (rotting.directory / "checkpoint").read_bytes()
    done = 0
    while done < count:
        table = DERIVED[done % len(DERIVED)]
        if not flip_row(rotting.directory, table, chance):
            continue
        done += 1
        check_noticed(rotting.directory, table.name)
        assert (rotting.directory / "checkpoint").read_bytes() == note
        shutil.copyfile(rotting.good / "ledger" / DATABASE, rotting.directory / DATABASE)


def check_noticed(directory: Path, table: str) -> None:
    with closing(DirectorySource(directory)) as source:
        report = verify(source, TRUST)
    assert report.exit_code == 4 and {finding.rule for finding in report.findings} == {"derived"}
    assert any(f"table {table}:" in finding.message for finding in report.findings)
    for opening in (open_writer, open_reader):
        with pytest.raises(StorageError) as refused:
            opening(directory)
        assert refused.value.rule == "derived" and "givetrail rebuild" in refused.value.message


def test_flipped_bits_of_derived_rows_are_noticed_before_anything_is_signed(rotting: Rotting):
    check_row_flips(rotting, 5 * len(DERIVED))


@pytest.mark.long
def test_a_thousand_flipped_bits_of_derived_rows_are_noticed(rotting: Rotting):
    check_row_flips(rotting, 1000)


def test_a_row_out_of_order_is_not_taken_for_its_neighbour(rotting: Rotting):
    """A term that a bit has moved behind the next one, in a file whose tables SQLite keeps by their keys."""
    path = rotting.directory / DATABASE
    raw = path.read_bytes()
    places = [at for at in range(len(raw)) if raw.startswith(b"kind:activity", at)]
    assert places
    for at in places:
        path.write_bytes(raw[: at + 4] + bytes([raw[at + 4] ^ 1]) + raw[at + 5 :])
        assert not write_thrice(rotting)
        rotting.restore()


def test_a_rebuild_mends_what_is_derived_and_says_how_much_it_was(rotting: Rotting):
    before = tables(rotting.directory)
    chance = random.Random(SEED)
    for table in DERIVED:
        while not flip_row(rotting.directory, table, chance):
            pass
    found = scrub(rotting.directory)
    assert found.entries == [] and found.differing == {table.name: 1 for table in DERIVED}
    assert rebuild(rotting.directory).differing == found.differing
    assert tables(rotting.directory) == before
    assert scrub(rotting.directory).differing == {}


def traces(directory: Path) -> dict[str, object]:
    """What is told of every gift and every tape: where units went, and where they came from; without what cannot be told."""
    told: dict[str, object] = {}
    store, books = open_reader(directory)
    with closing(store):
        store_flows = StoreFlows(store, books)
        for entry in range(4, 30):
            for record in range(len(store_flows.leaf(entry).statement.records)):
                with suppress(GiveTrailError):
                    told[f"{entry}.{record}"] = follow_gift(store_flows, f"{entry}.{record}", "2026-09-08")
        for tape, row in books.tape.items():
            with suppress(GiveTrailError):
                told[tape] = backward(store_flows, tape, 0, row.end)
    return told


@pytest.mark.parametrize("name", ["tapes", "flows", "spans", "state"])
def test_of_a_large_file_no_other_story_is_told(rotting: Rotting, name: str, monkeypatch: pytest.MonkeyPatch):
    """One that is not gone through when it is opened: a row is looked at when it is read, and one that is not found is missed."""
    monkeypatch.setattr(sqlite, "WHOLE_BYTES", 0)
    told, chance = traces(rotting.directory), random.Random(SEED)
    (table,) = (table for table in DERIVED if table.name == name)
    refused = 0
    for _ in range(12):
        flip_row(rotting.directory, table, chance)
        with suppress(StorageError):
            now = traces(rotting.directory)
            assert all(now[ref] == told[ref] for ref in now)
            refused += len(now) < len(told)
        shutil.copyfile(rotting.good / "ledger" / DATABASE, rotting.directory / DATABASE)
    assert told and (refused or name == "state")


def places(rotting: Rotting) -> Iterator[Path]:
    """The files whose bits may flip: all that the ledger has, in the directory and outside."""
    for place in (rotting.directory, rotting.state):
        yield from (path for path in sorted(place.rglob("*")) if path.is_file() and path.stat().st_size)


def flip_file(path: Path, chance: random.Random) -> str:
    """Flip one bit; a word of where."""
    raw = bytearray(path.read_bytes())
    at, bit = chance.randrange(len(raw)), chance.randrange(8)
    raw[at] ^= 1 << bit
    path.write_bytes(raw)
    return f"{path.name}, byte {at}, bit {bit}"


def write_thrice(rotting: Rotting) -> bool:
    """Whether three more gifts were taken."""
    try:
        town = rotting.town.reopen()
        for _ in range(WRITES):
            town.sequencer.submit_one(a_gift(town))
        town.close()
    except GiveTrailError:
        return False
    finally:
        with suppress(GiveTrailError):
            rotting.town.close()
    return True


def check_file_flips(rotting: Rotting, count: int, seed: int) -> dict[str, int]:
    """After each flip and three writes the ledger verifies, or the writer has refused."""
    chance, outcomes = random.Random(seed), {"refused": 0, "harmless": 0}
    paths = list(places(rotting))
    for _ in range(count):
        # The database and its index hold nearly all of the bits; every other file has its turn too.
        path = chance.choice([rotting.directory / DATABASE, chance.choice(paths)])
        where = flip_file(path, chance)
        if write_thrice(rotting):
            outcomes["harmless"] += 1
            with closing(DirectorySource(rotting.directory)) as source:
                report = verify(source, TRUST)
            assert report.exit_code == 0, (where, report.findings[:3])
        else:
            outcomes["refused"] += 1
        rotting.restore()
    return outcomes


def test_after_a_flipped_bit_in_any_file_the_writer_refuses_or_all_verifies(rotting: Rotting):
    outcomes = check_file_flips(rotting, 60, SEED)
    assert min(outcomes.values()) > 5


@pytest.mark.long
@pytest.mark.parametrize("part", range(5))
def test_after_each_of_ten_thousand_flipped_bits_the_writer_refuses_or_all_verifies(rotting: Rotting, part: int):
    outcomes = check_file_flips(rotting, 2000, 100 + part)
    assert min(outcomes.values()) > 100


def check_verdict(rotting: Rotting, where: str) -> bool:
    """Whether the audit finds a ledger damaged; one that it calls verified takes gifts, is sound, and gives a backup."""
    try:
        with closing(DirectorySource(rotting.directory)) as source:
            report = verify(source, TRUST)
    except StorageError:
        return True
    if report.exit_code:
        assert all("givetrail" in one.message for one in report.findings if one.rule in ("database", "derived")), where
        return True
    found = scrub(rotting.directory)
    assert (found.entries, found.differing) == ([], {}), (where, found)
    back_up(rotting.directory, rotting.good.parent / "B", rotting.town.time)
    shutil.rmtree(rotting.good.parent / "B")
    assert write_thrice(rotting), where
    return False


def check_verdicts(rotting: Rotting, count: int, seed: int) -> None:
    chance, damaged = random.Random(seed), 0
    for _ in range(count):
        damaged += check_verdict(rotting, flip_file(rotting.directory / DATABASE, chance))
        rotting.restore()
    assert count > damaged > count / 10


def test_what_is_verified_is_no_damaged_file_to_others(rotting: Rotting):
    check_verdicts(rotting, 30, SEED)


@pytest.mark.long
def test_what_is_verified_is_no_damaged_file_to_others_after_500_flips(rotting: Rotting):
    check_verdicts(rotting, 500, SEED + 1)


@pytest.mark.parametrize("at", [35, 39, 102])
def test_a_damaged_file_is_found_beside_the_verdict_on_the_log(rotting: Rotting, at: int, tmp_path: Path):
    """Its free pages, or where a page has room. Nothing is lost by what is said."""
    raw = bytearray((rotting.directory / DATABASE).read_bytes())
    raw[at] ^= 1
    (rotting.directory / DATABASE).write_bytes(raw)
    with closing(DirectorySource(rotting.directory)) as source:
        report = verify(source, TRUST)
    assert report.exit_code == 4 and [finding.rule for finding in report.findings] == ["database"]
    assert f"`givetrail restore {rotting.directory} NEW`" in report.findings[0].message
    with pytest.raises(StorageError, match="givetrail restore") as refused:
        rotting.town.reopen()
    assert refused.value.rule == "database"
    found = scrub(rotting.directory)
    assert found.differing is None and "givetrail restore" in found.why
    assert restore(rotting.directory, tmp_path / "N").tree_size == report.tree_size
    town = rotting.town.moved_to(tmp_path / "N")
    town.reopen().sequencer.submit_one(a_gift(town))
    town.close()


def change_entry(directory: Path, entry: int) -> None:
    """Flip a bit of its time."""
    with closing(sqlite3.connect(directory / DATABASE)) as database, database:
        (raw,) = database.execute("SELECT body FROM entries WHERE entry = ?", (entry,)).fetchone()
        database.execute("UPDATE entries SET body = ? WHERE entry = ?", (raw[:-10] + bytes([raw[-10] ^ 1]) + raw[-9:], entry))


def test_of_a_long_log_the_tail_is_looked_at_and_a_share_of_the_rest(rotting: Rotting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rot, "TAIL", 10)
    monkeypatch.setattr(rot, "SHARE", 30)
    with closing(open_reader(rotting.directory)[0]) as store:
        size = store.tree_size
    change_entry(rotting.directory, 75)
    for share in (30, 60):  # an opening goes on where the last one that wrote has ended
        assert rotting.town.reopen().sequencer.store.scrubbed == share
        rotting.town.sequencer.submit_one(a_gift(rotting.town))
    with pytest.raises(StorageError, match="entry 75 is not what was recorded") as refused:
        rotting.town.reopen()
    assert refused.value.rule == "entry-hash" and "givetrail repair" in refused.value.message
    change_entry(rotting.directory, 75)
    change_entry(rotting.directory, size + 1)
    with pytest.raises(StorageError, match=f"entry {size + 1} is not what was recorded"):
        rotting.town.reopen()
    assert [index for index, _ in scrub(rotting.directory).entries] == [size + 1]


def test_nothing_is_signed_over_a_rotten_entry(rotting: Rotting):
    note = anchor.recall(TRUST.logs[0].vkey.format())
    change_entry(rotting.directory, 50)
    with pytest.raises(StorageError):
        rotting.town.reopen()
    assert anchor.recall(TRUST.logs[0].vkey.format()) == note
    found = scrub(rotting.directory)
    assert [index for index, _ in found.entries] == [50] and found.differing is None


def test_a_rotten_last_entry_is_named_before_anything_is_made_of_it(rotting: Rotting, recwarn: pytest.WarningsRecorder):
    """The unique index knows its history by the hash of the last entry, and is made again of all entries where that differs."""
    with closing(sqlite3.connect(rotting.directory / DATABASE)) as database, database:
        (last,) = database.execute("SELECT max(entry) FROM entries").fetchone()
        database.execute("UPDATE entries SET body = zeroblob(length(body)) WHERE entry = ?", (last,))
    before = (rotting.directory / "unique.index").read_bytes()
    with pytest.raises(StorageError, match=f"entry {last} is not what was recorded") as refused:
        rotting.town.reopen()
    assert refused.value.rule == "entry-hash" and not recwarn.list
    assert (rotting.directory / "unique.index").read_bytes() == before
