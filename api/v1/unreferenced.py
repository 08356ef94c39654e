"""Exchanges that no rate can judge."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from ledger.books.state import Books
from ledger.view.snapshot import Snapshot
from ledger.view.unreferenced import Unrated, unreferenced

from .list_request import Counted
from .money import Answer, Money, money_of
from .page import Batch, sliced
from .param import SlugAsked
from .route_docs import lists, resource
from .text_types import DaySaid, RefSaid

router = resource("unreferenced")


class Unreferenced(Answer):
    """An exchange by `party` for which nobody else, or only the operator, said a rate: what it gave, what it got, and when."""

    ref: RefSaid
    party: str
    given: Money
    got: Money
    day: DaySaid


def _said(books: Books, one: Unrated) -> Unreferenced:
    row = one.row
    given, got = money_of(books, row.amount, row.unit), money_of(books, row.to_amount, row.to_unit)
    return Unreferenced(ref=one.ref, party=row.party, given=given, got=got, day=row.day)


@router.get("/unreferenced", **lists(Unreferenced))
async def all_unreferenced(
    asked: Counted, party: Annotated[SlugAsked | None, Query(description="Only exchanges by this party.")] = None
) -> Response:
    """Exchanges for which nobody but the party said what the currencies were worth, the newest first."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        found = unreferenced(snapshot, party=party or "")
        return sliced(found, cursor, limit).said(lambda one: _said(snapshot.books, one))

    return await asked.page(Unreferenced, question)
