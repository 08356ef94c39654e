"""Receipts."""

from __future__ import annotations

from ledger.books.kinds.receipt import Receipt as ReceiptRecord
from ledger.view.listing import Listed
from ledger.view.snapshot import Snapshot

from .money import File, Money, files_of, money_of, unit_of
from .record import Said, absolute, said, serve_kind
from .route_docs import resource
from .text_types import DaySaid, RefSaid

KIND = "receipt"

router = resource("receipts")


class Receipt(Said):
    """A confirmation that `amount` of the payment or delivery `of` was received, at a level, such as `recipient-signed`
    or `self-declared`. With `into`, the payee took a grant into that fund of its own."""

    of: RefSaid
    amount: Money
    level: str
    into: str | None
    received_on: DaySaid
    document: str | None
    evidence: list[File]


def receipt_of(snapshot: Snapshot, listed: Listed) -> Receipt:
    """A receipt; its amount is in the unit of the payment or delivery that it confirms."""
    record: ReceiptRecord = listed.record
    of = absolute(record.of, listed)
    unit = unit_of(snapshot.books.disbursement[of].tape)
    return Receipt(
        **said(snapshot, listed), of=of, amount=money_of(snapshot.books, record.amount, unit), level=record.level, into=record.into,
        received_on=record.received_on, document=record.document, evidence=files_of(record.evidence),
    )  # fmt: skip


serve_kind(
    router, "/receipts", KIND, Receipt, receipt_of, many="Receipts; with `about`, those for one payment.", single="One receipt.",
)  # fmt: skip
