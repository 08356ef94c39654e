"""Changes of keys: who can sign for a party since when, and who no longer can."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from ledger.view.officers import KeyChange, entered_on, key_changes
from ledger.view.snapshot import Snapshot

from .list_request import Counted
from .money import Answer
from .page import Batch, sliced
from .param import SlugAsked
from .route_docs import lists, resource
from .text_types import DaySaid

router = resource("key-changes")


class ChangeOfKey(Answer):
    """A public key, in base64, that was given to an officer of a party, or revoked, by an entry of that day. If the change had to
    wait, `from_day` is the day on which it took or takes effect."""

    entry: int
    party: str
    officer: str
    what: Literal["given", "revoked"]
    key: str
    entered_on: DaySaid
    from_day: DaySaid | None


def _said(snapshot: Snapshot, one: KeyChange) -> ChangeOfKey:
    return ChangeOfKey(
        entry=one.entry, party=one.party, officer=one.row.officer, what=one.what, key=one.key, entered_on=entered_on(snapshot, one),
        from_day=one.from_day or None,
    )  # fmt: skip


@router.get("/key-changes", **lists(ChangeOfKey))
async def all_key_changes(
    asked: Counted, party: Annotated[SlugAsked | None, Query(description="Only keys of this party.")] = None
) -> Response:
    """Every key that a party got or lost after it was admitted, the newest first. A change that nobody in the party knows of may be
    a thief's."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        return sliced(key_changes(snapshot, party=party or ""), cursor, limit).said(lambda one: _said(snapshot, one))

    return await asked.page(ChangeOfKey, question)
