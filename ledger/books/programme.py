"""The words of funds: where a fund can be placed, and what it inherits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Refused
from .reads import Promised
from .relation_rows import Implementer
from .restriction import inherited
from .rows import Activity, Fund, Project
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rows = Sequence[Flow]
MOST_BELOW = 16


@demand("no fund has that id yet", "reference", decidable=True)
def is_new_fund(books: Books, context: StatementContext, fields: Fields, id: str) -> None:
    if books.fund.get(id) is not None:
        raise Refused(f"{fields[0]} {id!r}: a fund with that id exists; choose another id", rule="reference")


@demand(
    "the parent is not an activity, and is less than 16 levels below its root; the parent of a `project` does not belong to a "
    "project",
    "reference", decidable=True,
)  # fmt: skip
def can_stand_below(books: Books, context: StatementContext, fields: Fields, parent: str, kind: str) -> None:
    above = books.fund.get(parent)
    if above is None:
        return
    if above.kind == "activity" or (kind == "project" and above.project):
        nested = f"belongs to project {above.project!r}, and projects do not contain one another"
        what = nested if kind == "project" else "is an activity"
        raise Refused(f"{fields[0]} {parent!r}: {what}; choose a fund outside of it", rule="reference")
    if above.depth == MOST_BELOW:
        words = f"is {MOST_BELOW} levels below {above.root!r}, which is the most allowed; choose a fund above it"
        raise Refused(f"{fields[0]} {parent!r}: {words}", rule="reference")


@demand("the fund belongs to a project", "reference", decidable=True)
def in_project(books: Books, context: StatementContext, fields: Fields, parent: str) -> None:
    above = books.fund.get(parent)
    if above is not None and not above.project:
        raise Refused(
            f"{fields[0]} {parent!r}: does not belong to a project; an activity must be below a project", rule="reference",
        )


@memory("a fund of the party, with its `restriction` or that of the parent, whichever is stricter", decidable=True)
def makes_fund(books: Books, context: StatementContext, record: Any, rows: Rows, id: str, parent: str | None) -> None:
    above = books.fund.get(parent) if parent else None
    restriction, project = getattr(record, "restriction", "unrestricted"), id if record.kind == "project" else ""
    if above is None:
        fund = Fund(context.party, "", id, record.kind, project, restriction, context.index, 0)
    else:
        restriction, project = inherited(restriction, above.restriction), project or above.project
        fund = Fund(context.party, parent or "", above.root, record.kind, project, restriction, context.index, above.depth + 1)
    books.fund.put(id, fund)


@memory("what the project promised: within how many days receipts and feedback are due, and the level of receipt", decidable=True)
def promises(
    books: Books, context: StatementContext, record: Promised, rows: Rows, id: str, receipt_days: int, feedback_days: int,
    receipt_level: str | None,
) -> None:
    limits = tuple((limit.cost_class, *limit.rate) for limit in record.cost_limits)
    books.project.put(id, Project(context.party, record.name, limits, receipt_days, feedback_days, receipt_level or ""))


@memory("who leads the activity, and who else may report on it; they work for its project", decidable=True)
def is_led(books: Books, context: StatementContext, record: object, rows: Rows, id: str, implementers: tuple[str, ...]) -> None:
    fund = books.fund.get(id)
    project = fund.project if fund else ""
    books.activity.put(id, Activity(project, context.party, implementers))
    for party in (context.party, *implementers):
        books.works.put(f"{project}/{party}", Implementer(party))
