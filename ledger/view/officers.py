"""The public lists of officers: parties that have only one, and changes of keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from ..books.keys import officers_in_force
from ..books.moment import local_day
from ..books.rows import ACTIVE, KeyRow
from .snapshot import Snapshot

RECORDING = frozenset({"charity", "implementer", "platform"})
"""Roles of parties that give out other people's money."""


class KeyChange(NamedTuple):
    """The key of a party's officer was given to the party or revoked by an entry."""

    entry: int
    party: str
    what: Literal["given", "revoked"]
    key: str
    row: KeyRow

    @property
    def from_day(self) -> str:
        """The day on which a change takes effect that waits, or waited; "" if it took effect at once."""
        return self.row.from_day if self.what == "given" else self.row.until_day


def with_one_officer(snapshot: Snapshot) -> list[str]:
    """The charities, implementers and platforms with one officer in force whose key signs everything, or with limited keys only, by
    id. Whoever holds such a key acts alone."""
    parties = ((id, row) for id, row in snapshot.books.party.items() if RECORDING.intersection(row.roles))
    return [id for id, row in parties if row.officers and len(officers_in_force(snapshot.books, id, snapshot.day)) <= 1]


def key_changes(snapshot: Snapshot, *, party: str = "") -> list[KeyChange]:
    """Every change of a key after its party was admitted, of a party or of all, the newest first."""
    return [one for one in snapshot.once(_all) if not party or one.party == party]


def entered_on(snapshot: Snapshot, change: KeyChange) -> str:
    """The day of the change's entry. The books keep it of a key that was given, and not of one that was revoked."""
    if change.what == "given":
        return change.row.given_on
    return local_day(snapshot.books, snapshot.leaf(change.entry).entry.time)


def _all(snapshot: Snapshot) -> list[KeyChange]:
    return sorted(_changes(snapshot), key=lambda one: (-one.entry, one.key))


def _changes(snapshot: Snapshot) -> Iterator[KeyChange]:
    for key, row in snapshot.books.key.all():
        party = snapshot.books.party.get(row.party)
        if party is None or row.since > party.since:
            yield KeyChange(row.since, row.party, "given", key, row)
        if row.until != ACTIVE:
            yield KeyChange(row.until, row.party, "revoked", key, row)
