"""How projects kept what they promised: a receipt and feedback by a day, and no more than a share for a class of costs."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from typing import NamedTuple

from ..books.currency import EXPONENTS
from ..books.inflow_sums import inflow
from ..books.levels import received
from ..books.moment import day_to_judge
from .overdue import waiting_of
from .scope import Scope, fund_row
from .snapshot import Snapshot


class Promise(NamedTuple):
    """Of `promised` payments and deliveries a `stage` was promised, `receipt` or `feedback`: `kept` have all of it, `waiting` miss
    some that is not due yet, and `overdue` miss some that was due."""

    stage: str
    promised: int
    kept: int
    waiting: int
    overdue: int


class CostShare(NamedTuple):
    """`spent` minor units of `unit` went to a class of costs; at most `numerator`/`denominator` of the `inflow` may."""

    cost_class: str
    unit: str
    spent: int
    inflow: int
    numerator: int
    denominator: int

    @property
    def is_kept(self) -> bool:
        """Whether no more was spent than that share."""
        return self.spent * self.denominator <= self.numerator * self.inflow


def promises(snapshot: Snapshot, as_of: str = "", *, project: str = "", charity: str = "") -> list[Promise]:
    """How the projects in scope kept their days, as of the day `as_of`, or that of the last entry if it is later.

    A receipt is promised for every payment and delivery out of a project's funds of which something is left that did not come back
    and was not taken into a fund; feedback for each of them that has a receipt.
    """
    held, day = Scope("", project, charity).funds(snapshot.books), day_to_judge(as_of, snapshot.day)
    found = []
    for stage in ("receipt", "feedback"):
        of_stage = [row for (fund, of), row in snapshot.once(_promised).items() if of == stage and fund in held]
        promised, late = sum(row.promised for row in of_stage), sum(bisect_left(row.due_on, day) for row in of_stage)
        missing = sum(len(row.due_on) for row in of_stage)
        found.append(Promise(stage, promised, promised - missing, missing - late, late))
    return found


class _Promised(NamedTuple):
    """How many payments and deliveries out of a fund were promised a stage, and the days on which what is missing is due."""

    promised: int
    due_on: list[str]


def _promised(snapshot: Snapshot) -> dict[tuple[str, str], _Promised]:
    """By fund and stage."""
    counts, due = Counter[tuple[str, str]](), defaultdict[tuple[str, str], list[str]](list)
    for _, row in snapshot.books.disbursement.all():
        if row.left > row.taken and fund_row(snapshot.books, row.fund).project:
            counts.update([(row.fund, "receipt"), *([(row.fund, "feedback")] if received(row) else [])])
    earliest: dict[tuple[str, str, str], str] = {}
    for one in waiting_of(snapshot):
        if one.row.left > one.row.taken:
            key = (one.row.fund, one.stage, one.ref)
            earliest[key] = min(earliest.get(key, one.due_on), one.due_on)
    for (fund, stage, _), day in earliest.items():
        due[fund, stage].append(day)
    return {key: _Promised(promised, sorted(due[key])) for key, promised in counts.items()}


def cost_shares(snapshot: Snapshot, project: str) -> list[CostShare]:
    """What a project spent on each class of costs that it limits, in each currency that came in: the limit is a share of the money
    that the project received from outside, as the books count it (books §3)."""
    row, books = snapshot.books.project.get(project), snapshot.books
    units = sorted(unit for name, unit in (key.rsplit("/", 1) for key, _ in books.came.all()) if name == project)
    return [
        CostShare(cost, unit, _spent(snapshot, project, unit, cost), inflow(books, project, unit), numerator, denominator)
        for cost, numerator, denominator in (row.cost_limits if row else ())
        for unit in units
        if unit.upper() in EXPONENTS
    ]


def _spent(snapshot: Snapshot, project: str, unit: str, cost: str) -> int:
    row = snapshot.books.spent.get(f"{project}/{unit}/{cost}")
    return row.amount if row else 0
