"""A project's budget beside its spending."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from .records_about import record_of
from .scope import fund_row
from .snapshot import Snapshot

CLASSES = ("programme", "fundraising", "administration")
Cost = tuple[str, str]


class CostLine(NamedTuple):
    """What is planned for a class of costs and what was spent, in minor units. `planned` is None if the budget has no such line."""

    cost_class: str
    unit: str
    planned: int | None
    spent: int


class FundLine(NamedTuple):
    """What is planned for a fund of the project, which is an activity if there is a plan, and what was paid out of it."""

    fund: str
    unit: str
    planned: int | None
    paid: int


class Budget(NamedTuple):
    """Lines by unit. For each unit, what was spent in `costs` and what was paid in `funds` come to the same."""

    costs: list[CostLine]
    funds: list[FundLine]


def budget_of(snapshot: Snapshot, project: str) -> Budget:
    """What a project plans beside what it spends: by class of costs, in their order, and by fund, in the order in which these were
    made. There is a line wherever something is planned or spent.

    Spent are the payments out of the project's tree, with those for goods and grants, less what came back of them; of a grant, also
    what was paid back of it and taken into a fund again. What repays an advance or pays a grant back is not spent. A payment is in
    the class of costs that it or its last correction says. Deliveries of goods are not included, nor are fees of gifts: they never
    came into a fund, though a limit of fundraising costs counts them.
    """
    if snapshot.books.project.get(project) is None:
        return Budget([], [])
    funds = sorted((row.since, row.depth, id) for id, row in snapshot.books.fund.all() if row.project == project)
    return Budget(_costs(snapshot, project), [line for _, _, fund in funds for line in _of_fund(snapshot, fund)])


def _costs(snapshot: Snapshot, project: str) -> list[CostLine]:
    record = record_of(snapshot, project, fund_row(snapshot.books, project).since)
    planned = {(line.unit, line.cost_class): line.amount for line in record.budget}
    spent = snapshot.once(_paid).of_project.get(project, Counter[Cost]())
    keys = sorted({*planned, *spent}, key=lambda key: (key[0], CLASSES.index(key[1])))
    return [CostLine(cost, unit, planned.get((unit, cost)), spent[unit, cost]) for unit, cost in keys]


def _of_fund(snapshot: Snapshot, fund: str) -> list[FundLine]:
    record = record_of(snapshot, fund, fund_row(snapshot.books, fund).since)
    planned = {line.unit: line.amount for line in record.budget} if record.kind == "activity" else {}
    paid = snapshot.once(_paid).of_fund.get(fund, Counter[str]())
    return [FundLine(fund, unit, planned.get(unit), paid[unit]) for unit in sorted({*planned, *paid})]


class _Paid(NamedTuple):
    """What was paid and did not come back: by project for each (unit, class of costs), and by fund for each unit."""

    of_project: dict[str, Counter[Cost]]
    of_fund: dict[str, Counter[str]]


def _paid(snapshot: Snapshot) -> _Paid:
    paid = _Paid(defaultdict(Counter), defaultdict(Counter))
    for _, row in snapshot.books.disbursement.all():
        project, amount = fund_row(snapshot.books, row.fund).project, row.left - row.regained
        if project and row.kind == "payment" and row.cost_class and amount:
            paid.of_project[project][row.unit, row.cost_class] += amount
            paid.of_fund[row.fund][row.unit] += amount
    return paid
