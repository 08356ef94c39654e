"""Whose funds a list is about, as its address chooses them."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.errors import NotFound, shown
from ledger.view.snapshot import Snapshot

from .steps import fund_name

SCOPES = ("fund", "project", "charity")

Called = list[tuple[str, str, str]]
"""The (kind of scope, id, name) of what was chosen; the name is "" for a charity, which templates name."""


def chosen_scope(snapshot: Snapshot, query: Mapping[str, str]) -> tuple[dict[str, str], Called]:
    """The scope that a query chooses, and what it is called. Raises NotFound."""
    scope = {name: query[name] for name in SCOPES if query.get(name)}
    return scope, [(name, id, _called(snapshot, name, id)) for name, id in scope.items()]


def _called(snapshot: Snapshot, name: str, id: str) -> str:
    books = snapshot.books
    if (books.fund if name == "fund" else books.project if name == "project" else books.party).get(id) is None:
        raise NotFound(f"{shown(id)}: there is no such {name}", rule="reference", where=id[:80])
    return "" if name == "charity" else fund_name(snapshot, id)
