"""The list behind what came towards a goal of a project: by the fund that received it and where it came from."""

from __future__ import annotations

from ledger.view.goal import towards_goal
from ledger.view.snapshot import Snapshot

from ..v1.param import known
from ..v1.project import project_with_figures
from .page_request import Asked, Page
from .paths import fund_path
from .steps import fund_name


def goal(snapshot: Snapshot, asked: Asked) -> Page:
    """What came towards the goal of a project in one unit. Raises NotFound."""
    id, unit, books = asked.path["id"], asked.query.get("unit", ""), snapshot.books
    name = known(books.project, id, "project", "projects").name
    known(books.unit, unit, "unit", "units")
    found = towards_goal(snapshot, id, unit)
    parts = sorted((*found.gifts, *found.granted), key=lambda part: -part.amount)
    goals = {row.goal.unit: row.goal.minor for row in project_with_figures(snapshot, id).goals}
    ids = {id for part in parts for id in (part.fund, part.source) if id}
    return Page("goal.html", {
        "id": id, "name": name, "unit": unit, "parts": parts, "goal": goals.get(unit, 0),
        "total": sum(part.amount for part in parts),
        "funds": {id: (fund_name(snapshot, id), fund_path(snapshot, id)) for id in ids},
    })  # fmt: skip
