"""The public list of breaches: records that say themselves which rule of conduct they break."""

from __future__ import annotations

from typing import NamedTuple

from ..books.gift import split_ref
from ..books.rows import BreachRow
from .snapshot import Snapshot


class Breached(NamedTuple):
    """The record `ref`, and what it says that it breaks."""

    ref: str
    row: BreachRow


def breaches(snapshot: Snapshot, *, party: str = "") -> list[Breached]:
    """Every breach of a party, or of all, the newest first."""
    return [one for one in snapshot.once(_all) if not party or one.row.party == party]


def _all(snapshot: Snapshot) -> list[Breached]:
    rows = [Breached(ref, row) for ref, row in snapshot.books.breach.all()]
    return sorted(rows, key=lambda one: split_ref(one.ref), reverse=True)
