"""The page of a fund: whose it is, its line of accounts, and what moved in it last."""

from __future__ import annotations

from ledger.errors import NotFound, shown
from ledger.view.movements import latest
from ledger.view.snapshot import Snapshot

from .account import account_lines
from .page_request import Asked, Page
from .steps import fund_name

SHOWN = 20


def fund(snapshot: Snapshot, asked: Asked) -> Page:
    """A fund. Raises NotFound."""
    id, books = asked.path["id"], snapshot.books
    row = books.fund.get(id)
    if row is None:
        raise NotFound(f"{shown(id)}: there is no such fund", rule="reference", where=id[:80])
    project = books.project.get(row.project)
    return Page("fund.html", {
        "id": id, "name": fund_name(snapshot, id), "fund": row, "project": project.name if project else "",
        "parent": fund_name(snapshot, row.parent) if row.parent else "", "accounts": account_lines(snapshot, fund=id),
        "scope": {"fund": id}, "latest": latest(snapshot, id, SHOWN),
    })  # fmt: skip
