"""The first page: what the ledger holds, and the search for a reference. Also the list of all projects."""

from __future__ import annotations

from ledger.canonical import JsonObject
from ledger.view.snapshot import Snapshot

from .examples import first_gift
from .page_request import Asked, Page
from .totals import LISTED, given_and_paid, reach, what_is_overdue

SHOWN = 12


def home(snapshot: Snapshot, asked: Asked) -> Page:
    """Totals, the search, the first projects and charities."""
    projects, charities = _projects(snapshot), _charities(snapshot)
    return Page("home.html", {
        "ledger": snapshot.books.ledger.get(""), "time": snapshot.time, "totals": given_and_paid(snapshot),
        "reach": reach(snapshot), "projects": projects[:SHOWN], "projects_in_all": len(projects),
        "example": first_gift(snapshot), "charities": charities[:SHOWN],
        "charities_in_all": len(charities), **what_is_overdue(snapshot, asked.as_of),
    })  # fmt: skip


def listing(snapshot: Snapshot, asked: Asked) -> Page:
    """Projects and charities by id, a hundred in all per page, starting after the id `after`."""
    after = asked.query.get("after", "")
    projects = [row for row in _projects(snapshot) if row["id"] > after]
    charities = [id for id in _charities(snapshot) if id > after]
    ids = sorted([*(row["id"] for row in projects), *charities])
    last = ids[LISTED - 1] if len(ids) > LISTED else ""
    return Page("listing.html", {
        "projects": [row for row in projects if not last or row["id"] <= last],
        "charities": [id for id in charities if not last or id <= last], "next": last,
    })  # fmt: skip


def _projects(snapshot: Snapshot) -> list[JsonObject]:
    return [{"id": id, "name": row.name, "owner": row.owner} for id, row in snapshot.books.project.items()]


def _charities(snapshot: Snapshot) -> list[str]:
    """Parties that own a fund."""
    return sorted({row.owner for _, row in snapshot.books.fund.all()})
