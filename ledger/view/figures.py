"""Figures that need only the books at a tree size. The docstring of each function is its definition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..books.grant import not_placed
from ..books.inflow import is_repayment
from ..books.period import is_month
from ..books.state import Books
from .scope import Scope, fund_row, split_tape
from .snapshot import Snapshot

By = Literal["month", "fund", "project", "charity"]


class FundFigure(NamedTuple):
    """A fund in one unit, in minor units: `inflow` = `outflow` + `balance`. `gifts` gifts were recorded into it, of `given` in
    total, fees included."""

    fund: str
    unit: str
    inflow: int
    outflow: int
    balance: int
    gifts: int
    given: int


class Sum(NamedTuple):
    """`amount` minor units of `unit` in `records` records, under a month `YYYY-MM` or the id of a fund, project or party."""

    key: str
    unit: str
    amount: int
    records: int


class _Part(NamedTuple):
    """The records of one fund, unit and month together."""

    fund: str
    unit: str
    month: str
    amount: int
    records: int


def fund_figures(snapshot: Snapshot, *, fund: str = "", project: str = "", charity: str = "") -> list[FundFigure]:
    """What came into a fund, what left it, and what is there, for each unit: of one fund, of a project's or a charity's funds, or
    of all; by fund and unit.

    Inflow is every unit that ever came into the fund: gifts without their fees, income, allocations into it,
    money passed on to it, goods bought for it, what was exchanged into that unit, and what came back. Outflow is every unit that
    left it. Balance is what came in and did not leave. Money moved between two funds counts in both, so the inflows of several
    funds do not add up to what came from outside.
    """
    scope = Scope(fund, project, charity)
    return [row for row in snapshot.once(_fund_figures) if scope.holds(snapshot.books, row.fund)]


def given_by(snapshot: Snapshot, by: By, *, fund: str = "", project: str = "", charity: str = "") -> list[Sum]:
    """The number and amount of gifts as they were recorded, for each key and unit. Fees are included, and refunds are not
    subtracted.

    A gift counts in the month in which the record says that it was received; for the fund that it names; for the project whose
    tree that fund belongs to, "" if there is none; and for the charity that owns the fund.
    """
    return _summed(snapshot.books, snapshot.once(_given), by, Scope(fund, project, charity))


def paid_by(snapshot: Snapshot, by: By, *, fund: str = "", project: str = "", charity: str = "") -> list[Sum]:
    """The number and amount of payments, less the money that came back and the grants that were taken into funds of this ledger,
    for each key and unit. A payment of which nothing is left is not counted, nor is one that repays an advance.

    Deliveries of goods are not included. Payments for goods are, and so are grants to parties that do not keep their books here. A
    payment counts in the month in which the record says that it was paid, and money that came back is subtracted in
    that same month. Fund, project and charity are those that paid.
    """
    return _summed(snapshot.books, snapshot.once(_paid), by, Scope(fund, project, charity))


def _fund_figures(snapshot: Snapshot) -> list[FundFigure]:
    gifts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for part in snapshot.once(_given):
        amount, count = gifts[f"{part.fund}/{part.unit}"]
        gifts[f"{part.fund}/{part.unit}"] = (amount + part.amount, count + part.records)
    figures = []
    for name, tape in snapshot.books.tape.items():
        balance, (given, count), undone = tape.free(), gifts[name], snapshot.books.undone.get(name)
        inflow = tape.end - (undone.amount if undone else 0)
        figures.append(FundFigure(*split_tape(name), inflow, inflow - balance, balance, count, given))
    return sorted(figures, key=lambda row: (row.fund, row.unit))


def _given(snapshot: Snapshot) -> list[_Part]:
    parts = []
    for key, row in snapshot.books.given.all():
        tape, _, step = key.rpartition("/")
        if is_month(step):
            parts.append(_Part(*split_tape(tape), step, row.amount, row.gifts))
    return parts


def _paid(snapshot: Snapshot) -> list[_Part]:
    sums: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for _, row in snapshot.books.disbursement.all():
        kept = not_placed(row)
        if kept and row.kind == "payment" and not is_repayment(snapshot.books, row):
            amount, count = sums[row.tape, row.day[:7]]
            sums[row.tape, row.day[:7]] = (amount + kept, count + 1)
    return [_Part(*split_tape(tape), month, *sum) for (tape, month), sum in sums.items()]


def _summed(books: Books, parts: Iterable[_Part], by: By, scope: Scope) -> list[Sum]:
    sums: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for part in parts:
        if scope.holds(books, part.fund):
            key = (_key(books, part, by), part.unit)
            sums[key] = (sums[key][0] + part.amount, sums[key][1] + part.records)
    return [Sum(*key, *sum) for key, sum in sorted(sums.items())]


def _key(books: Books, part: _Part, by: By) -> str:
    if by == "month":
        return part.month
    if by == "fund":
        return part.fund
    fund = fund_row(books, part.fund)
    return fund.project if by == "project" else fund.owner
