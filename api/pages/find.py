"""The page that a reference leads to."""

from __future__ import annotations

from ledger.books.gift import split_ref
from ledger.errors import NotFound
from ledger.pasted import pasted_ref
from ledger.view.snapshot import Snapshot

from .examples import first_gift
from .locale import plain
from .page_request import Asked, Page
from .paths import path_of

SHOWN = 60


def find(snapshot: Snapshot, asked: Asked) -> Page:
    """Redirect to the page of a pasted reference, or show a page that says that there is none."""
    given = asked.query.get("ref", "").strip()
    try:
        ref = pasted_ref(given)
    except NotFound:
        return _nothing(snapshot, given, "form" if given else "empty")
    try:
        return Page("", {}, to=_path(snapshot, ref))
    except NotFound:
        return _nothing(snapshot, given, "unknown")


def _nothing(snapshot: Snapshot, given: str, why: str) -> Page:
    facts = {"given": plain(given[:SHOWN]), "why": why, "example": first_gift(snapshot)}
    return Page("find.html", facts, 404 if given else 200)


def _path(snapshot: Snapshot, ref: str) -> str:
    """The page of a reference. If it is only an entry's number and the entry holds a single gift, that gift's page. Raises
    NotFound."""
    if "." not in ref:
        gifts = [number for number, record in enumerate(snapshot.leaf(int(ref)).statement.records) if record.is_gift]
        return f"/g/{ref}.{gifts[0]}" if len(gifts) == 1 else f"/entry/{ref}"
    return path_of(ref, snapshot.store_flows.target(*split_ref(ref)).record.kind)
