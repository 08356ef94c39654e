"""The words of public registers: an organisation has one number in one, and is one party (books §2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase

from .register_rows import Registered
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

RULE = "identifier-again"
SEPARATORS = re.compile(r"[ ./-]+")
SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def bare(identifier: str) -> str:
    """An identifier without what its spellings differ in: `GB-CHC-1` and `gb / chc 1` are `gb-chc-1`. Where its groups end counts:
    `1-23` is another number than `12-3`, and so does every other sign, such as the `&` of a Mexican number."""
    return SEPARATORS.sub("-", identifier).strip("-").translate(SMALL)


@demand(
    "no other party has that identifier, however it is spelled: its groups may be separated by spaces, hyphens, dots or slashes, "
    "and capital and small letters of ASCII are alike",
    RULE, decidable=True,
)  # fmt: skip
def is_new_identifier(books: Books, context: StatementContext, fields: tuple[str, ...], identifier: str) -> None:
    row = books.registered.get(bare(identifier))
    if row is not None:
        words = f"belongs to {row.party} since entry {row.since}; an organisation is one party, so use that one"
        context.fault(RULE, f"{fields[0]} {identifier!r}: {words}")


@memory("the party has that identifier, unless another one had it before", decidable=True)
def is_registered(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], party: str, identifier: str
) -> None:
    if books.registered.get(key := bare(identifier)) is None:
        books.registered.put(key, Registered(party, context.index))
