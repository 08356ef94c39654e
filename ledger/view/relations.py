"""Who a party is related to, as parties declared it and it is in force."""

from __future__ import annotations

from typing import NamedTuple

from ..books.relation_rows import RelationRow
from .snapshot import Snapshot


class Relation(NamedTuple):
    """The party is related to `other`; `row` is what one of them, or an overseer of both, said."""

    other: str
    row: RelationRow


def relations(snapshot: Snapshot, party: str) -> list[Relation]:
    """Every relation of a party that is in force on the day of the last entry, by the other party; of several that say the same the
    first."""
    found: dict[tuple[str, str], Relation] = {}
    for _, row in sorted(snapshot.books.relation.all()):
        if party in (row.of, row.to) and row.covers(snapshot.day):
            other = row.to if party == row.of else row.of
            found.setdefault((other, row.nature), Relation(other, row))
    return [found[key] for key in sorted(found)]
