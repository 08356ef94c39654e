"""The first page: what the ledger holds, and where a reference is looked up. And the list of all projects."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ledger.view import Snapshot

from .asking import Asked, Page
from .totals import given_and_paid, lateness, reach

SHOWN = 12
LISTED = 100


def home(snapshot: Snapshot, asked: Asked) -> Page:
    """Totals, the search, the first projects and charities."""
    books = snapshot.books
    row = books.ledger.get("")
    return Page("home.html", {
        "ledger": row, "time": snapshot.time, "totals": given_and_paid(snapshot), "reach": reach(snapshot),
        "projects": list(islice(_projects(snapshot), SHOWN)), "projects_in_all": sum(1 for _ in books.project.all()),
        "charities": list(islice(_charities(snapshot), SHOWN)), "charities_in_all": sum(1 for _ in _charities(snapshot)),
        **lateness(snapshot, asked.as_of),
    })  # fmt: skip


def listing(snapshot: Snapshot, asked: Asked) -> Page:
    """Projects and charities by their ids, a hundred together a page, from the id `after` on."""
    after = asked.query.get("after", "")
    projects = [row for row in _projects(snapshot) if row["id"] > after]
    charities = [row for row in _charities(snapshot) if row["id"] > after]
    ids = sorted([row["id"] for row in (*projects, *charities)])
    last = ids[LISTED - 1] if len(ids) > LISTED else ""
    shown = [[row for row in rows if not last or row["id"] <= last] for rows in (projects, charities)]
    return Page("listing.html", {"projects": shown[0], "charities": shown[1], "next": last})


def _projects(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    for id, row in snapshot.books.project.items():
        yield {"id": id, "name": row.name, "owner": row.owner}


def _charities(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Parties that own a fund."""
    owners = {row.owner for _, row in snapshot.books.fund.all()}
    for id in sorted(owners):
        yield {"id": id}
