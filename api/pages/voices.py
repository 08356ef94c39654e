"""Who says what came of a payment or a gift: results and receipts, as the pages show them one below the other."""

from __future__ import annotations

from typing import NamedTuple

from ledger.books.gift import PAID, GiftTrace
from ledger.books.marks import marks_of
from ledger.view.gift_outcome import GiftResult, parts_of
from ledger.view.outcome import Result
from ledger.view.snapshot import Snapshot
from ledger.view.statements import ReceiptStatement, receipts_of

from .steps import Step, fund_name, step_of

SHOWN = 6
"""How many results, and how many receipts, a page of a gift shows."""


class ResultVoice(NamedTuple):
    """A result, and what it is about: one `payment` or delivery, `payments` of them, or an `activity` by its name. They came to
    `spent`, (unit, minor units); of an activity, only in the unit of the gift. Of a gift `part` is in it, which `is_all` if nothing
    else is in it."""

    result: Result
    payment: Step | None
    payments: int
    activity: str
    spent: list[tuple[str, int]]
    part: int = 0
    is_all: bool = False


class ReceiptVoice(NamedTuple):
    """A receipt in the unit of what it is for. Of a gift `part` is in that; 0 if the receipt is for less than all of it, because
    then it does not say whose money arrived."""

    receipt: ReceiptStatement
    unit: str
    of: Step
    part: int = 0


class Answer(NamedTuple):
    """What came of a gift, in one word and the facts of its sentence: `void`; a `result`, in `first`; `returned`, on a day; `paid`,
    without a result; or `waits`."""

    what: str
    first: ResultVoice | None = None
    day: str = ""


def answer_of(snapshot: Snapshot, trace: GiftTrace, results: list[ResultVoice]) -> Answer:
    """The answer that the page of a gift begins with."""
    if marks_of(snapshot.books, trace.ref).is_void:
        return Answer("void")
    if results:
        return Answer("result", results[0])
    totals = trace.totals()
    if totals.get("refunded", 0) + totals.get("covered", 0) == trace.amount:
        return Answer("returned", day=max(step_of(snapshot, piece.path[-1]).day for piece in trace.pieces))
    return Answer("paid" if any(totals.get(state) for state in (*PAID, "disputed")) else "waits")


def results_heard(snapshot: Snapshot, trace: GiftTrace, results: list[GiftResult]) -> list[ResultVoice]:
    """The first results of a gift."""
    return [result_heard(snapshot, one.result, one.amount, trace.unit) for one in results[:SHOWN]]


def result_heard(snapshot: Snapshot, result: Result, part: int = 0, unit: str = "") -> ResultVoice:
    """A result, in which there are `part` minor units of a gift in that unit."""
    of, spent = tuple(dict.fromkeys(result.of)), list(result.spent.items())
    if result.about == "activity":
        spent = [one for one in spent if unit in ("", one[0])]
        return ResultVoice(result, None, 0, fund_name(snapshot, of[0]), spent, part, spent == [(unit, part)])
    payment = step_of(snapshot, of[0]) if len(of) == 1 else None
    return ResultVoice(result, payment, len(of), "", spent, part, spent == [(unit, part)])


def receipts_heard(snapshot: Snapshot, trace: GiftTrace, ends: list[str]) -> list[ReceiptVoice]:
    """The first receipts for the payments and deliveries in which a gift ended, without void ones, the strongest words first: what
    somebody else signed before the charity's own."""
    parts, found = parts_of(trace), list[ReceiptVoice]()
    for ref in ends:
        row, of = snapshot.books.disbursement[ref], step_of(snapshot, ref)
        for one in receipts_of(snapshot, ref) if row.receipts or row.takings else ():
            if not one.is_void:
                found.append(ReceiptVoice(one, row.unit, of, parts[ref] if one.amount == row.left else 0))
    return sorted(found, key=lambda one: one.receipt.standing == "charity")[:SHOWN]
