"""Payments and deliveries, and how much of each is confirmed and reported on."""

from __future__ import annotations

from typing import Any

from ledger.books.flows import size
from ledger.books.kinds.delivery import Delivery as DeliveryRecord
from ledger.books.kinds.payment import Payment as PaymentRecord
from ledger.books.levels import SOMEBODY_ELSE, received, steps
from ledger.books.life import disputed, reported_up_to, taken_below, untaken
from ledger.view.corrected import corrections_of
from ledger.view.listing import Listed
from ledger.view.records_about import said_about
from ledger.view.snapshot import Snapshot
from ledger.view.voids import came_back

from .money import Answer, File, Money, Units, files_of, money_of, units_of
from .record import Said, said, serve_kind
from .route_docs import resource
from .text_types import DaySaid, RefSaid

PAYMENT, DELIVERY = "payment", "delivery"

router = resource("payments")


class Acknowledged(Answer):
    """How much was acknowledged at a level, and at none stronger."""

    level: str
    amount: Money


class Changed(Answer):
    """A member that a correction changed: `day`, `cost_class`, `channel`, `channel_ref`, `invoice`, or `invoice_amount` in minor
    units; "" where there was none."""

    member: str
    was: str
    now: str


class Corrected(Answer):
    """A correction of this record."""

    ref: RefSaid
    reason: str
    changes: list[Changed]


class Disbursed(Said):
    """What left a fund, to a party or to a group of people: of the class `group_class`, `people` of them, and the commitment
    `people_list` to their list; without a group `people` is 0. `related` says how the two parties are related. `returned` of it
    came back by returns, and nothing of a void one is left; receipts took `taken` into funds of the payee, if it is a `grant`,
    which can be for the fund in `grant_for`. Of the rest `acknowledged` is covered by receipts, which `levels` divides by the
    strongest level of them; `signed` was *signed by somebody else*: the levels above `holder-signed`; and `reported` was received
    before a feedback about it. `disputed` was acknowledged, and the party that paid alone says that it came back, or declared it
    void. What the record itself says is not changed by its first `corrections`, which say what it was before and is now. The lists
    name the first 20 of these records that are not void, of which there are `receipts_in_all`, `feedback_in_all` and
    `returns_in_all`; `/v1/records?about=` lists all, void ones too."""

    signed: Money
    fund: str
    group_class: str | None
    people: int
    people_list: str | None
    related: str | None
    amount: Money
    returned: Money
    grant: bool
    grant_for: str | None
    taken: Money
    acknowledged: Money
    levels: list[Acknowledged]
    reported: Money
    disputed: Money
    receipts: list[RefSaid]
    feedback: list[RefSaid]
    returns: list[RefSaid]
    receipts_in_all: int
    feedback_in_all: int
    returns_in_all: int
    corrections: list[Corrected]
    units: list[Units]
    evidence: list[File]


class Goods(Answer):
    """Goods that a payment bought: how many, the fund that they came into, and their part of the cost."""

    fund: str
    quantity: Money
    cost: Money


class Payment(Disbursed):
    """Money paid to the party `payee`, or to a group. With `goods`, it bought goods that are now in a fund. `invoice` is the keyed
    hash of its number, and `invoice_amount` what it comes to, 0 without one; `replaces` is a void record. If it pays a grant back,
    `returned_grant` is the receipt that had taken it; if it repays an advance, `repaid_advance` is that income."""

    payee: str | None
    cost_class: str | None
    paid_on: DaySaid
    goods: list[Goods]
    purpose: str | None
    invoice: str | None
    invoice_amount: Money
    channel: str
    channel_ref: str | None
    holder: str | None
    replaces: str | None
    returned_grant: str | None
    repaid_advance: str | None


class Delivery(Disbursed):
    """Goods handed over to the party `to`, or to a group."""

    to: str | None
    delivered_on: DaySaid
    batch: str | None
    holder: str | None
    private: list[str]


def _disbursed(snapshot: Snapshot, listed: Listed) -> dict[str, Any]:
    """The members of `Disbursed`."""
    books = snapshot.books
    record: PaymentRecord | DeliveryRecord = listed.record
    row = books.disbursement[listed.ref]
    kept, (back, returns) = row.amount - row.returned, came_back(books, listed.ref, row)
    amounts = {
        "amount": row.amount, "returned": back, "taken": row.taken, "disputed": disputed(books, listed.ref, row),
        **{name: min(units, kept) - taken_below(books, listed.ref, row, min(units, kept)) for name, units in (
            ("signed", received(row, SOMEBODY_ELSE[-1])), ("acknowledged", received(row)), ("reported", reported_up_to(books, row)),
        )},
    }  # fmt: skip
    levels = [
        Acknowledged(level=level, amount=money_of(books, size(units), record.unit))
        for start, end, level in steps(row) if (units := untaken(books, listed.ref, row, start, min(end, kept)))
    ]  # fmt: skip
    receipts = sum(one.receipts for one in row.receipts) + row.takings
    counts = {"receipts": receipts, "feedback": row.feedbacks, "returns": returns}
    return {
        **said(snapshot, listed), "fund": row.fund, "levels": levels, "units": units_of(listed.rows),
        "evidence": files_of(record.evidence), "related": record.related, "corrections": _corrections(snapshot, listed),
        "grant": record.grant is not None, "grant_for": record.grant.fund if record.grant else None,
        **dict(zip(("group_class", "people", "people_list"), _group(record), strict=True)),
        **{name: money_of(books, minor, record.unit) for name, minor in amounts.items()},
        **{f"{name}_in_all": count for name, count in counts.items()},
        **{name: said_about(snapshot, listed.ref, name) if count else [] for name, count in counts.items()},
    }  # fmt: skip


def _corrections(snapshot: Snapshot, listed: Listed) -> list[Corrected]:
    return [
        Corrected(ref=one.ref, reason=one.reason, changes=[Changed(**change._asdict()) for change in one.changes])
        for one in corrections_of(snapshot, listed.ref, listed.record)
    ]


def _group(record: PaymentRecord | DeliveryRecord) -> tuple[str | None, int, str | None]:
    """The class of the group that a record names, the number of people in it, and the commitment to their list."""
    return (record.group.group_class, record.group.people, record.group.list) if record.group else (None, 0, None)


def payment_of(snapshot: Snapshot, listed: Listed) -> Payment:
    """A payment, and what happened to it."""
    record: PaymentRecord = listed.record
    invoice, gives_back = record.invoice, snapshot.books.disbursement[listed.ref].gives_back
    return Payment(
        **_disbursed(snapshot, listed), payee=record.payee, cost_class=record.cost_class, paid_on=record.paid_on,
        goods=_goods(snapshot, record), purpose=record.purpose, invoice=invoice.ref if invoice else None,
        invoice_amount=money_of(snapshot.books, invoice.amount if invoice else 0, record.unit),
        channel=record.channel, channel_ref=record.channel_ref, holder=record.holder, replaces=record.replaces,
        returned_grant=gives_back if record.returns else None, repaid_advance=gives_back if record.repays else None,
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
