"""What a whole verification asks of its source, and the sums, days and areas that its report names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ledger.audit.consistency import KnownCheckpoint
from ledger.audit.succession import of_another_log
from ledger.audit.trust import _signing_key
from ledger.audit.units import units_of
from ledger.audit.verify import KEPT_HERE, NONE_EARLIER, _day_to_judge, verify
from ledger.books.rows import Head, UnitRow
from ledger.books.state import Books
from ledger.books.tape import Tape
from ledger.canonical import parse, to_base64
from ledger.errors import UsageError
from ledger.findings.finding import Finding
from ledger.findings.report import NOT_CHECKED, Report
from ledger.findings.scope import EVERYTHING, Scope, scope_of
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small, edited, forged, make_small, places, rules
from tests.language import ORIGIN, a_ledger, key, key_text
from tests.writer.on_disk import TRUST

SAID = """
    op: unit CNY 2; unit USD 2; unit box 0; party hope charity li; party shop vendor sun
    hope: project school restricted; fund general unrestricted
    hope: donation 10.00 CNY -> school; donation 2.50 CNY -> school; donation 7 box -> general
    hope: payment 4.00 CNY school -> shop
"""
NOTHING_PAID = {"spent": 0, "signed": 0, "disputed": 0}


class Noting(FolderSource):
    """Notes what it is asked for."""

    def __init__(self, folder: Path, beside: list[tuple[str, str]] | None = None) -> None:
        super().__init__(folder)
        self.asked: list[tuple[int, Any]] = []
        self.spans: list[tuple[int, int]] = []
        self._beside = beside or []

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        self.spans.append((start, end))
        return super().entries(start, end)

    def faults_beside(self, size: int, rows: Any) -> list[tuple[str, str]]:
        self.asked.append((size, None if rows is None else sorted(rows)))
        return self._beside


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Small:
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("verify")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        return make_small(place, SAID, "")


def asked(folder: Path, **how: Any) -> tuple[Noting, Report]:
    source = Noting(folder)
    return source, verify(source, TRUST, **how)


def test_the_sums_of_every_unit_are_told(log: Small):
    _, report = asked(log.folder)
    assert report.units == {
        "CNY": {"exponent": 2, "gifts": 2, "given": 1250, "left": 850, "spent": 400, "signed": 0, "disputed": 0},
        "USD": {"exponent": 2, "gifts": 0, "given": 0, "left": 0, **NOTHING_PAID},
        "box": {"exponent": 0, "gifts": 1, "given": 7, "left": 7, **NOTHING_PAID},
    }
    assert report.records["donation"] == 3 and list(report.records) == sorted(report.records)
    signatures = sum(len(parse(raw)["signatures"]) for raw in log.entries)
    assert report.checked == {"entries": 5, "bytes": sum(map(len, log.entries)), "signatures": signatures, "tiles": 1}
    assert (report.unpublished, report.last_entry, report.left_out, report.evidence) == (0, "4.0", {}, ())
    assert report.areas == ("integrity", "authenticity", "accounting", "traceability") and report.origin == ORIGIN


def test_after_a_unit_that_could_not_be_read_there_are_no_sums(log: Small, tmp_path: Path):
    """Nothing is judged after what others stand on."""
    entries = [*log.entries]
    entries[1] = edited(entries[1], lambda value: value["statement"]["records"][2].update(exponent=-1))
    _, report = asked(forged(entries, tmp_path))
    assert report.verdict == "failed" and (report.units, report.records) == ({}, {"ledger": 1})


@pytest.mark.parametrize(
    ("scope", "rows"),
    [(EVERYTHING, True), (scope_of(("accounting",)), False), (scope_of((), 0.5), False), (scope_of(("integrity",)), False)],
)
def test_the_books_are_compared_where_everything_was_verified(log: Small, scope: Scope, rows: bool):
    source, _ = asked(log.folder, scope=scope)
    ((size, given),) = source.asked
    assert size == 5 and (given is not None) is rows and (not rows or len(given) > 10)


def test_the_books_are_not_compared_where_something_was_found(log: Small, tmp_path: Path):
    entries = [*log.entries[:4], edited(log.entries[4], lambda value: value.update(flows=[]))]
    source, report = asked(forged(entries, tmp_path))
    assert report.verdict == "failed" and source.asked == [(5, None)]


def test_what_is_wrong_beside_the_entries_is_a_finding_of_the_whole(log: Small):
    report = verify(Noting(log.folder, [("derived", "x"), ("database", "y")]), TRUST)
    assert places(report) == {("derived", -1, -1), ("database", -1, -1)} and report.verdict == "could not verify"


@pytest.mark.parametrize("size", [0, 1, 4, 5])
def test_so_many_entries_are_read_as_were_asked_for(log: Small, size: int):
    source, report = asked(log.folder, at_size=size)
    assert source.spans[0] == (0, size) and report.tree_size == size and source.asked[0][0] == size
    assert report.root == root_of(map(leaf_hash, log.entries[:size])).hex()
    beyond = f"Not checked: entries from {size} on, because only the first {size} of 5 were asked for"
    assert (beyond in report.not_checked) is (size < 5) and rules(report) == (set() if size else {"empty"})
    assert report.last_entry == "4.0"


@pytest.mark.parametrize("size", [-1, 6])
def test_a_size_that_the_log_never_had_is_refused(log: Small, size: int):
    with pytest.raises(UsageError, match=f"at-size {size}: the log has 5 entries") as refused:
        asked(log.folder, at_size=size)
    assert refused.value.rule == "usage"


def test_lateness_is_judged_on_the_day_that_was_named_or_the_last(log: Small):
    for as_of, day, late in (("", "2026-09-07", set()), ("2026-09-06", "2026-09-07", set()), ("2026-09-17", "2026-09-17", set()),
                             ("2026-09-18", "2026-09-18", {("overdue-receipt", 4, 0)})):  # fmt: skip
        _, report = asked(log.folder, as_of=as_of)
        assert (report.as_of, places(report), report.exit_code) == (day, late, 0)
    _, report = asked(log.folder, as_of="2026-09-18", scope=scope_of(("accounting",)))
    assert (report.as_of, report.findings, report.areas) == ("", (), ("integrity", "accounting"))


def test_beyond_what_could_be_judged_lateness_is_that_of_the_last_entry(log: Small, tmp_path: Path):
    entries = [*log.entries, edited(log.entries[4], lambda value: value["statement"]["records"][0].update(kind="lottery"))]
    _, report = asked(forged(entries, tmp_path), as_of="2027-01-01")
    assert report.as_of == "2026-09-07" and "unknown-kind" in rules(report) and "overdue-receipt" not in rules(report)
    assert any(words.startswith("Not checked: accounting from entry 5 on, ") for words in report.not_checked)


def test_what_was_not_checked_is_said(log: Small):
    _, report = asked(log.folder)
    assert report.not_checked == (
        "Not checked: witnesses, because the trust policy asks for none; the log could show other people another history",
        NOT_CHECKED[0], NONE_EARLIER, NOT_CHECKED[1],
    )  # fmt: skip
    good = KnownCheckpoint("a", Checkpoint(ORIGIN, 3, root_of(map(leaf_hash, log.entries[:3]))), b"")
    assert NONE_EARLIER not in asked(log.folder, earlier=[good])[1].not_checked
    assert NONE_EARLIER in asked(log.folder, earlier=[good._replace(name=KEPT_HERE)])[1].not_checked


@pytest.mark.parametrize("size", [0, 1, 4, 5, 6])
def test_an_earlier_checkpoint_is_compared_whatever_its_size(log: Small, size: int):
    """With the log's own where they are of one size; one that is larger says that entries were removed."""
    good = root_of(map(leaf_hash, log.entries[:size]))
    for over, true in ((good, True), (bytes(32), False)):
        _, report = asked(log.folder, earlier=[KnownCheckpoint("a", Checkpoint(ORIGIN, size, over), b"the note")])
        found = {"consistency"} if size == 6 else set() if true else {"fork"} if size == 5 else {"consistency"}
        assert rules(report) == found, (size, true)
        assert [note.name for note in report.evidence] == (["the log's checkpoint", "a"] if found and 0 < size < 6 else [])


def test_how_far_it_came_is_said_at_the_end(log: Small):
    said: list[tuple[int, int]] = []
    asked(log.folder, progress=lambda done, of: said.append((done, of)))
    assert said[-1] == (5, 5) and set(said) == {(5, 5)}


def test_money_in_a_unit_that_is_not_declared_is_summed_too():
    """Its exponent is taken for 0, and no gift of it is known."""
    books = Books()
    books.unit.load("CNY", UnitRow(2, 1))
    for name, amount in (("school/CNY", 5), ("books/CNY", 2), ("school/JPY", 7), ("school/USD", 0)):
        books.tape.load(name, Tape().give(amount))
    assert units_of(books) == {
        "CNY": {"exponent": 2, "gifts": 0, "given": 0, "left": 7, **NOTHING_PAID},
        "JPY": {"exponent": 0, "gifts": 0, "given": 0, "left": 7, **NOTHING_PAID},
        "USD": {"exponent": 0, "gifts": 0, "given": 0, "left": 0, **NOTHING_PAID},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unknown_from", "as_of", "day"),
    [(-1, "2027-01-01", "2027-01-01"), (-1, "", "2026-09-08"), (0, "2027-01-01", "2026-09-08"), (3, "", "2026-09-08")],
)
def test_which_day_is_judged(unknown_from: int, as_of: str, day: str):
    """By the clock of the ledger, which is eight hours ahead."""
    books = a_ledger().books
    books.head.put("", books.head.get("")._replace(time="2026-09-07T16:00:00Z"))
    found = SimpleNamespace(accounting=SimpleNamespace(books=books), unknown_from=unknown_from)
    assert _day_to_judge(found, as_of) == day and type(books.head.get("")) is Head
    found.accounting.books = Books()
    assert _day_to_judge(found, "") == ""


def test_the_log_and_its_key_are_those_of_its_entries():
    books, good = a_ledger().books, key_text("the.log")
    checkpoint = Checkpoint(ORIGIN, 5, bytes(32))
    assert list(of_another_log(books, checkpoint, good)) == list(of_another_log(books, checkpoint, "")) == []
    assert list(of_another_log(Books(), checkpoint, good)) == []
    words = f"log_key {good}: the checkpoint is signed with other"
    assert list(of_another_log(books, checkpoint, "other")) == [Finding(0, 0, "ledger", words)]
    words = f"ledger '{ORIGIN}': the checkpoint is of 'x.example/y'"
    assert list(of_another_log(books, Checkpoint("x.example/y", 5, bytes(32)), "other")) == [Finding(0, -1, "ledger", words)]


def test_the_key_that_signed_is_one_of_the_policy():
    checkpoint = Checkpoint(ORIGIN, 5, bytes(32))
    assert _signing_key(TRUST, sign_checkpoint(checkpoint, key("the.log"))) == to_base64(key("the.log").public)
    assert _signing_key(TRUST, sign_checkpoint(checkpoint, key("mallory"))) == "" == _signing_key(TRUST, b"no note")
