"""The page of a party: who it is, and what happened to the money in its funds."""

from __future__ import annotations

from ledger.view.snapshot import Snapshot

from ..v1.party import members
from .frame import party_name
from .lists import FUNDS, fund_rows, payments
from .page_request import Asked, Page
from .totals import LISTED, given_and_paid, reach, what_is_overdue


def charity(snapshot: Snapshot, asked: Asked) -> Page:
    """A party. Raises NotFound."""
    id, books = asked.path["id"], snapshot.books
    party = members(snapshot, id)
    funds = fund_rows(snapshot, charity=id)
    return Page("charity.html", {
        "id": id, "party": party, "name": party_name(asked.voice, books, id),
        "projects": [(key, project.name) for key, project in books.project.items() if project.owner == id][:LISTED],
        "totals": given_and_paid(snapshot, charity=id), "reach": reach(snapshot, charity=id), "funds": funds[:FUNDS],
        "funds_in_all": len({fund.fund for fund in funds}), "payments": payments(snapshot, party=id),
        **what_is_overdue(snapshot, asked.as_of, charity=id),
    })  # fmt: skip
