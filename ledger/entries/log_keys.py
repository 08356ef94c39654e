"""The verifier keys of the logs that a ledger's entries name: its own log, and the logs that it continues."""

from __future__ import annotations

from ..books.state import Books
from ..canonical import from_base64
from ..errors import NotFound
from ..log.note import VerifierKey


def vkey_of(books: Books) -> VerifierKey:
    """The verifier key that entry 0 names for the log. Raises NotFound if there is no entry 0."""
    ledger = books.ledger.get("")
    if ledger is None:
        raise NotFound("the log is empty; make a ledger in a new directory with `givetrail init`", rule="directory")
    return VerifierKey(ledger.origin, from_base64(ledger.log_key, 32))


def ended_logs(books: Books) -> dict[str, VerifierKey]:
    """The verifier keys of the logs that this one continues, by name."""
    return {origin: VerifierKey(origin, from_base64(row.log_key, 32)) for origin, row in books.ended.items()}
