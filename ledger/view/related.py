"""The public list of related parties: records that say how the two parties are related."""

from __future__ import annotations

from typing import NamedTuple

from ..books.gift import split_ref
from ..books.relation_rows import RelatedRow
from .snapshot import Snapshot


class Related(NamedTuple):
    """The record `ref`, and what the books keep of it."""

    ref: str
    row: RelatedRow


def related(snapshot: Snapshot, *, party: str = "") -> list[Related]:
    """Every such record that is by a party or about it, or of all, the newest first."""
    return [one for one in snapshot.once(_all) if not party or party in (one.row.party, one.row.other)]


def _all(snapshot: Snapshot) -> list[Related]:
    rows = [Related(ref, row) for ref, row in snapshot.books.related.all()]
    return sorted(rows, key=lambda one: split_ref(one.ref), reverse=True)
