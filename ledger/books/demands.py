"""The demands that any kind can make about the units and amounts that it names."""

from __future__ import annotations

from ..errors import Refused
from .flows import size
from .rule import demand
from .state import Books, money
from .statement_context import StatementContext
from .tape import Span

Fields = tuple[str, ...]


@demand("where units are named, they are as many as the amount, of that unit", "reference", decidable=True)
def as_many(
    books: Books, context: StatementContext, fields: Fields, units: tuple[Span, ...] | None, amount: int, unit: str
) -> None:
    if units is not None and size(units) != amount:
        facts = {"named": money(books, unit, size(units)), "amount": money(books, unit, amount)}
        raise Refused(
            "units: they hold {named}, but the amount is {amount}; name units of exactly that amount",
            rule="reference", facts=facts,
        )
