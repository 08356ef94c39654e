"""Money whose source is not stated."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from ledger.books.state import Books
from ledger.view.snapshot import Snapshot
from ledger.view.unstated import Unstated as Listed
from ledger.view.unstated import unstated

from .list_request import Counted
from .money import Answer, Money, money_of
from .page import Batch, sliced
from .param import SlugAsked
from .route_docs import lists, resource
from .text_types import DaySaid, RefSaid

router = resource("unstated")


class Unstated(Answer):
    """Money that came into a fund of `party`, by a record that does not say where from; the day is the earliest of the file."""

    ref: RefSaid
    party: str
    fund: str
    amount: Money
    day: DaySaid


def _said(books: Books, one: Listed) -> Unstated:
    row = one.row
    return Unstated(ref=one.ref, party=row.party, fund=row.fund, amount=money_of(books, row.amount, row.unit), day=row.day)


@router.get("/unstated", **lists(Unstated))
async def all_unstated(
    asked: Counted, party: Annotated[SlugAsked | None, Query(description="Only money of this party.")] = None
) -> Response:
    """Income whose source is not stated, such as that of an imported file of grants; the newest first."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        found = unstated(snapshot, party=party or "")
        return sliced(found, cursor, limit).said(lambda one: _said(snapshot.books, one))

    return await asked.page(Unstated, question)
