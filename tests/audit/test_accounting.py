"""The books of an audit, entry by entry: what is applied, what is kept of a fault, and what goes on from a saved state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ledger.audit import accounting
from ledger.audit.accounting import Accounting, numbered
from ledger.books.statement_context import Run
from ledger.canonical import encode
from ledger.entries.leaf import Leaf, read_leaf, statement_key
from ledger.examination.chunk import Chunk, Examiner
from ledger.examination.examine import brief, fingerprints
from ledger.examination.spill import Claims, Keys
from ledger.findings.finding import Finding
from ledger.findings.scope import EVERYTHING
from tests.audit.mirror import edited, rechained, signed_anew
from tests.writer.on_disk import OnDisk, a_gift, a_town

Edit = Callable[[dict[str, Any]], None]
PAID, RECEIVED, REFUNDED, GIFTS = 6, 7, 8, 9


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A gift, an allocation, a payment, its receipt, a refund; then gifts that a chunk takes."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("accounting")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town: OnDisk = a_town(place / "ledger")
        town.play("""
            hope: donation 10.00 CNY -> school as first
            hope: allocation 6.00 CNY school -> books
            hope: payment 4.00 CNY books -> shop as paid; payment 0.50 CNY books -> shop
            shop: receipt 4.00 of ^paid
            hope: refund ^first school CNY units=600..700 reason=donor-request
        """)
        town.sequencer.submit([a_gift(town, number + 1) for number in range(8)])
        town.close()
        entries = town.reopen().entries()
        town.close()
    return entries


class Read:
    """The leaves once more, of a list of entries; None in place of one that cannot be read."""

    def __init__(self, entries: list[bytes]) -> None:
        self._leaves = [read_leaf(raw) if raw else None for raw in entries]

    def leaf(self, index: int) -> Leaf | None:
        return self._leaves[index] if index < len(self._leaves) else None

    def leaves(self, end: int) -> Iterator[Leaf]:
        return (leaf for leaf in self._leaves[:end] if leaf is not None)


def begun(place: Path, entries: list[bytes]) -> Accounting:
    place.mkdir(exist_ok=True)
    return Accounting(Keys(place), Claims(place), Read(entries))


def told(place: Path, entries: list[bytes], end: int | None = None) -> Accounting:
    """The entries before `end`, applied one by one."""
    found = begun(place, entries)
    for index, raw in enumerate(entries[:end]):
        found.apply(brief(raw, index))
    return found


def books(found: Accounting) -> list[tuple[str, str, bytes]]:
    return sorted(found.books.rows())


def spoilt(entries: list[bytes], index: int, edit: Edit, *names: str) -> list[bytes]:
    """The log with an entry changed, and signed anew by these keys if there are any."""
    raw = signed_anew(entries[index], edit, *names) if names else edited(entries[index], edit)
    return list(rechained([*entries[:index], raw, *entries[index + 1 :]]))


def with_flows(flows: Any) -> Edit:
    return lambda value: value.update(flows=flows)


def test_an_honest_log_leaves_nothing_to_say(entries: list[bytes], tmp_path: Path):
    found = told(tmp_path, entries)
    found.finish(len(entries))
    assert (found.findings, found.unknown) == ([], False)
    assert found.records == {
        "ledger": 1, "unit": 4, "party": 5, "fund": 1, "project": 1, "activity": 1, "donation": 9, "allocation": 1, "payment": 2,
        "receipt": 1, "refund": 1,
    }  # fmt: skip
    assert found.books.tape.get("books/CNY").free() == 150 and not found.books._unsaved


def test_what_an_entry_changes_is_kept_when_the_next_is_refused(entries: list[bytes], tmp_path: Path):
    found = told(tmp_path, entries, PAID)
    before = books(found)
    found.books.rollback()
    assert books(found) == before


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        ([[0, "+", "school/CNY", 0, 999]], "the rules give"),
        ([], "the rules give"),
        ([[1, "+", "school/CNY", 0, 1000]], "the rules give"),
        ([[0, "+"]], "flows"),
    ],
)
def test_flows_that_are_not_those_of_the_rules_are_one_finding(entries: list[bytes], tmp_path: Path, flows: Any, message: str):
    """And what the entry says is in the books once, also where `apply` had put it there before."""
    log = spoilt(entries, 4, with_flows(flows))
    found = told(tmp_path, log, 5)
    assert [(one.entry, one.rule) for one in found.findings] == [(4, "tape-flow")] * len(found.findings) and found.findings
    assert message in found.findings[0].message and found.records["donation"] == 1
    given = found.books.given.get("school/CNY/2026-09-07")
    assert (given.amount, given.gifts) == (1000, 1) and not found.unknown and not found.books._unsaved
    if message == "flows":
        (finding,) = found.findings
        assert finding.record == -1


def test_flows_have_a_bound_in_bytes(entries: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seen = brief(entries[4], 4)
    found = told(tmp_path, entries, 4)
    monkeypatch.setattr(accounting, "FLOWS_BYTES", len(seen.flows))
    found.apply(seen)
    assert found.findings == []
    monkeypatch.setattr(accounting, "FLOWS_BYTES", len(brief(entries[5], 5).flows) - 1)
    found.apply(brief(entries[5], 5))
    size = len(brief(entries[5], 5).flows)
    assert found.findings == [Finding(5, -1, "fragmented", f"flows: {size} bytes; an entry holds at most {size - 1}")]


def test_wrong_flows_of_just_that_size_are_wrong_and_not_too_large(
    entries: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    log = spoilt(entries, 4, with_flows([[0, "+", "school/CNY", 0, 999]]))
    monkeypatch.setattr(accounting, "FLOWS_BYTES", len(brief(log[4], 4).flows))
    assert {one.rule for one in told(tmp_path, log, 5).findings} == {"tape-flow"}


def test_records_are_numbered_by_runs():
    runs = [Run("a", (5, 6)), Run("b", (0,)), Run("c", (1, 2, 3)), Run("d", (0,))]
    assert list(numbered(runs)) == [(0, "a", 2), (2, "b", 1), (3, "c", 3), (6, "d", 1)]


def test_a_rule_set_that_is_not_known_ends_what_can_be_judged(entries: list[bytes], tmp_path: Path):
    def edit(value: dict[str, Any]) -> None:
        value["statement"]["records"][0]["rules"] = "givetrail/9"
        value.update(flows=[[0, "+", "x/CNY", 0, 1]])

    found = told(tmp_path, spoilt(entries, 0, edit, "op.chief"), 1)
    assert found.unknown and [one.rule for one in found.findings][-1] == "rules"


def test_an_entry_that_could_not_be_read_moves_its_units(entries: list[bytes], tmp_path: Path):
    found = told(tmp_path, entries, 5)
    found.skip(5, [[0, "-", "school/CNY", 0, 600]])
    assert found.books.skipped == {"5"} and not found.books._unsaved
    found.books.rollback()
    assert found.books.tape.get("school/CNY").free() == 400
    found.skip(6, [[0, "-"]])
    assert found.books.skipped == {"5", "6"} and found.books.tape.get("school/CNY").free() == 400


def test_a_chunk_is_applied_whole_or_not_at_all(entries: list[bytes], tmp_path: Path):
    examiner = Examiner(EVERYTHING)
    *_, chunk = [one for one in examiner.examine(entries, 0) if isinstance(one, Chunk)]
    start = chunk.alike.index
    alone, found = told(tmp_path / "alone", entries), told(tmp_path / "found", entries, start)
    before = (books(found), dict(found.records))
    assert not found.apply_chunk(chunk._replace(flows=[chunk.flows[0].replace(b'"+"', b'"-"', 1), *chunk.flows[1:]]))
    late = chunk.alike._replace(moments=(("2026-09-06T10:00:00Z", "2026-09-06T10:00:00Z"),))
    assert not found.apply_chunk(chunk._replace(alike=late))
    assert (books(found), dict(found.records)) == before
    assert found.apply_chunk(chunk) and not found.books._unsaved
    found.books.rollback()
    assert books(found) == books(alone) and found.records == alone.records
    assert found._keys.repeated() == {} and found.books.head.get("").size == len(entries)
    found._keys.add(chunk.keys)
    assert len(found._keys.repeated()) == len(chunk.hashes)


def test_what_was_saved_goes_on(entries: list[bytes], tmp_path: Path):
    log = spoilt(entries, 5, with_flows([]))
    found = told(tmp_path / "state", log, 7)
    found.books.skipped.update({"2", "3.1"})
    found.books.passed_over["school/CNY"] = 7
    found.unknown = True
    saved = json.loads(encode(found.save()))
    again = begun(tmp_path / "state", log)
    again.resume(saved)
    assert again.findings == found.findings and all(type(one) is Finding for one in again.findings) and again.findings
    assert (again.books.skipped, again.books.passed_over) == (found.books.skipped, {"school/CNY": 7}) and "2" in again.books.skipped
    assert (books(again), again.records, again.unknown) == (books(found), found.records, True)


def test_what_was_written_aside_is_in_the_files_when_it_is_saved(entries: list[bytes], tmp_path: Path):
    """Claims too: the receipt's and the refund's are settled by whoever goes on."""
    found = told(tmp_path / "state", entries, GIFTS)
    saved = found.save()
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "state").iterdir()}
    assert sizes.pop("claims") > 0 and sum(sizes.values()) == 8 * GIFTS
    again = begun(tmp_path / "state", [*entries[:4], b"", *entries[5:]])
    again.resume(saved)
    again.apply(brief(entries[GIFTS - 1], GIFTS))
    again.finish(GIFTS)
    rules = {(one.entry, one.record, one.rule) for one in again.findings}
    assert (REFUNDED, 0, "reference") in rules, "the gift cannot be read"
    with pytest.raises(ValueError):
        again._claims.flush()


def test_units_are_refunded_once(entries: list[bytes], tmp_path: Path):
    """A second refund of some of them takes what is gone, and claims nothing any more; one of others is in order."""

    def of(start: int, end: int) -> Edit:
        def edit(value: dict[str, Any]) -> None:
            value["statement"]["records"][0].update(units=[[start, end]])
            value["flows"] = [[0, "-", "school/CNY", start, end]]

        return edit

    more = [signed_anew(entries[REFUNDED], of(*span), "hope.li") for span in ((699, 701), (800, 900), (899, 901))]
    log = list(rechained([*entries[: REFUNDED + 1], *more]))
    found = told(tmp_path, log)
    found.finish(0)
    gone = [(one.entry, one.record) for one in found.findings if one.rule == "overdraft"]
    assert gone == [(9, 0), (11, 0)] and not any(one.rule == "refund-units" for one in found.findings)


@pytest.mark.parametrize(("size", "twice"), [(10, [9]), (9, [])])
def test_a_statement_that_is_there_twice_is_found_among_those_that_were_judged(
    entries: list[bytes], tmp_path: Path, size: int, twice: list[int]
):
    log = list(rechained([*entries[:9], entries[4]]))
    found = told(tmp_path, log)
    found.finish(size)
    of_ids = [one for one in found.findings if one.rule == "statement-id"]
    assert [(one.entry, one.record) for one in of_ids] == [(entry, -1) for entry in twice]
    assert {one.message for one in of_ids} <= {"4.0 was recorded first with the same one; record each thing once"}


def test_fingerprints_that_agree_by_chance_are_no_finding(entries: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Eight bytes may be those of two keys; the keys themselves are compared."""
    found = told(tmp_path, entries)
    statement = read_leaf(entries[4]).statement
    found._keys.add(fingerprints([statement_key(statement.party, statement.id).encode()]))
    found.finish(len(entries))
    assert found.findings == []


REFERENCE = f"hmac-sha256:2026:{'A' * 43}"
BY_BANK = f"channel=bank channel_ref={REFERENCE}"


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A payment that is void, one that has its reference again, and a correction of that one; around them gifts."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("mended")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town: OnDisk = a_town(place / "ledger")
        town.play(f"""
            hope: donation 10.00 CNY -> school
            hope: payment 4.00 CNY school -> shop {BY_BANK} as wrong
            hope: reversal of ^wrong
            hope: donation 1.00 CNY -> school
            hope: payment 5.00 CNY school -> shop {BY_BANK} replaces=^wrong as right
            hope: correction of ^right {BY_BANK}
            hope: donation 2.00 CNY -> school
        """)
        town.close()
        entries = town.reopen().entries()
        town.close()
    return entries


def finished(place: Path, log: list[bytes], start: int = 0) -> tuple[list[tuple[int, str]], bool]:
    """What is found of references, and whether the whole log was read again; saved before entry `start`, and resumed."""
    found = told(place, log, start)
    if start:
        found, saved = begun(place, log), json.loads(encode(found.save()))
        found.resume(saved)
    for index in range(start, len(log)):
        found.apply(brief(log[index], index))
    read: list[int] = []
    again = found._again
    found._again = SimpleNamespace(leaf=again.leaf, leaves=lambda end: read.append(end) or again.leaves(end))
    found.finish(len(log))
    return [(one.entry, one.rule) for one in found.findings if one.rule == "duplicate-reference"], bool(read)


@pytest.mark.parametrize("start", [0, 7, 9])
def test_a_reference_that_a_record_may_have_again_does_not_make_it_read_the_log_twice(
    mended: list[bytes], tmp_path: Path, start: int
):
    assert finished(tmp_path, mended, start) == ([], False)


@pytest.mark.parametrize("index", [4, 7, 10])
def test_the_same_reference_anywhere_else_is_found(mended: list[bytes], tmp_path: Path, index: int):
    """Before, between and behind those that may have it."""
    by_bank = {"channel": "bank", "channel_ref": REFERENCE}
    log = spoilt(mended, index, lambda value: value["statement"]["records"][0].update(by_bank), "hope.li")
    found, is_read = finished(tmp_path, log)
    assert found and is_read


def test_of_too_many_such_records_the_whole_log_is_read(
    mended: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(accounting, "MOST_NAMED", 1)
    assert finished(tmp_path, mended) == ([], True)
