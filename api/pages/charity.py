"""The page of a party: who it is, and what came of the money in its funds."""

from __future__ import annotations

from typing import Any

from ledger.errors import NotFound, shown
from ledger.view import Snapshot

from .asking import Asked, Page
from .frame import party_name
from .home import LISTED
from .project import FUNDS, fund_rows, payments
from .totals import given_and_paid, lateness, reach


def charity(snapshot: Snapshot, asked: Asked) -> Page:
    """A party. Raises NotFound."""
    id, books = asked.path["id"], snapshot.books
    row = books.party.get(id)
    if row is None:
        raise NotFound(f"{shown(id)}: no such party; the list of projects and charities has those there are", rule="reference")
    funds = fund_rows(snapshot, charity=id)
    return Page("charity.html", {
        "id": id, "party": row, "name": party_name(books, id), "identifier": _identifier(snapshot, id, row.since),
        "projects": [(key, project.name) for key, project in books.project.items() if project.owner == id][:LISTED],
        "totals": given_and_paid(snapshot, charity=id), "reach": reach(snapshot, charity=id), "funds": funds[:FUNDS],
        "funds_in_all": len({fund.fund for fund in funds}), "payments": payments(snapshot, party=id),
        **lateness(snapshot, asked.as_of, charity=id),
    })  # fmt: skip


def _identifier(snapshot: Snapshot, id: str, since: int) -> str:
    """The identifier under which the party was admitted; "" where it has none."""
    records: Any = snapshot.leaf(since).statement.records
    return next((record.identifier or "" for record in records if record.kind == "party" and record.id == id), "")
