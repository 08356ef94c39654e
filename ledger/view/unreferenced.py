"""The public list of exchanges that no rate can judge: nobody but the party said what the currencies were worth."""

from __future__ import annotations

from typing import NamedTuple

from ..books import rates
from ..books.fee_rows import Unreferenced
from ..books.gift import split_ref
from .snapshot import Snapshot


class Unrated(NamedTuple):
    """The record `ref`, and what the books keep of it."""

    ref: str
    row: Unreferenced


def unreferenced(snapshot: Snapshot, *, party: str = "") -> list[Unrated]:
    """Every such exchange of a party, or of all, the newest first."""
    return [one for one in snapshot.once(_all) if not party or one.row.party == party]


def _all(snapshot: Snapshot) -> list[Unrated]:
    rows = [Unrated(ref, row) for ref, row in rates.unreferenced(snapshot.books)]
    return sorted(rows, key=lambda one: split_ref(one.ref), reverse=True)
