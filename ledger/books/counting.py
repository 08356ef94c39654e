"""The words of stocktakes (books §2)."""

from __future__ import annotations

from .rule import demand
from .state import Books
from .statement_context import StatementContext


@demand("the party that counted signed the statement", "approval", decidable=True)
def signed_by_counter(books: Books, context: StatementContext, fields: tuple[str, ...], counted_by: str) -> None:
    if not context.has_signed(counted_by):
        context.fault("approval", f"{fields[0]} {counted_by!r}: has not signed; who counted must sign")
