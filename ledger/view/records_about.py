"""Records about a row of the books: those that made it, and those that name it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ..books.marks import marks_of
from .snapshot import Snapshot

KINDS = {"receipts": "receipt", "feedback": "feedback", "returns": "payment-return"}
LISTED = 20


def said_about(snapshot: Snapshot, ref: str, name: str) -> list[str]:
    """The first records in one of the lists of a payment or delivery, without those that are void."""
    return _about(snapshot, ref, name, void=False)


def void_about(snapshot: Snapshot, ref: str, name: str) -> list[str]:
    """The first records of that kind about it that are void."""
    return _about(snapshot, ref, name, void=True)


def _about(snapshot: Snapshot, ref: str, name: str, *, void: bool) -> list[str]:
    with snapshot.reading():
        places = snapshot.store_flows.having(f"kind:{KINDS[name]}", f"about:{ref}")
        named = (f"{entry}.{number}" for entry, number in places)
        return list(islice((one for one in named if marks_of(snapshot.books, one).is_void == void), LISTED))


def record_of(snapshot: Snapshot, id: str, since: int) -> Any:
    """The record in entry `since` that made a fund, a project or an activity."""
    records = snapshot.leaf(since).statement.records
    return next(record for record in records if record.kind in ("fund", "project", "activity") and record.id == id)
