"""A project's budget beside its spending, as its page shows it."""

from __future__ import annotations

from typing import NamedTuple

from ledger.view.budget import CostLine, budget_of
from ledger.view.snapshot import Snapshot

from .steps import fund_name


class FundSpending(NamedTuple):
    """A fund by name, what is planned for it (None if nothing is), and what was paid out of it less what came back."""

    fund: str
    name: str
    unit: str
    planned: int | None
    spent: int


class Planned(NamedTuple):
    """The lines of each unit: by class of costs and by fund what was spent comes to the same."""

    units: list[str]
    costs: list[CostLine]
    funds: list[FundSpending]


def planned(snapshot: Snapshot, project: str) -> Planned:
    """What a project plans and what it spent."""
    budget = budget_of(snapshot, project)
    funds = [FundSpending(one.fund, fund_name(snapshot, one.fund), one.unit, one.planned, one.paid) for one in budget.funds]
    return Planned(sorted({line.unit for line in budget.costs} | {one.unit for one in funds}), budget.costs, funds)
