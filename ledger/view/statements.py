"""Who says that a payment or delivery arrived, and who says that it came back: statements of parties, each by its record."""

from __future__ import annotations

from typing import NamedTuple

from ..books.field import Evidence
from ..books.kinds.payment_return import PaymentReturn
from ..books.kinds.receipt import Receipt
from ..books.life import backs
from ..books.marks import marks_of
from ..books.rows import Disbursement
from .listing import Listed
from .snapshot import Snapshot
from .standing import Standing, standing_in

LISTED = 20


class ReceiptStatement(NamedTuple):
    """The receipt `ref`: the party, which is of that `standing` in the payment, says at a `level` that `amount` minor units of it
    arrived on a day. With `into`, it took them into that fund of its own."""

    ref: str
    amount: int
    level: str
    party: str
    standing: Standing
    day: str
    into: str
    evidence: tuple[Evidence, ...]
    is_void: bool


class ReturnStatement(NamedTuple):
    """The return `ref`: the party says that `amount` minor units came back on a day, and why. `is_agreed` if the payee signed it
    too."""

    ref: str
    amount: int
    party: str
    standing: Standing
    day: str
    reason: str
    is_agreed: bool


def receipts_of(snapshot: Snapshot, ref: str) -> list[ReceiptStatement]:
    """The first 20 receipts of a payment or delivery, in the order of the log, void ones too. Raises KeyError if it is neither."""
    row = snapshot.books.disbursement[ref]
    items = snapshot.records(kind="receipt", about=ref, limit=LISTED).items
    return [_receipt(snapshot, item, row) for item in items]


def returns_of(snapshot: Snapshot, ref: str) -> list[ReturnStatement]:
    """The first 20 returns of a payment, in the order of the log. What a reversal brought back did not return. Raises KeyError."""
    row = snapshot.books.disbursement[ref]
    agreed = {back.by for back in backs(snapshot.books, ref, row, 0, row.amount) if back.agreed}
    found = []
    for item in snapshot.records(kind="payment-return", about=ref, limit=LISTED).items:
        record: PaymentReturn = item.record
        party = item.leaf.statement.party
        found.append(ReturnStatement(
            item.ref, record.amount, party, standing_in(snapshot.books, party, row), record.returned_on, record.reason,
            tuple(map(int, item.ref.split("."))) in agreed,
        ))  # fmt: skip
    return found


def _receipt(snapshot: Snapshot, item: Listed, row: Disbursement) -> ReceiptStatement:
    record: Receipt = item.record
    party = item.leaf.statement.party
    return ReceiptStatement(
        item.ref, record.amount, record.level, party, standing_in(snapshot.books, party, row), record.received_on,
        record.into or "", tuple(record.evidence or ()), marks_of(snapshot.books, item.ref).is_void,
    )  # fmt: skip
