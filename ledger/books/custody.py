"""Custodians: banks and payment channels that keep a party's money, and what they say of it (books §2).

A party's mandate names who keeps the money of each channel. That it confirms a payment counts as the word of somebody else, so it
is neither the party itself nor related to it.
"""

from __future__ import annotations

from collections.abc import Collection

from .group import PREFIX
from .kinship import is_near
from .mandate import custodian_of, has_role
from .state import Books
from .statement_context import StatementContext

KEEPERS = frozenset({"custodian", "platform"})
CHARGES = f"{PREFIX}bank-charges"
"""The payee of what a bank keeps for itself, where no bank is named."""


def custodian_for(
    books: Books, context: StatementContext, owner: str, channel: str, days: Collection[str], others: Collection[str] = (),
    entered: str = "",
) -> str:  # fmt: skip
    """The custodian of a party's channel by its mandate, and also when a payment was `entered`, if there was one, with the role of
    one, and not related to the party, or to the `others`, on the day of the entry or these days; "" if there is none."""
    keeper = custodian_of(books, owner, channel, context.day)
    if not keeper or (entered or keeper) != keeper:
        return ""
    return keeper if is_apart(books, keeper, {owner, *others}, {context.day, *days}, {owner, keeper}) else ""


def is_apart(books: Books, keeper: str, parties: Collection[str], days: Collection[str], bound: Collection[str]) -> bool:
    """Whether a party has the role of a custodian, and what it says of these parties is the word of somebody else: it is none of
    them, not related to one on these days (`is_near`), and none of them is *bank charges*, which a bank pays to itself."""
    return has_role(books, keeper, KEEPERS) and CHARGES not in parties and not is_near(books, keeper, parties, days, bound)
