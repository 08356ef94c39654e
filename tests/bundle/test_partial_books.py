"""What a bundle's records move against what they say, and how far a trace goes through them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.bundle import order
from ledger.bundle import partial_books as heard
from ledger.bundle.order import disorder
from ledger.bundle.trace_bundle import format_bundle, parse_bundle, ranges_of
from ledger.bundle.verification import BundleReport, verify_bundle
from ledger.canonical import encode, parse
from ledger.entries.leaf import read_leaf
from ledger.log.merkle import leaf_hash
from ledger.log_files.source import FolderSource
from tests.audit.mirror import GIFT, SMALL, Small, bundled, forged, make_small, places, signed_anew
from tests.writer.on_disk import TRUST

Rows = list[list[Any]]


def told(small: Small, *said: tuple[dict[str, Any], Rows]) -> list[bytes]:
    """The small ledger's entries and more by the charity, with whatever flows the log's owner gave them."""
    entries = list(small.entries)
    for number, (record, rows) in enumerate(said):
        value, seen = parse(small.entries[4]), leaf_hash(entries[-1]).hex()
        after = f"{len(entries) - 1}:{seen}"
        value["statement"].update(id=f"00000000-0000-4000-8000-{number:012x}", records=[record], after=after)
        raw = encode({**value, "flows": rows, "index": len(entries), "prev": seen})
        entries.append(signed_anew(raw, lambda value: None, "hope.li"))
    return entries


def judged(entries: list[bytes], gift: str = GIFT) -> BundleReport:
    """The verdict on a bundle that says of a gift what its entries give."""
    bundle = bundled(entries, gift, [])
    trace = verify_bundle(bundle, TRUST).trace
    return verify_bundle(format_bundle(parse_bundle(bundle)._replace(ranges=ranges_of(trace))) if trace else bundle, TRUST)


def out(tape: str, *spans: tuple[int, int]) -> Rows:
    return [[0, "-", tape, *span] for span in spans]


def into(tape: str, *spans: tuple[int, int]) -> Rows:
    return [[0, "+", tape, *span] for span in spans]


DAY = "2026-09-07"
MOVE = {"kind": "allocation", "fund": "school", "to": "books", "unit": "CNY", "amount": 100}
GIVE = {"kind": "donation", "fund": "school", "unit": "CNY", "amount": 100, "channel": "cash", "received_on": DAY}
PAY = {
    "kind": "payment", "channel": "cash",
    "fund": "school", "unit": "CNY", "amount": 100, "payee": "shop", "cost_class": "programme", "paid_on": DAY,
}  # fmt: skip
RETURN = {"kind": "payment-return", "channel": "cash", "returned_on": DAY, "reason": "r"}
BACK = {"kind": "refund", "channel": "cash", "gift": GIFT, "fund": "school", "unit": "CNY", "reason": "legal", "refunded_on": DAY}
BOTH = {**BACK, "units": [[600, 650]], "cover": {"fund": "books", "units": [[0, 50]]}}
THINGS = [{"fund": "books", "unit": "box", "quantity": 3, "cost": 50}] * 2
SCHOOL, BOOKS = "school/CNY", "books/CNY"
FALSE: dict[str, tuple[dict[str, Any], Rows]] = {
    "a gift without flows": (GIVE, []),
    "a gift without flows into a fund that is nowhere": ({**GIVE, "fund": "ghost"}, []),
    "an allocation without flows": (MOVE, []),
    "an allocation without flows between funds that are nowhere": ({**MOVE, "fund": "ghost", "to": "ghost-2"}, []),
    "a payment without flows in a unit that is nowhere": ({**PAY, "unit": "XXX"}, []),
    "in before out": (MOVE, into(BOOKS, (600, 700)) + out(SCHOOL, (600, 700))),
    "out of another fund": (MOVE, out(BOOKS, (400, 500)) + into(BOOKS, (600, 700))),
    "less out than it says": (MOVE, out(SCHOOL, (600, 650)) + into(BOOKS, (600, 700))),
    "more out than it says": (MOVE, out(SCHOOL, (600, 700), (700, 701)) + into(BOOKS, (600, 700))),
    "in, in two pieces": (MOVE, out(SCHOOL, (600, 700)) + into(BOOKS, (600, 650), (650, 700))),
    "in twice": (MOVE, out(SCHOOL, (600, 700)) + into(BOOKS, (600, 700), (700, 800))),
    "other units than it names": ({**PAY, "units": [[700, 800]]}, out(SCHOOL, (600, 700))),
    "units that it names, in other pieces": ({**PAY, "units": [[600, 700]]}, out(SCHOOL, (600, 650), (650, 700))),
    "units that do not sum to its amount": ({**PAY, "units": [[600, 650]], "goods": THINGS}, out(SCHOOL, (600, 650))),
    "a refund of other units": ({**BACK, "units": [[700, 800]]}, out(SCHOOL, (600, 700))),
    "a refund without its cover": (BOTH, out(SCHOOL, (600, 650))),
    "a reversal of what moved nothing": ({"kind": "reversal", "of": "2.0", "reason": "r"}, out(BOOKS, (500, 600))),
    "a refund behind its cover": (BOTH, out(BOOKS, (400, 450)) + out(SCHOOL, (600, 650))),
}


@pytest.mark.parametrize("what", FALSE)
def test_flows_that_are_not_those_of_the_record_are_refused(small: Small, what: str):
    """Wherever the record stands in the bundle: the gift need not reach it."""
    report = judged(told(small, FALSE[what]))
    assert (report.verdict, places(report), report.trace) == ("failed", {("tape-flow", 6, 0)}, None)


BEYOND: dict[str, tuple[dict[str, Any], Rows, set[tuple[str, int, int]]]] = {
    "a cover out of restricted money": (BOTH, out(SCHOOL, (600, 650)) + out(BOOKS, (400, 450)), {("restriction", 6, 0)}),
    "a payment of a day to come": ({**PAY, "paid_on": "2026-09-08"}, out(SCHOOL, (600, 700)), {("day", 6, 0)}),
    "restricted money that goes up": (
        {**MOVE, "fund": "books", "to": "school"}, out(BOOKS, (400, 500)) + into(SCHOOL, (1000, 1100)), {("restriction", 6, 0)},
    ),
    "a receipt by the payer": (
        {"kind": "receipt", "of": "5.0", "amount": 400, "level": "recipient-signed", "received_on": DAY}, [], {("authority", 6, 0)},
    ),
    "more received than was paid": (
        {"kind": "receipt", "of": "5.0", "amount": 401, "level": "self-declared", "received_on": DAY}, [],
        {("receipt-excess", 6, 0)},
    ),
    "more back than was paid": (
        {**RETURN, "of": "5.0", "amount": 401},
        into(BOOKS, (600, 1001)),
        {("return-excess", 6, 0)},
    ),
    "a write-off that one officer signed": (
        {"kind": "write-off", "fund": "school", "unit": "CNY", "amount": 100, "cause": "loss", "reason": "r"},
        out(SCHOOL, (600, 700)), {("approval", 6, 0)},
    ),
    "money into a fund of somebody else": (
        {**PAY, "grant": {"fund": "books"}}, out(SCHOOL, (600, 700)), {("reference", 6, 0)},
    ),
    "a payment that is taken into a fund": (
        {"kind": "receipt", "of": "5.0", "amount": 400, "level": "recipient-signed", "received_on": DAY, "into": "books"},
        into(BOOKS, (600, 1000)), {("authority", 6, 0), ("reference", 6, 0)},
    ),
    "a receipt of itself": (
        {"kind": "receipt", "of": "6.0", "amount": 1, "level": "self-declared", "received_on": DAY}, [], {("reference", 6, 0)},
    ),
    "a receipt of a gift": (
        {"kind": "receipt", "of": "4.0", "amount": 1, "level": "self-declared", "received_on": DAY}, [], {("reference", 6, 0)},
    ),
    "money that comes back of a gift": (
        {"kind": "payment-return", "channel": "cash", "of": "4.0", "amount": 50, "returned_on": "2099-01-01", "reason": "r"},
        into(SCHOOL, (1000, 1050)), {("reference", 6, 0)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BEYOND)
def test_a_rule_that_the_bundle_settles_is_found_as_in_the_whole_log(small: Small, what: str, tmp_path: Path):
    """By the same name, of the same record. What the record is about and the bundle does not hold, only the whole log settles."""
    record, rows, found = BEYOND[what]
    entries = told(small, (record, rows))
    report = judged(entries)
    assert (places(report), report.verdict) == (found, "failed" if found else "verified")
    assert found <= places(verify(FolderSource(forged(entries, tmp_path)), TRUST))


def test_a_refund_of_a_record_that_its_entry_does_not_have(small: Small, tmp_path: Path):
    """It takes units of the gift, whose way ends there."""
    entries = told(small, ({**BACK, "gift": "4.9", "units": [[600, 650]]}, out(SCHOOL, (600, 650))))
    assert ("reference", 6, 0) in places(judged(entries)) & places(verify(FolderSource(forged(entries, tmp_path)), TRUST))


def test_a_receipt_that_could_not_be_applied_says_nothing_of_the_gift(small: Small):
    """It is bound to an entry before the payment that it acknowledges."""
    entries = told(small, ({"kind": "receipt", "of": "5.0", "amount": 400, "level": "self-declared", "received_on": DAY}, []))
    assert judged(entries).trace.totals() == {"held": 400, "allocated": 200, "received": 400}
    bound = {"after": f"4:{leaf_hash(entries[4]).hex()}"}
    entries[6] = signed_anew(entries[6], lambda value: value["statement"].update(bound), "hope.li")
    report = judged(entries)
    assert (places(report), report.trace.totals()) == ({("after", 6, 0)}, {"held": 400, "allocated": 200, "paid": 400})


TRUE: dict[str, tuple[dict[str, Any], Rows]] = {
    "a gift": (GIVE, into(SCHOOL, (1000, 1100))),
    "an allocation": (MOVE, out(SCHOOL, (600, 700)) + into(BOOKS, (600, 700))),
    "of several ranges": (MOVE, out(SCHOOL, (600, 650), (700, 750)) + into(BOOKS, (600, 700))),
    "the units that it names": ({**PAY, "units": [[600, 650], [700, 750]]}, out(SCHOOL, (600, 650), (700, 750))),
}


@pytest.mark.parametrize("what", TRUE)
def test_flows_that_fit_the_record_are_followed(small: Small, what: str):
    report = judged(told(small, TRUE[what]))
    assert (report.verdict, report.findings) == ("verified", ())


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The small ledger with an unrestricted project: money may go down its tree, and up again."""
    folder = tmp_path_factory.mktemp("free")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(folder / "state"))
        return make_small(folder, SMALL.replace("project school restricted", "project school unrestricted"))


def there_and_back(hops: int) -> list[tuple[dict[str, Any], Rows]]:
    """What is left of the gift, allocated from fund to fund, all but one unit each time."""
    end, (start, stop), said = {"school": 1000, "books": 600}, (600, 1000), []
    for hop in range(hops):
        fund, to = ("school", "books") if hop % 2 == 0 else ("books", "school")
        moved = stop - start - 1
        rows = out(f"{fund}/CNY", (start, start + moved)) + into(f"{to}/CNY", (end[to], end[to] + moved))
        said.append(({**MOVE, "fund": fund, "to": to, "amount": moved}, rows))
        start, stop = end[to], end[to] + moved
        end[to] = stop
    return said


def test_a_chain_is_followed_to_its_end(free: Small):
    report = judged(told(free, *there_and_back(40)))
    assert report.verdict == "verified"
    assert sorted(len(piece.path) for piece in report.trace.pieces) == sorted([1, 2, *range(41)])


@pytest.mark.parametrize("units", [[[0, 50]], [[950, 1000]], [[1100, 1150]], [[5000, 5050]], [[0, 50], [5000, 5050]]])
def test_a_cover_beside_the_gift_takes_none_of_it(free: Small, units: list[list[int]]):
    """The refund is found, and the gift has all its units, wherever the cover lies that names it."""
    covering = sum(end - start for start, end in units)
    cover = {**BACK, "gift": "6.0", "cover": {"fund": "school", "units": units}}
    report = judged(told(free, (GIVE, into(SCHOOL, (1000, 1100))), (cover, out(SCHOOL, (600, 600 + covering)))), "6.0")
    assert places(report) == {("refund-units", 7, 0)}
    assert report.trace.totals() == {"held": 100}


def spread(parts: int, then: int) -> list[tuple[dict[str, Any], Rows]]:
    """100 units in parts to another fund, from where they go on together: every part is a piece of its own at each step."""
    each = 100 // parts
    said = [
        ({**MOVE, "amount": each}, out(SCHOOL, (600 + at, 600 + at + each)) + into(BOOKS, (600 + at, 600 + at + each)))
        for at in range(0, 100, each)
    ]
    start, end = 600, {"school": 1000, "books": 700}
    for hop in range(then):
        fund, to = ("books", "school") if hop % 2 == 0 else ("school", "books")
        rows = out(f"{fund}/CNY", (start, start + 100)) + into(f"{to}/CNY", (end[to], end[to] + 100))
        said.append(({**MOVE, "fund": fund, "to": to}, rows))
        start, end[to] = end[to], end[to] + 100
    return said


@pytest.mark.parametrize("said", [there_and_back(30), spread(20, 10)], ids=["long", "wide"])
def test_a_trace_of_too_many_steps_is_no_verdict(free: Small, monkeypatch: pytest.MonkeyPatch, said: list[Any]):
    """Nor is it a failure: every entry may be true, and the whole log can be verified."""
    entries = told(free, *said)
    assert judged(entries).verdict == "verified"
    monkeypatch.setattr(heard, "STEPS", 400)
    report = judged(entries)
    assert (report.verdict, places(report)) == ("could not verify", {("missing", -1, -1)})
    assert "400 steps" in report.findings[0].message


def test_money_that_comes_back_again_and_again_is_counted(small: Small, monkeypatch: pytest.MonkeyPatch):
    """A payment and its return are two records that led to the next payment."""
    said, start = [], 600
    for number in range(20):
        said.append((PAY, out(SCHOOL, (start, start + 100))))
        start = 1000 + 100 * number
        back = {**RETURN, "of": f"{6 + 2 * number}.0", "amount": 100}
        said.append((back, into(SCHOOL, (start, start + 100))))
    entries = told(small, *said)
    report = judged(entries)
    assert report.verdict == "verified"
    assert max(len(piece.path) for piece in report.trace.pieces) == 40
    monkeypatch.setattr(heard, "STEPS", 20 * 20)
    assert judged(entries).verdict == "could not verify"


def test_entries_that_are_not_in_the_log_are_not_followed(small: Small, monkeypatch: pytest.MonkeyPatch):
    """Nobody needs a key for them, and there may be very many."""
    bundle = parse_bundle(small.bundle)
    wrong = bundle.entries[4]._replace(proof=bundle.entries[4].proof[::-1])
    monkeypatch.setattr("ledger.bundle.verification.disorder", lambda leaves, exponents: pytest.fail("was looked at"))
    report = verify_bundle(format_bundle(bundle._replace(entries=(*bundle.entries[:4], wrong, *bundle.entries[5:]))), TRUST)
    assert (places(report), report.trace) == ({("inclusion", 4, -1)}, None)


def crowded(small: Small, edit: Callable[[int], Rows]) -> int:
    """How many findings there are of one entry with 500 times these flows."""
    leaf = read_leaf(small.entries[4])
    flows = [row for at in range(500) for row in edit(at)]
    return len(list(disorder({4: leaf._replace(entry=leaf.entry._replace(flows=flows))}, {})))


def test_of_moves_that_overlap_a_few_are_named(small: Small):
    """A finding for each pair would be the square of what was handed in."""
    assert crowded(small, lambda at: [[0, "-", SCHOOL, 0, 500], [0, "+", SCHOOL, at, at + 1]]) == order.NAMED
    assert crowded(small, lambda at: [[0, "+", SCHOOL, 0, 500], [0, "-", SCHOOL, at, at + 1]]) == order.NAMED
    assert crowded(small, lambda at: [[0, "+", SCHOOL, 0, 500], [0, "-", SCHOOL, 0, 500]]) == 2 * order.NAMED
    assert crowded(small, lambda at: [[0, "+", SCHOOL, at, at + 1], [0, "-", SCHOOL, at, at + 1]]) == 500
    assert crowded(small, lambda at: [[-1, "+", SCHOOL, at, at + 1]]) == 500


def test_the_flows_of_a_tape_are_found_by_their_units(small: Small):
    """The ones that overlap, at both edges, and no others."""
    leaves = {index: read_leaf(raw) for index, raw in enumerate(told(small, *there_and_back(6)))}
    flows = heard.BundleFlows(leaves, heard.rebuild_partial(leaves))
    rows = [(index, row) for index, leaf in leaves.items() for row in leaf.entry.flows]
    for tape in (SCHOOL, BOOKS, "ghost/CNY"):
        for start in range(0, 2000, 97):
            for end in (start + 1, start + 50, start + 1000):
                for sign, found in (("-", flows.outflows(tape, start, end)), ("+", flows.inflows(tape, start, end))):
                    wanted = sorted(
                        (low, high, index, number) for index, (number, at, name, low, high) in rows
                        if (at, name) == (sign, tape) and low < end and start < high
                    )  # fmt: skip
                    assert [tuple(passage) for passage in found] == wanted
