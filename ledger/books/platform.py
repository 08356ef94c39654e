"""Gifts that came over a platform which did not receive them (books §1).

Where the law does not let a platform receive gifts, as in China, its donors give to the charity itself. The charity records the
gifts and names the platform."""

from __future__ import annotations

from ..errors import Refused
from .naming import party_of
from .rule import demand
from .state import Books
from .statement_context import StatementContext


@demand("it is a party with the role `platform`, and another than the one that makes the record", "reference")
def is_a_platform(books: Books, context: StatementContext, fields: tuple[str, ...], via: str) -> None:
    if via == context.party:
        raise Refused(f"{fields[0]} {via!r}: makes the record itself; leave {fields[0]} out", rule="reference")
    if "platform" not in party_of(books, context, via, fields[0]).roles:
        raise Refused(f"{fields[0]} {via!r}: is not a platform; name one, or leave {fields[0]} out", rule="reference")
