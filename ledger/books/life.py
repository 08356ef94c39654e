"""The life of a gift (books §4): which state each unit is in. A unit is in exactly one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import starmap
from typing import NamedTuple

from .period import steps_of
from .rows import Back, Disbursement, Level, Told
from .state import Books

STATES = (
    "held", "allocated", "paid", "received", "reported", "fee", "refunded", "covered", "written-off",
)  # fmt: skip


class End(NamedTuple):
    """What became of units [start, end), by number, that a record let out: a state, or, if they came back, the tape and unit `at`
    where they are now, returned by record `ref`."""

    start: int
    end: int
    state: str
    level: str = ""
    tape: str = ""
    at: int = 0
    ref: str = ""


def place_state(books: Books, tape: str) -> str:
    """The state of units that are on a tape: `allocated` in an activity's fund, else `held`."""
    fund = books.fund.get(tape.partition("/")[0])
    return "allocated" if fund is not None and fund.kind == "activity" else "held"


def disbursement_ends(books: Books, ref: str, start: int, end: int) -> list[End]:
    """What became of units [start, end) of a payment or delivery: returned, else reported, received or paid."""
    row = books.disbursement.get(ref)
    if row is None:
        return [End(start, end, "paid")]
    ends = list(_returns(books, ref, row, start, end))
    kept = row.amount - row.returned
    level, received = best_level(row)
    reported = min(reported_up_to(books, row), kept)
    received = min(received, kept)
    ends.append(End(start, min(end, reported), "reported", level))
    ends.append(End(max(start, reported), min(end, received), "received", level))
    ends.append(End(max(start, received), min(end, kept), "paid"))
    return sorted(part for part in ends if part.start < part.end)


def _returns(books: Books, ref: str, row: Disbursement, start: int, end: int) -> Iterator[End]:
    """The units that came back. Returns follow one another from the highest unit down, so a search finds the first without walking
    the others."""
    first = bisect_right(range(row.returns), -end, key=lambda number: -returned(books, ref, number).start)
    for number in range(first, row.returns):
        back = returned(books, ref, number)
        if back.end <= start:
            return
        low = max(start, back.start)
        yield End(low, min(end, back.end), "", "", back.tape, back.at + low - back.start, f"{back.entry}.{back.record}")


def returned(books: Books, ref: str, number: int) -> Back:
    """Return number `number`, from 0, of a payment that has at least that many."""
    back = books.back.get(f"{ref}/{number}")
    assert back is not None, "a payment's returns are counted"
    return back


def levels_of(row: Disbursement) -> Iterator[Level]:
    """The sums of a disbursement's receipts, by level."""
    return starmap(Level, row.receipts)


def acknowledged(row: Disbursement, level: str) -> int:
    """How many units receipts of a level acknowledge."""
    return next((one.total for one in levels_of(row) if one.level == level), 0)


def best_level(row: Disbursement) -> tuple[str, int]:
    """The level whose receipts acknowledge most of a disbursement, and how many units."""
    return row.level, acknowledged(row, row.level)


def reported_up_to(books: Books, row: Disbursement) -> int:
    """How many units, from the lowest, were received before a feedback about them."""
    told = last_told(books, row)
    return best_level(row)[1] if told is not None and (told.entry, told.record) > row.received_by else row.reported


def last_told(books: Books, row: Disbursement) -> Told | None:
    """The last feedback about the activity of a disbursement whose period includes its day; None if there is none."""
    found = [told for step in steps_of(row.day) if (told := books.told.get(f"{row.fund}/{step}"))]
    return max(found, default=None)
