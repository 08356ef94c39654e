"""Custodians: banks and payment channels that keep a party's money, and what they say of it (books §2).

A party's mandate names who keeps the money of each channel. That it confirms a payment counts as the word of somebody else, so it
is neither the party itself nor related to it.
"""

from __future__ import annotations

from collections.abc import Collection

from .kinship import is_near
from .mandate import custodian_of, has_role
from .state import Books
from .statement_context import StatementContext

KEEPERS = frozenset({"custodian", "platform"})


def custodian_for(
    books: Books, context: StatementContext, owner: str, channel: str, days: Collection[str], others: Collection[str] = ()
) -> str:
    """The custodian of a party's channel by its mandate, with the role of one, and not related to the party, or to the `others`, on
    the day of the entry or these days; "" if there is none."""
    keeper = custodian_of(books, owner, channel, context.day)
    if not keeper or not has_role(books, keeper, KEEPERS) or is_near(books, keeper, {owner, *others}, {context.day, *days}):
        return ""
    return keeper
