"""The line of accounts: what came in, what left, and what is left, of a scope."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from starlette.responses import Response

from ledger.view.account import accounts
from ledger.view.snapshot import Snapshot

from .list_request import Counted
from .money import Answer, SignedMoney, signed_of
from .page import Batch, sliced
from .param import Within
from .route_docs import lists, resource

LEFT = "left"

router = resource("accounts")


class AccountTerm(Answer):
    """A term of the line in one unit: `amount` in `records` records, below 0 if it takes from what is left. The term `left` is
    last: it is the sum of those before it, and has no records of its own."""

    term: str
    amount: SignedMoney
    records: int


def _terms(snapshot: Snapshot, scope: dict[str, str]) -> Iterator[AccountTerm]:
    for line in accounts(snapshot, **scope):
        for term in line.terms:
            amount = signed_of(snapshot.books, term.amount, line.unit)
            yield AccountTerm(term=term.name, amount=amount, records=term.records)
        yield AccountTerm(term=LEFT, amount=signed_of(snapshot.books, line.left, line.unit), records=0)


@router.get("/accounts", description=inspect.getdoc(accounts), **lists(AccountTerm))
async def lines(asked: Counted, within: Within) -> Response:
    """One line that adds up for each unit, term by term."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        return sliced(list(_terms(snapshot, within)), cursor, limit)

    return await asked.page(AccountTerm, question)
