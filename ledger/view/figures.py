"""Figures that follow from the books at a tree size alone. The docstring of each function is its definition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..books.state import Books
from .scope import Scope, fund_row, split_tape
from .snapshot import Snapshot

By = Literal["month", "fund", "project", "charity"]


class FundFigure(NamedTuple):
    """A fund in one unit, in minor units of it: `inflow` = `outflow` + `balance`. `gifts` gifts were recorded into it, of `given`
    minor units with their fees."""

    fund: str
    unit: str
    inflow: int
    outflow: int
    balance: int
    gifts: int
    given: int


class Sum(NamedTuple):
    """`count` records of together `amount` minor units of `unit`, under a month `YYYY-MM` or the id of a fund, project or party."""

    key: str
    unit: str
    amount: int
    count: int


class _Part(NamedTuple):
    """Records of one fund, unit and month together."""

    fund: str
    unit: str
    month: str
    amount: int
    count: int


def fund_figures(snapshot: Snapshot, *, fund: str = "", project: str = "", charity: str = "") -> list[FundFigure]:
    """What came into a fund, what left it, and what is there, for each unit: of one fund, of a project's or a charity's funds, or
    of all; by fund and unit.

    Inflow is every unit that ever came into the fund: gifts without their fees, fees of other gifts, income, allocations into it,
    money passed on to it, goods bought for it, what was exchanged into that unit, and what came back. Outflow is every unit that
    left it. Balance is what came in and did not leave. Money moved between two funds counts in both, so the inflows of several
    funds do not add up to what came from outside.
    """
    scope = Scope(fund, project, charity)
    return [row for row in snapshot.once(_fund_figures) if scope.holds(snapshot.books, row.fund)]


def given_by(snapshot: Snapshot, by: By, *, fund: str = "", project: str = "", charity: str = "") -> list[Sum]:
    """Gifts as they were recorded, fees included and nothing taken off for refunds: how many and how much, for each key and unit.

    A month is that of the day on which the gift was received, as the record says; the fund is the one named; the project is that to
    whose tree the fund belongs, "" for none; the charity is the owner of the fund.
    """
    return _summed(snapshot.books, snapshot.once(_given), by, Scope(fund, project, charity))


def paid_by(snapshot: Snapshot, by: By, *, fund: str = "", project: str = "", charity: str = "") -> list[Sum]:
    """Payments less what came back of them, for each key and unit: how many and how much; one that came back whole is not counted.

    Deliveries of goods are not in it; a payment for goods is, and so is one that passes money on to a fund of another charity. A
    month is that of the day of payment, as the record says; what came back is taken off there. Fund, project and charity are those
    that the money left.
    """
    return _summed(snapshot.books, snapshot.once(_paid), by, Scope(fund, project, charity))


def _fund_figures(snapshot: Snapshot) -> list[FundFigure]:
    gifts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for part in snapshot.once(_given):
        amount, count = gifts[f"{part.fund}/{part.unit}"]
        gifts[f"{part.fund}/{part.unit}"] = (amount + part.amount, count + part.count)
    figures = []
    for name, tape in snapshot.books.tape.items():
        balance, (given, count) = tape.free(), gifts[name]
        figures.append(FundFigure(*split_tape(name), tape.end, tape.end - balance, balance, count, given))
    return figures


def _given(snapshot: Snapshot) -> list[_Part]:
    parts = []
    for key, row in snapshot.books.given.all():
        tape, _, day = key.rpartition("/")
        parts.append(_Part(*split_tape(tape), day[:7], row.amount, row.gifts))
    return parts


def _paid(snapshot: Snapshot) -> list[_Part]:
    sums: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for _, row in snapshot.books.disbursement.all():
        kept = row.amount - row.returned
        if kept and row.kind == "payment":
            amount, count = sums[row.tape, row.day[:7]]
            sums[row.tape, row.day[:7]] = (amount + kept, count + 1)
    return [_Part(*split_tape(tape), month, *sum) for (tape, month), sum in sums.items()]


def _summed(books: Books, parts: Iterable[_Part], by: By, scope: Scope) -> list[Sum]:
    sums: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for part in parts:
        if scope.holds(books, part.fund):
            key = (_key(books, part, by), part.unit)
            sums[key] = (sums[key][0] + part.amount, sums[key][1] + part.count)
    return [Sum(*key, *sum) for key, sum in sorted(sums.items())]


def _key(books: Books, part: _Part, by: By) -> str:
    if by == "month":
        return part.month
    if by == "fund":
        return part.fund
    fund = fund_row(books, part.fund)
    return fund.project if by == "project" else fund.owner
