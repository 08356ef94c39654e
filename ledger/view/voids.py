"""Records that their parties declared void: the public list, and what of a void payment is a return."""

from __future__ import annotations

from typing import NamedTuple

from ..books.gift import split_ref
from ..books.life import returned
from ..books.rows import Disbursement
from ..books.state import Books
from ..books.void_rows import VoidRow
from .snapshot import Snapshot


class Void(NamedTuple):
    """The record `ref`, of which kind it is, and what its party said; `in_year` records of that party became void in that year."""

    ref: str
    row: VoidRow
    in_year: int
    kind: str = ""


def voids(snapshot: Snapshot, *, party: str = "") -> list[Void]:
    """Every void record of a party, or of all, the last one declared void first; their kinds are not read yet (`with_kind`)."""
    return [one for one in snapshot.once(_all) if not party or one.row.party == party]


def with_kind(snapshot: Snapshot, void: Void) -> Void:
    """The same, with the kind of the record."""
    return void._replace(kind=snapshot.store_flows.target(*split_ref(void.ref)).record.kind)


def came_back(books: Books, ref: str, row: Disbursement) -> tuple[int, int]:
    """How many units of a disbursement came back by how many returns. What its reversal brought back did not return."""
    if books.void.get(ref) is None:
        return row.returned, row.returns
    undone = returned(books, ref, row.returns - 1)
    return row.returned - (undone.end - undone.start), row.returns - 1


def _all(snapshot: Snapshot) -> list[Void]:
    counts = {key: count.amount for key, count in snapshot.books.voided.all()}
    rows = [Void(ref, row, counts[f"{row.party}/{row.day[:4]}"]) for ref, row in snapshot.books.void.all()]
    return sorted(rows, key=lambda one: one.row.by, reverse=True)
