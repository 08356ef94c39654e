"""How projects kept what they promised: a receipt and feedback by a day, and no more than a share for a class of costs."""

from __future__ import annotations

from typing import NamedTuple

from ..books.currency import EXPONENTS
from ..books.inflow_sums import inflow
from ..books.levels import received
from ..books.moment import day_to_judge
from .overdue import waiting_of
from .scope import Scope
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
    scope, day = Scope("", project, charity), day_to_judge(as_of, snapshot.day)
    promised = {"receipt": set[str](), "feedback": set[str]()}
    for ref, row in snapshot.books.disbursement.all():
        fund = snapshot.books.fund.get(row.fund)
        if fund is not None and fund.project and row.left > row.taken and scope.holds(snapshot.books, row.fund):
            promised["receipt"].add(ref)
            if received(row):
                promised["feedback"].add(ref)
    missing: dict[tuple[str, str], str] = {}
    for one in waiting_of(snapshot):
        if one.ref in promised[one.stage]:
            missing[one.stage, one.ref] = min(missing.get((one.stage, one.ref), one.due_on), one.due_on)
    found = []
    for stage, refs in promised.items():
        late = sum(due_on < day for (of, _), due_on in missing.items() if of == stage)
        open_ = sum(of == stage for of, _ in missing) - late
        found.append(Promise(stage, len(refs), len(refs) - late - open_, open_, late))
    return found


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
