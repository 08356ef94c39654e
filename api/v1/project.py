"""Projects: what they promise, and what is in their funds."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from starlette.responses import Response

from ledger.view.figures import fund_figures
from ledger.view.goal import granted_to
from ledger.view.records_about import record_of
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import traceability

from .fund_members import Figures, Fund, figures_of, members
from .list_request import ById, One
from .money import Answer, Money, money_of
from .page import Batch, keyed
from .param import CharityAsked, Id, known
from .plan import Budget, Target, budget, targets
from .route_docs import lists, resource, says

router = resource("projects")


class CostLimit(Answer):
    """At most numerator / denominator of the project's inflow may be spent on this class of costs."""

    cost_class: str
    numerator: int
    denominator: int


class Project(Fund):
    """A fund with a goal. A receipt is due `receipt_days` after a payment, feedback `feedback_days` after the receipt; `funds`
    are all of its tree, `activities` those that money is assigned to."""

    goal: list[Money]
    receipt_days: int
    feedback_days: int
    cost_limits: list[CostLimit]
    place: str | None
    filing: str | None
    funds: list[str]
    activities: list[str]


class Goal(Answer):
    """How much of a goal was reached. `given` are gifts into the project's funds, less refunds to donors. `granted` is money from
    funds outside the project, by allocations and by payments into its funds, less what was reversed or came back."""

    goal: Money
    given: Money
    granted: Money


class ProjectWithFigures(Project):
    """A project, with how much of each sum of its goal was reached, its targets, its budget beside its spending, and the figures
    of its funds in each unit."""

    tree_size: int
    goals: list[Goal]
    targets: list[Target]
    budget: Budget
    figures: list[Figures]


def _members(snapshot: Snapshot, id: str) -> dict[str, Any]:
    """The members of `Project`. Raises NotFound."""
    books = snapshot.books
    row = known(books.project, id, "project", "projects")
    fund = members(snapshot, id)
    record = record_of(snapshot, id, fund["entry"])
    funds = snapshot.once(_funds_by_project)[id]
    limits = [CostLimit(cost_class=name, numerator=above, denominator=below) for name, above, below in row.cost_limits]
    return {
        **fund, "goal": [money_of(books, part.amount, part.unit) for part in record.goal], "receipt_days": row.receipt_days,
        "feedback_days": row.feedback_days, "cost_limits": limits, "place": record.place, "filing": record.filing,
        "funds": funds, "activities": [name for name in funds if books.activity.get(name)],
    }  # fmt: skip


def _funds_by_project(snapshot: Snapshot) -> dict[str, list[str]]:
    """The funds in each project's tree, in the order in which they were created."""
    funds: dict[str, list[str]] = defaultdict(list)
    for name, row in sorted(snapshot.books.fund.all(), key=lambda item: (item[1].since, item[1].depth, item[0])):
        if row.project:
            funds[row.project].append(name)
    return funds


def project_with_figures(snapshot: Snapshot, id: str) -> ProjectWithFigures:
    """A project with its figures. Raises NotFound."""
    said = _members(snapshot, id)
    figures = [Figures(**figures_of(snapshot.books, figure)) for figure in fund_figures(snapshot, project=id)]
    return ProjectWithFigures(
        **said, tree_size=snapshot.tree_size, goals=_goals(snapshot, id, said["goal"]), targets=targets(snapshot, id),
        budget=budget(snapshot, id), figures=figures,
    )  # fmt: skip


def _goals(snapshot: Snapshot, id: str, goals: list[Money]) -> list[Goal]:
    """Each sum in the goal, and what came towards it in its unit."""
    given = {row.unit: row.base for row in traceability(snapshot, project=id)}
    granted = granted_to(snapshot, id)

    def money(sums: dict[str, int], unit: str) -> Money:
        return money_of(snapshot.books, sums.get(unit, 0), unit)

    return [Goal(goal=goal, given=money(given, goal.unit), granted=money(granted, goal.unit)) for goal in goals]


@router.get("/projects", **lists(Project))
async def projects(asked: ById, charity: CharityAsked = None) -> Response:
    """Projects, by id."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        ids = [id for id, row in snapshot.books.project.items() if charity in (None, row.owner)]
        return keyed(ids, cursor, limit).said(lambda id: Project(**_members(snapshot, id)))

    return await asked.page(Project, question)


@router.get("/projects/{id}", **says(ProjectWithFigures))
async def project(asked: One, id: Id) -> Response:
    """One project, with its figures."""
    return await asked.answer(lambda snapshot: project_with_figures(snapshot, id))
