"""The life of a gift (books §4): in which one state each unit is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .state import Books, Disbursement

STATES = (
    "held", "allocated", "paid", "received", "reported", "fee", "refunded", "covered", "written-off",
)  # fmt: skip


class End(NamedTuple):
    """What became of units [start, end), by number, of a record that let them out: a state, or — where they came back — the tape
    and the unit `at` where they lie now, by record `ref`."""

    start: int
    end: int
    state: str
    level: str = ""
    tape: str = ""
    at: int = 0
    ref: str = ""


def place_state(books: Books, tape: str) -> str:
    """The state of units that lie on a tape: `allocated` in an activity's fund, else `held`."""
    fund = books.fund.get(tape.partition("/")[0])
    return "allocated" if fund is not None and fund.kind == "activity" else "held"


def disbursement_ends(books: Books, ref: str, start: int, end: int) -> list[End]:
    """What became of units [start, end) of a payment or delivery: returned, else reported, received or paid."""
    row = books.disbursement.get(ref)
    if row is None:
        return [End(start, end, "paid")]
    ends = [
        End(max(start, low), min(end, high), "", "", tape, at + max(start, low) - low, f"{entry}.{record}")
        for entry, record, low, high, tape, at in row.returns
    ]
    kept = row.amount - row.returned
    level, received = best_level(row)
    reported = min(reported_up_to(books, row), kept)
    received = min(received, kept)
    ends.append(End(max(start, 0), min(end, reported), "reported", level))
    ends.append(End(max(start, reported), min(end, received), "received", level))
    ends.append(End(max(start, received), min(end, kept), "paid"))
    return sorted(part for part in ends if part.start < part.end)


def best_level(row: Disbursement) -> tuple[str, int]:
    """The level whose receipts acknowledge most of a disbursement, and how many units."""
    best = ("", 0)
    for _, _, level, total, _ in row.receipts:
        if total > best[1]:
            best = (level, total)
    return best


def reported_up_to(books: Books, row: Disbursement) -> int:
    """How many units, from the lowest, were received before a feedback about them."""
    feedbacks: Sequence[tuple[int, int]] = row.feedbacks
    activity = books.activity.get(row.fund)
    if activity is not None:
        feedbacks = [*feedbacks, *((e, r) for e, r, low, high in activity.feedbacks if low <= row.day <= high)]
    if not feedbacks:
        return 0
    last = max(feedbacks)
    return max((total for entry, record, _, total, _ in row.receipts if (entry, record) < last), default=0)
