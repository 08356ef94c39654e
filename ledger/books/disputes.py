"""Receipts and returns that contradict one another.

A receipt says that money arrived, a return that it came back. Both are entered in whatever order they come, because refusing either
would let the first to speak silence the other. Where the owner alone says that what somebody else acknowledged came back, the later
record is reported (`return-against-receipt`), and the units are *disputed* (`life.py`). So are those of what the owner alone
declared void before somebody else acknowledged it.
"""

from __future__ import annotations

from .levels import LEVELS, acknowledged, contested, contesting
from .life import backs
from .naming import disbursement_of
from .rule import demand
from .state import Books, money_of
from .statement_context import StatementContext

Fields = tuple[str, ...]
RULE = "return-against-receipt"


@demand(
    "some of what comes back was acknowledged by somebody other than the owner and its bank, and the recipient did not sign the "
    "return too",
    RULE, decidable=True, remarks=True,
)  # fmt: skip
def agrees_with_receipts(books: Books, context: StatementContext, fields: Fields, of: str, amount: int) -> None:
    row = disbursement_of(books, context, of, fields[0])
    disputed = contested(row, is_void=False) - (row.amount - row.returned - amount)
    if disputed > 0 and not context.has_signed(row.payee):
        words = "{disputed} of what is said to have come back was acknowledged, and the recipient did not sign this"
        context.remark(RULE, f"{fields[0]} {of}: {words}", disputed=money_of(books, row.tape, min(disputed, amount)))


@demand(
    "no fund is named, somebody other than the owner acknowledges, and some of that came back by a return (which a bank does not "
    "contradict), or is void, and the recipient did not sign that",
    RULE, decidable=True, remarks=True,
)  # fmt: skip
def agrees_with_returns(
    books: Books, context: StatementContext, fields: Fields, of: str, amount: int, level: str, into: str | None
) -> None:
    row, ref = disbursement_of(books, context, of, fields[0]), context.resolve(of, fields[0])
    is_void = books.void.get(ref) is not None
    before, reached = contested(row, is_void), min(amount + acknowledged(row, level), row.amount)
    if into is not None or level not in LEVELS or not contesting(level, is_void):
        return
    if reached <= max(before, row.amount - row.returned):
        return
    against = [back for back in backs(books, ref, row, before, reached) if not back.agreed]
    disputed = sum(min(back.end, reached) - max(back.start, before) for back in against)
    if disputed:
        said = "came back or never went out" if is_void else "came back"
        words = f"the owner says that {{disputed}} of what is acknowledged {said}, and the recipient did not sign that"
        context.remark(RULE, f"{fields[0]} {of}: {words}", disputed=money_of(books, row.tape, disputed))
