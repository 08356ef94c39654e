"""Totals that several pages show, each with its place on the page of definitions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from ledger.view.overdue import Overdue, overdue
from ledger.view.received import received
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import STAGES, Traceability

from .locale import CURRENCY
from .shares import WHOLE, parts_of, widths

OVERDUE_SHOWN = 20
SIGNED = ("reported", "signed")
"""The stages whose receipt somebody else signed."""
LISTED = 100


class Part(NamedTuple):
    """A part of a bar: a stage, its minor units, its share in tenths of a per cent, and its start and width in hundredths of a per
    cent of the bar."""

    stage: str
    amount: int
    tenths: int
    start: int
    width: int


class Reach(NamedTuple):
    """How far gifts in one unit have come. The shares of its parts add up to 100."""

    row: Traceability
    parts: list[Part]

    @property
    def waiting(self) -> int:
        """Minor units that are not spent yet."""
        return self.row.states["held"] + self.row.states["allocated"]

    @property
    def signed_tenths(self) -> int:
        """The share that has a receipt signed by somebody else, as the sum of such parts."""
        return sum(part.tenths for part in self.parts if part.stage in SIGNED)


def reach(snapshot: Snapshot, **scope: str) -> list[Reach]:
    """For each unit, a bar of how far the money has come that was received: first the currencies, the largest first."""
    rows = sorted(received(snapshot, **scope), key=lambda row: (not CURRENCY.fullmatch(row.unit), -row.base, row.unit))
    return [Reach(row, parts_by_stage({stage: row.stages[stage] for stage in STAGES})) for row in rows]


def parts_by_stage(sums: Mapping[str, int]) -> list[Part]:
    """A bar of what is in each stage, without empty parts."""
    stages = [(stage, amount) for stage, amount in sums.items() if amount]
    amounts = [amount for _, amount in stages]
    broad = widths(amounts)
    starts = accumulate(broad, initial=0)
    shares = parts_of(WHOLE, amounts)
    return [Part(*stage, *placed) for stage, *placed in zip(stages, shares, starts, broad, strict=False)]


class OverdueSum(NamedTuple):
    """`amount` minor units of `unit`, in so many `records`, miss a stage."""

    stage: str
    unit: str
    amount: int
    records: int


def what_is_overdue(snapshot: Snapshot, as_of: str, **scope: str) -> dict[str, Any]:
    """What is overdue: the sums by stage and unit, and the items that were due first."""
    rows: list[Overdue] = overdue(snapshot, as_of, **scope)
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        amount, count = sums.get((row.stage, row.unit), (0, 0))
        sums[row.stage, row.unit] = (amount + row.amount, count + 1)
    said = [OverdueSum(*key, *sum_) for key, sum_ in sorted(sums.items())]
    return {"overdue": rows[:OVERDUE_SHOWN], "overdue_sums": said, "overdue_count": len(rows)}
