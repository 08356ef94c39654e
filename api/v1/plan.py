"""What a project plans beside what came of it: targets and a budget."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.bounds import MAX_INTEGER
from ledger.view.budget import budget_of
from ledger.view.snapshot import Snapshot
from ledger.view.targets import TargetRow, targets_of

from .money import Answer, Money, SumOfMoney, money_of, sum_of
from .text_types import DaySaid, RefSaid, SumSaid


class Actual(Answer):
    """What counts towards a target: `value`, as `party` reported it on the day `reported_on` in the record `feedback`. If several
    records are added up, these are of the newest; `added_up` are all."""

    value: SumSaid
    party: str
    feedback: RefSaid
    reported_on: DaySaid
    added_up: list[RefSaid]


class Target(Answer):
    """A number that `fund`, a project or an activity, wants to reach by a day, from `baseline` if that was measured. Where `actual`
    is null, `why` says why: there is no feedback, it is measured in other words, or there is too much to add up. `is_reached` is
    true once the actual is at the target or beyond it."""

    fund: str
    indicator: str
    measured_in: str
    baseline: int | None = Field(ge=0, le=MAX_INTEGER)
    target: int = Field(ge=0, le=MAX_INTEGER)
    by: DaySaid
    actual: Actual | None
    why: Literal["no-feedback", "measured-otherwise", "too-many"] | None
    is_reached: bool


class CostPlan(Answer):
    """What is planned for a class of costs, null if nothing is, and what was spent on it, less what came back."""

    cost_class: str
    planned: Money | None
    spent: SumOfMoney


class FundPlan(Answer):
    """What is planned for an activity, null for any other fund and where nothing is, and what was paid out of its fund, less what
    came back."""

    fund: str
    planned: Money | None
    paid: SumOfMoney


class Budget(Answer):
    """A project's plans beside its spending, by class of costs and by fund. In each unit, all of `spent` and all of `paid` come to
    the same sum."""

    costs: list[CostPlan]
    funds: list[FundPlan]


def targets(snapshot: Snapshot, project: str) -> list[Target]:
    """The targets of a project and its activities."""
    return [_target(row) for row in targets_of(snapshot, project=project)]


def _target(row: TargetRow) -> Target:
    return Target(
        fund=row.fund, indicator=row.indicator, measured_in=row.measured_in, baseline=row.baseline, target=row.target, by=row.by,
        actual=_actual(row), why=row.why or None, is_reached=row.is_reached,
    )  # fmt: skip


def _actual(row: TargetRow) -> Actual | None:
    if row.actual is None:
        return None
    return Actual(
        value=row.actual, party=row.reported_by, feedback=row.ref, reported_on=row.day, added_up=list(row.refs),
    )  # fmt: skip


def budget(snapshot: Snapshot, project: str) -> Budget:
    """The budget of a project beside its spending."""
    books, plans = snapshot.books, budget_of(snapshot, project)

    def planned(amount: int | None, unit: str) -> Money | None:
        return None if amount is None else money_of(books, amount, unit)

    return Budget(
        costs=[
            CostPlan(cost_class=one.cost_class, planned=planned(one.planned, one.unit), spent=sum_of(books, one.spent, one.unit))
            for one in plans.costs
        ],
        funds=[
            FundPlan(fund=one.fund, planned=planned(one.planned, one.unit), paid=sum_of(books, one.paid, one.unit))
            for one in plans.funds
        ],
    )
