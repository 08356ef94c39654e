"""A party at its desk: it makes statements, signs them, and binds them to the history that it has seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..canonical import JsonObject
from ..clock import Clock
from ..entries.statement import sign_statement, write_statement
from ..log.key import SigningKey
from .submission import Submission


class Author(NamedTuple):
    """A party that signs for a ledger. `clock` and `make_id` (a UUID in lower case) are parameters, so that a demonstration can be
    repeated exactly."""

    ledger: str
    party: str
    keys: tuple[SigningKey, ...]
    clock: Clock
    make_id: Callable[[], str]

    def submission(self, records: list[JsonObject], after: tuple[int, str] | None) -> Submission:
        """A signed statement of these records. Raises SizeError, SchemaError, Unverifiable."""
        raw = write_statement(
            ledger=self.ledger, party=self.party, id=self.make_id(), signed_at=self.clock(), records=records, after=after
        )
        return raw, sign_statement(raw, list(self.keys))
