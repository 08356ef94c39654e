"""A party at its desk: makes statements, signs them, and binds them to the history it has seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..canonical import JsonObject
from ..entries.statement import sign_statement, write_statement
from ..log.key import SigningKey
from .sequencer import Clock
from .submission import Submission


class Author(NamedTuple):
    """Who signs for which ledger. `clock` and `make_id` (a UUID in lower case) are given, so that a demonstration repeats."""

    ledger: str
    party: str
    keys: tuple[SigningKey, ...]
    clock: Clock
    make_id: Callable[[], str]

    def submission(self, records: list[JsonObject], after: tuple[int, str] | None) -> Submission:
        """Signed statement of these records. Raises SizeError, SchemaError, Unverifiable."""
        raw = write_statement(
            ledger=self.ledger, party=self.party, id=self.make_id(), signed_at=self.clock(), records=records, after=after
        )
        return raw, sign_statement(raw, list(self.keys))
