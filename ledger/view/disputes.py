"""Payments and deliveries whose records do not agree: somebody else signed for money that the party that paid says came back."""

from __future__ import annotations

from typing import NamedTuple

from ..books.life import disputed
from .scope import Scope
from .snapshot import Snapshot


class Dispute(NamedTuple):
    """`amount` minor units of `unit` of the payment or delivery `ref` are disputed."""

    ref: str
    kind: str
    fund: str
    unit: str
    amount: int


def disputes(snapshot: Snapshot, *, project: str = "", charity: str = "") -> list[Dispute]:
    """Every one in scope, the largest first; by unit."""
    scope = Scope("", project, charity)
    return [one for one in snapshot.once(_all) if scope.holds(snapshot.books, one.fund)]


def _all(snapshot: Snapshot) -> list[Dispute]:
    books, found = snapshot.books, list[Dispute]()
    for ref, row in books.disbursement.all():
        if row.returned and row.receipts and (amount := disputed(books, ref, row)):
            found.append(Dispute(ref, row.kind, row.fund, row.unit, amount))
    return sorted(found, key=lambda one: (one.unit, -one.amount, one.ref))
