"""The first page: what the ledger holds, and the search for a reference. Also the lists of all projects and organisations."""

from __future__ import annotations

from ledger.canonical import JsonObject
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot

from .account import account_lines
from .cards import cards_of
from .examples import first_gift
from .lately import lately
from .months import months
from .page_request import Asked, Page
from .totals import LISTED, reach, what_is_overdue

SHOWN = 12


def home(snapshot: Snapshot, asked: Asked) -> Page:
    """Totals, the search, the first projects and charities."""
    projects, charities = _projects(snapshot), _charities(snapshot)
    return Page("home.html", {
        "ledger": snapshot.books.ledger.get(""), "time": snapshot.time, "accounts": account_lines(snapshot), "scope": {},
        "reach": reach(snapshot), "cards_of_projects": cards_of(snapshot, asked.as_of, [row["id"] for row in projects[:SHOWN]]),
        "projects_in_all": len(projects),
        "lately": lately(snapshot), "months": months(snapshot, Scope()),
        "example": first_gift(snapshot), "charities": charities[:SHOWN],
        "charities_in_all": len(charities), **what_is_overdue(snapshot, asked.as_of),
    })  # fmt: skip


def projects(snapshot: Snapshot, asked: Asked) -> Page:
    """Projects by id, a hundred on a page, starting after the id `after`."""
    rows, after = _projects(snapshot), asked.query.get("after", "")
    ids = [row["id"] for row in rows if row["id"] > after]
    shown = ids[:LISTED]
    return Page("listing.html", {"cards_of_projects": cards_of(snapshot, asked.as_of, shown), "next": _last(ids)})


def organisations(snapshot: Snapshot, asked: Asked) -> Page:
    """Parties that own a fund by id, a hundred on a page, starting after the id `after`."""
    ids = [id for id in _charities(snapshot) if id > asked.query.get("after", "")]
    return Page("organisations.html", {"charities": ids[:LISTED], "next": _last(ids)})


def _last(ids: list[str]) -> str:
    """The last id on a page, if others follow."""
    return ids[LISTED - 1] if len(ids) > LISTED else ""


def _projects(snapshot: Snapshot) -> list[JsonObject]:
    rows = snapshot.books.project.items()
    return [{"id": id, "name": row.name, "owner": row.owner} for id, row in sorted(rows)]


def _charities(snapshot: Snapshot) -> list[str]:
    """Parties that own a fund."""
    return sorted({row.owner for _, row in snapshot.books.fund.all()})
