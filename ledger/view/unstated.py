"""The public list of money whose source is not stated: income of class `unstated`, which importers record."""

from __future__ import annotations

from typing import NamedTuple

from ..books.gift import split_ref
from ..books.void_rows import IncomeRow
from .snapshot import Snapshot


class Unstated(NamedTuple):
    """The income `ref`, and what the books keep of it."""

    ref: str
    row: IncomeRow


def unstated(snapshot: Snapshot, *, party: str = "") -> list[Unstated]:
    """Every such income of a party, or of all, that is not void; the newest first."""
    return [one for one in snapshot.once(_all) if not party or one.row.party == party]


def _all(snapshot: Snapshot) -> list[Unstated]:
    books = snapshot.books
    named = [(ref, row) for ref, row in books.income.all() if row.income_class == "unstated" and books.void.get(ref) is None]
    return sorted((Unstated(*one) for one in named), key=lambda one: split_ref(one.ref), reverse=True)
