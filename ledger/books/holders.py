"""Holders: somebody who is not a party, and can answer a record by a one-time key that the record holds the digest of.

The record says SHA-256(salt ‖ key). The answer opens salt and key, and the key signs the statement too. That proves that whoever
held the secret agreed, not who that was. A key answers one record, and is never anyone else's key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from ..errors import Refused
from ..one_time_key import digest_of_key
from .claims import Settling
from .field import KeyText, Part, Salt
from .flows import Target
from .rows import Answered
from .rule import SETTLED, demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
RULE = "holder"


class Opening(Part):
    """What a `holder` was the digest of. The key signs the statement too."""

    salt: Salt = Field(description="The salt, 16 bytes.")
    key: KeyText = Field(description="The one-time public key.")


@demand(
    "the one-time key signed the statement, belongs to no party and no log, and has not answered another record; and the record "
    "named is in an earlier entry and holds the digest of salt and key",
    RULE, "reference", decidable=True,
)  # fmt: skip
def opens_holder(books: Books, context: StatementContext, fields: Fields, of: str, opening: Opening) -> None:
    key, name = opening.key, context.resolve(of, fields[0])
    if key not in context.keys:
        raise Refused(f"{fields[1]}: key {key} has not signed the statement; sign with it too", rule=RULE)
    ledger, is_partys = books.ledger.get(""), books.key.get(key) is not None or any(one.key == key for one in context.signers)
    if is_partys or (ledger and key in (ledger.log_key, *(ended.log_key for _, ended in books.ended.all()))):
        raise Refused(f"{fields[1]}: key {key} is the key of a party or of a log; make a key for each record", rule=RULE)
    answered = books.answered.get(key)
    if answered is not None and answered.of != name:
        raise Refused(f"{fields[1]}: key {key} has answered {answered.of}; a key answers one record only", rule=RULE)
    context.claim("opens-holder", of, digest=digest_of_key(opening.salt, key))


@memory("which record the one-time key answered", decidable=True)
def answers_holder(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], of: str, opening: Opening
) -> None:
    books.answered.put(opening.key, Answered(context.resolve(of, "of")))


def _holds_digest(facts: dict[str, Any], target: Target) -> None:
    if getattr(target.record, "holder", None) != facts["digest"]:
        raise Refused("holder: the record named does not hold the digest of this salt and key", rule=RULE)


SETTLED |= {"opens-holder": Settling(_holds_digest)}
