"""Records between related parties that say so."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from ledger.books.state import Books
from ledger.view.related import Related as Listed
from ledger.view.related import related
from ledger.view.snapshot import Snapshot

from .list_request import Counted
from .money import Answer, Money, money_of
from .page import Batch, sliced
from .param import SlugAsked
from .route_docs import lists, resource
from .text_types import DaySaid, RefSaid

router = resource("related")


class Related(Answer):
    """A record of `party` that says how `other` is related to it: its amount, and the day on which money or goods moved."""

    ref: RefSaid
    party: str
    kind: str
    other: str
    nature: str
    amount: Money
    day: DaySaid


def _said(books: Books, one: Listed) -> Related:
    row = one.row
    return Related(
        ref=one.ref, party=row.party, kind=row.kind, other=row.other, nature=row.nature,
        amount=money_of(books, row.amount, row.unit), day=row.day,
    )  # fmt: skip


@router.get("/related", **lists(Related))
async def all_related(
    asked: Counted, party: Annotated[SlugAsked | None, Query(description="Only records by this party, or about it.")] = None
) -> Response:
    """Payments, deliveries, exchanges and gifts between related parties that say so, the newest first."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        found = related(snapshot, party=party or "")
        return sliced(found, cursor, limit).said(lambda one: _said(snapshot.books, one))

    return await asked.page(Related, question)
