"""The list behind a term of the line of accounts, whose sum is that term."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from ledger.books.field import UnitCode
from ledger.books.gift import split_ref
from ledger.view.movement import TERMS
from ledger.view.movements import MONTH, SPENT, TERMS_IN, Narrowed, Row, movements, total
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot

from .list_request import OfRecords
from .money import Answer, SignedMoney, signed_of
from .page import Batch, Page
from .param import Within
from .route_docs import lists, resource
from .text_types import DaySaid, RefSaid

router = resource("movements")
TermAsked = Annotated[
    str,
    Query(
        description=f"The term of `/v1/accounts`: {', '.join(TERMS)}; or {SPENT}, which is {', '.join(TERMS_IN[SPENT])} together.",
        pattern=f"^({'|'.join((*TERMS, SPENT))})$",
    ),
]
UnitAsked = Annotated[UnitCode, Query(description="The unit of the term.")]
PayeeAsked = Annotated[
    str | None,
    Query(description="Only what this party was paid or sent back, or people of this class, `group/<class>`.", max_length=80),
]
MonthAsked = Annotated[
    str | None, Query(description="Only records of this month, by their own day.", pattern=f"^{MONTH}$")
]


class Movement(Answer):
    """What a record adds to the term, below 0 if it takes from it. `fund` is the first fund of the scope whose units it moved;
    `other_fund` the fund outside the scope that they went to or came from, if they stayed in this ledger. `day` is the record's own
    day, or that of its entry."""

    ref: RefSaid
    kind: str
    day: DaySaid
    fund: str
    other_fund: str | None
    payee: str | None
    amount: SignedMoney


class MovementPage(Page[Movement]):
    """A page of the list. `total` is the sum of the whole list, and `records` how many items it has."""

    total: SignedMoney
    records: int


def movement_of(snapshot: Snapshot, unit: str, row: Row) -> Movement:
    """A row of the list."""
    return Movement(
        ref=row.ref, kind=row.kind, day=row.day, fund=row.fund, other_fund=row.other or None, payee=row.payee or None,
        amount=signed_of(snapshot.books, row.amount, unit),
    )  # fmt: skip


@router.get("/movements", **lists(Movement, MovementPage))
async def listed(
    asked: OfRecords, within: Within, term: TermAsked, unit: UnitAsked, payee: PayeeAsked = None, month: MonthAsked = None
) -> Response:
    """The records behind a term of `/v1/accounts`, newest first. A page may have fewer items than `limit`, even none, and still
    have a `next`."""
    narrowed, scope = Narrowed(term, unit, payee or "", month or ""), Scope(**within)

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        page = movements(snapshot, narrowed, scope, after=split_ref(cursor) if cursor else None, limit=limit)
        sum_ = total(snapshot, narrowed, scope)
        after = f"{page.next[0]}.{page.next[1]}" if page.next else None
        more = {"total": signed_of(snapshot.books, sum_.amount, unit), "records": sum_.records}
        return Batch([movement_of(snapshot, unit, row) for row in page.rows], after, whole=MovementPage, more=more)

    return await asked.page(Movement, question)
