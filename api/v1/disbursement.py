"""Payments and deliveries, and how much of each is confirmed and reported on."""

from __future__ import annotations

from typing import Any

from ledger.books.kinds.delivery import Delivery as DeliveryRecord
from ledger.books.kinds.payment import Payment as PaymentRecord
from ledger.books.life import best_level, levels_of, reported_up_to
from ledger.view.listing import Listed
from ledger.view.records_about import said_about
from ledger.view.snapshot import Snapshot

from .money import Answer, File, Money, Units, files_of, money_of, units_of
from .record import Said, said, serve_kind
from .route_docs import resource
from .text_types import DaySaid, RefSaid

PAYMENT, DELIVERY = "payment", "delivery"

router = resource("payments")


class Disbursed(Said):
    """What left a fund: `returned` of it came back; of the rest `acknowledged` is covered by receipts of `level`, the level that
    covers most, and `reported` was received before a feedback about it. The lists name the first 20 of these records, of which
    there are `receipts_in_all`, `feedback_in_all` and `returns_in_all`; `/v1/records?about=` lists all."""

    fund: str
    amount: Money
    returned: Money
    acknowledged: Money
    level: str | None
    reported: Money
    receipts: list[RefSaid]
    feedback: list[RefSaid]
    returns: list[RefSaid]
    receipts_in_all: int
    feedback_in_all: int
    returns_in_all: int
    units: list[Units]
    evidence: list[File]


class Goods(Answer):
    """Goods that a payment bought: how many, the fund that they came into, and their part of the cost."""

    fund: str
    quantity: Money
    cost: Money


class Payment(Disbursed):
    """Money paid to `payee`. With `goods`, it bought goods that are now in a fund; with `to_fund`, it went into the payee's own
    fund."""

    payee: str
    cost_class: str
    paid_on: DaySaid
    goods: list[Goods]
    to_fund: str | None
    purpose: str | None
    invoice: str | None
    channel: str | None
    channel_ref: str | None


class Delivery(Disbursed):
    """Goods handed over to the party `to`."""

    to: str
    delivered_on: DaySaid
    batch: str | None
    holder: str | None
    private: list[str]


def _disbursed(snapshot: Snapshot, listed: Listed) -> dict[str, Any]:
    """The members of `Disbursed`."""
    books = snapshot.books
    record: PaymentRecord | DeliveryRecord = listed.record
    row = books.disbursement[listed.ref]
    level, received = best_level(row)
    kept = row.amount - row.returned
    amounts = {
        "amount": row.amount, "returned": row.returned, "acknowledged": min(received, kept),
        "reported": min(reported_up_to(books, row), kept),
    }  # fmt: skip
    counts = {"receipts": sum(one.receipts for one in levels_of(row)), "feedback": row.feedbacks, "returns": row.returns}
    return {
        **said(listed), "fund": row.fund, "level": level or None, "units": units_of(listed.rows),
        "evidence": files_of(record.evidence),
        **{name: money_of(books, minor, record.unit) for name, minor in amounts.items()},
        **{f"{name}_in_all": count for name, count in counts.items()},
        **{name: said_about(snapshot, listed.ref, name) if count else [] for name, count in counts.items()},
    }  # fmt: skip


def payment_of(snapshot: Snapshot, listed: Listed) -> Payment:
    """A payment, and what happened to it."""
    record: PaymentRecord = listed.record
    return Payment(
        **_disbursed(snapshot, listed), payee=record.payee, cost_class=record.cost_class, paid_on=record.paid_on,
        goods=_goods(snapshot, record), to_fund=record.to_fund, purpose=record.purpose, invoice=record.invoice,
        channel=record.channel, channel_ref=record.channel_ref,
    )  # fmt: skip


def _goods(snapshot: Snapshot, record: PaymentRecord) -> list[Goods]:
    books = snapshot.books
    return [
        Goods(fund=part.fund, quantity=money_of(books, part.quantity, part.unit), cost=money_of(books, part.cost, record.unit))
        for part in record.goods or ()
    ]


def delivery_of(snapshot: Snapshot, listed: Listed) -> Delivery:
    """A delivery, and what happened to it."""
    record: DeliveryRecord = listed.record
    return Delivery(
        **_disbursed(snapshot, listed), to=record.to, delivered_on=record.delivered_on, batch=record.batch, holder=record.holder,
        private=list(record.private or ()),
    )  # fmt: skip


serve_kind(router, "/payments", PAYMENT, Payment, payment_of, many="Payments.", single="One payment.")
serve_kind(router, "/deliveries", DELIVERY, Delivery, delivery_of, many="Deliveries of goods.", single="One delivery.")
