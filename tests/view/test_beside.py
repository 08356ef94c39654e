"""A view beside a process that writes, is killed, or makes everything derived again: what it says is always of one signed size."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from ledger.directory.opening import open_reader
from ledger.directory.rebuild import rebuild
from ledger.entries.store_flows import StoreFlows
from ledger.errors import NotFound, ReadOnly, StorageError, Unverifiable, VerificationError
from ledger.log.checkpoint import open_checkpoint
from ledger.log.tile import CHECKPOINT
from ledger.store import sqlite
from ledger.view.figures import fund_figures
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import traceability
from ledger.view.view import View
from tests.directory.test_rebuild import REBUILDING, STORY
from tests.view.naive import books_of, rows
from tests.writer.on_disk import OnDisk, a_gift, on_another_machine
from tests.writer.test_kill import ROOT, acknowledged, entering

BEFORE = 4  # entries of the town; gift n is entry n + 4, of n + 1 fen


def check_one_moment(snapshot: Snapshot) -> None:
    """Books, flows, lists, figures and proofs of a snapshot are of so many gifts and of no others."""
    given = snapshot.tree_size - BEFORE
    total = given * (given + 1) // 2
    tape = snapshot.books.tape.get("school/CNY")
    assert (tape.end if tape else 0) == total
    assert [item.ref for item in snapshot.records(kind="donation", limit=3, newest_first=True).items] == [
        f"{BEFORE + n}.0" for n in range(given - 1, max(-1, given - 4), -1)
    ]
    with snapshot.reading():
        assert [passage.end for passage in snapshot.store_flows.inflows("school/CNY", total - 1, total + 10**6)] == [total] * (
            given > 0
        )
    assert sum(row.balance for row in fund_figures(snapshot, fund="school")) == total
    assert sum(row.states["held"] for row in traceability(snapshot)) == total
    assert snapshot.root() == snapshot.checkpoint().root
    if given:
        assert snapshot.gift(f"{snapshot.tree_size - 1}.0").totals() == {"held": given}


def test_a_view_that_follows_a_writer_is_of_one_moment(town: OnDisk):
    """It goes on until it has seen a dozen sizes; snapshots it had before stay what they were."""
    town.close()
    process = entering(town.directory, 0)
    try:
        assert process.stdout and process.stdout.readline()
        with View.open(town.directory) as view:
            seen = [view.at()]
            while len(seen) < 12:
                if view.refresh():
                    seen.append(view.at())
                check_one_moment(view.at())
                check_one_moment(seen[len(seen) // 2])
            sizes = [snapshot.tree_size for snapshot in seen]
            assert sizes == sorted(set(sizes))
            for snapshot in seen:
                check_one_moment(snapshot)
                check_one_moment(view.at(snapshot.tree_size - 1))
    finally:
        acknowledged(process, 0)


def test_books_and_flows_of_a_reader_do_not_drift_apart(town: OnDisk):
    """`open_reader` keeps its books; its flows end with them, whatever the writer adds."""
    town.play("hope: donation 5.00 CNY -> school")
    store, books = open_reader(town.directory)
    with closing(store):
        store_flows = StoreFlows(store, books)
        town.play("hope: payment 2.00 CNY school -> press")
        town.play("hope: donation 1.00 CNY -> school")
        assert store_flows.outflows("school/CNY", 0, 500) == []
        assert [passage.ref for passage in store_flows.inflows("school/CNY", 0, 10**6)] == ["4.0"]
        for entry in (5, 6, 99, -1):
            with pytest.raises(NotFound):
                store_flows.target(entry, 0)


@pytest.mark.parametrize("when", ["before", "between"])
def test_what_a_killed_writer_left_unsigned_is_not_read_until_it_is_signed(town: OnDisk, when: str):
    """Three calls enter 1, 7 and 2 gifts; the third is durable and was never signed."""
    town.close()
    acknowledged(entering(town.directory, 0, when), None)
    with View.open(town.directory) as view:
        assert view.tree_size == 12
        check_one_moment(view.at())
        with pytest.raises(NotFound):
            view.at(14)
        town.reopen()
        assert view.refresh() and view.tree_size == 14
        check_one_moment(view.at())
        check_one_moment(view.at(13))


@pytest.mark.parametrize("seconds", [0.0, 0.03, 0.08])
def test_a_writer_killed_at_any_moment_leaves_what_can_be_read(town: OnDisk, seconds: float):
    town.close()
    first = 0
    with View.open(town.directory) as view:
        for _ in range(3):
            answers = acknowledged(entering(town.directory, first), seconds)
            first += len(answers)
            view.refresh()
            check_one_moment(view.at())
            assert view.tree_size >= BEFORE + first
            town.reopen().close()
            view.refresh()
            assert view.tree_size == len(town.leaves)
            assert rows(view.at().books) == rows(books_of(town.leaves))


@pytest.fixture
def storied(town: OnDisk) -> Iterator[View]:
    """A view of a closed ledger of 719 entries."""
    town.play(STORY)
    town.sequencer.submit([a_gift(town, 1 + n) for n in range(700)])
    town.close()
    with View.open(town.directory) as view:
        yield view


def everything(snapshot: Snapshot) -> list[object]:
    """What a snapshot answers, of every sort."""
    return [
        rows(snapshot.books), snapshot.gift("4.0"), snapshot.records(fund="school", limit=1000), snapshot.payment_origins("6.0"),
        snapshot.root(), snapshot.inclusion(5), snapshot.consistency(300), fund_figures(snapshot), traceability(snapshot),
    ]  # fmt: skip


def test_a_view_beside_a_rebuild_says_the_same(town: OnDisk, storied: View):
    """Asked at every step of it, beside one that is killed, and afterwards."""
    snapshot = storied.at()
    before, answered = everything(snapshot), []

    def ask(done: int, size: int) -> None:
        answered.append(everything(snapshot) == before)

    child = subprocess.run([sys.executable, "-c", REBUILDING, str(town.directory), "256"], cwd=ROOT, env=os.environ)
    assert child.returncode == -signal.SIGKILL
    ask(0, 0)
    rebuild(town.directory, ask)
    ask(0, 0)
    assert len(answered) > 3 and all(answered)
    assert rows(storied.at(300).books) == rows(books_of(town.reopen().leaves[:300]))


def test_an_older_copy_beside_a_newer_checkpoint_is_refused(town: OnDisk, tmp_path: Path):
    town.close()
    shutil.copytree(town.directory, tmp_path / "older")
    town.reopen()
    note = (town.directory / CHECKPOINT).read_bytes()
    town.play("hope: donation 5.00 CNY -> school")
    newer = (town.directory / CHECKPOINT).read_bytes()
    with View.open(town.directory) as view:
        (town.directory / CHECKPOINT).write_bytes(note)
        with pytest.raises(ReadOnly) as refused:
            view.refresh()
        assert "older copy" in refused.value.message
        check = (town.directory / CHECKPOINT).write_bytes
        check(newer)
        assert not view.refresh() and view.tree_size == 5
    town.close()
    (tmp_path / "older" / CHECKPOINT).write_bytes(newer)
    with pytest.raises(ReadOnly):
        View.open(tmp_path / "older")


def test_a_checkpoint_over_another_history_is_refused(town: OnDisk, tmp_path: Path):
    twin = on_another_machine(lambda: OnDisk(tmp_path / "twin"))
    twin.play("op: unit EUR 2")
    twin.play("op: unit USD 2")
    twin.play("op: unit CNY 2")
    assert open_checkpoint((twin.directory / CHECKPOINT).read_bytes(), View.open(town.directory).vkey).tree_size == 4
    (town.directory / CHECKPOINT).write_bytes((twin.directory / CHECKPOINT).read_bytes())
    twin.close()
    with pytest.raises(ReadOnly) as refused:
        View.open(town.directory)
    assert "has a different root" in refused.value.message


def test_a_checkpoint_that_nobody_signed_is_refused(town: OnDisk, view: View):
    path = town.directory / CHECKPOINT
    note = path.read_bytes()
    flipped = note[:-20] + (b"A" if note[-20:-19] != b"A" else b"B") + note[-19:]
    path.write_bytes(flipped)
    with pytest.raises(VerificationError):
        view.refresh()
    path.unlink()
    with pytest.raises(Unverifiable) as missing:
        view.refresh()
    assert missing.value.rule == "missing"
    assert view.at().tree_size == 4 and view.signed().note == note


def test_a_directory_without_a_ledger_has_no_view(tmp_path: Path):
    with pytest.raises(NotFound):
        View.open(tmp_path / "nowhere")


def test_a_damaged_row_of_history_is_named(town: OnDisk, monkeypatch: pytest.MonkeyPatch):
    """In a file that is too large to be gone through when it is opened, where it is read."""
    town.sequencer.submit([a_gift(town, 1 + n) for n in range(300)])
    town.close()
    with closing(sqlite3.connect(town.directory / "ledger.sqlite")) as database, database:
        database.execute("UPDATE history SET body = x'7b' WHERE name = 'tape' AND block = 1")
    with pytest.raises(StorageError, match="table history: 1 of"):
        View.open(town.directory)
    monkeypatch.setattr(sqlite, "WHOLE_BYTES", 0)
    with View.open(town.directory) as view:
        assert view.at(100).tree_size == 100
        with pytest.raises(StorageError) as damaged:
            view.at(256)
        assert "table history" in damaged.value.message and "givetrail rebuild" in damaged.value.message


def test_entries_that_break_a_rule_are_not_read_past(town: OnDisk):
    """An entry was changed in the file: books within its block cannot be made, and the view says why."""
    town.sequencer.submit([a_gift(town, 100) for n in range(20)])
    town.close()
    with closing(sqlite3.connect(town.directory / "ledger.sqlite")) as database, database:
        (raw,) = database.execute("SELECT body FROM entries WHERE entry = 10").fetchone()
        database.execute("UPDATE entries SET body = ? WHERE entry = 10", (raw.replace(b'"amount":100', b'"amount":900'),))
    with View.open(town.directory) as view:
        assert view.at(10).tree_size == 10
        with pytest.raises(VerificationError) as refused:
            view.at(12)
        assert refused.value.rule == "rebuild" and "givetrail repair --from COPY" in refused.value.message


def test_a_closed_view_answers_with_an_error(view: View):
    snapshot = view.at()
    view.close()
    view.close()
    for ask, _ in zip((snapshot.root, snapshot.records, lambda: view.at(2)), count(), strict=False):
        with pytest.raises(StorageError):
            ask()
