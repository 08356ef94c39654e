"""The words of payments and deliveries: what the books remember of them, what comes back, and what is acknowledged and reported."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Refused
from .field import label_name
from .flows import ins
from .grant import is_grant, meant_for
from .group import payee_name
from .keys import in_force_on, keys_of, signs
from .levels import acknowledged, received
from .life import highest_taken, name_of, reported_up_to, reporting, unreported_from
from .mandate import custodian_of, seconds_of
from .naming import disbursement_of
from .period import cover
from .reads import Amounted, Disbursed
from .restriction import spend
from .returned import unpay
from .rows import Brought, Disbursement, Level, Told
from .rule import OneIn, demand, memory
from .state import Books, money_of
from .statement_context import Flow, StatementContext
from .void_rows import FeedbackRow, ReceiptRow

Fields = tuple[str, ...]
Rows = Sequence[Flow]


@demand("it is a payment that did not buy goods", "reference", decidable=True)
def returnable(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    payment = disbursement_of(books, context, of, fields[0])
    if payment.kind != "payment":
        raise Refused(f"{fields[0]} {of}: is not a payment; give the reference of the payment", rule="reference")
    if payment.yields == "goods":
        words = "it paid for goods; write off the goods and record the money as income (recovery)"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")


@demand(
    "at least that much of the payment, above all that was taken into a fund, has not come back", "return-excess", decidable=True,
)  # fmt: skip
def not_come_back(books: Books, context: StatementContext, fields: Fields, of: str, amount: int) -> None:
    payment = disbursement_of(books, context, of, fields[0])
    left = payment.left - highest_taken(books, context.resolve(of, fields[0]), payment)
    if amount > left:
        facts = {"amount": money_of(books, payment.tape, amount), "left": money_of(books, payment.tape, left)}
        raise Refused(
            f"{fields[1]} {{amount}}: only {{left}} of payment {of} has neither come back nor been taken into a fund; return "
            "at most that",
            rule="return-excess", facts=facts,
        )  # fmt: skip


@demand("without a fund, receipts of that level acknowledge at most what was paid", "receipt-excess", decidable=True)
def within_paid(
    books: Books, context: StatementContext, fields: Fields, of: str, amount: int, level: str, into: str | None
) -> None:
    if into is not None:
        return
    row = disbursement_of(books, context, of, fields[0])
    reached = amount + acknowledged(row, level)
    if reached > row.amount:
        amounts = (("amount", amount), ("reached", reached), ("paid", row.amount))
        facts = {name: money_of(books, row.tape, minor) for name, minor in amounts}
        words = (
            f"{fields[1]} {{amount}}: {level} receipts of {of} would reach {{reached}}, but only {{paid}} was paid; acknowledge "
            "less"
        )
        context.fault("receipt-excess", words, **facts)


@memory(
    "a payment or delivery by the party, out of the record's `fund`, of its `unit` and `amount`, to the party or group on the "
    "day; it yields goods or a grant where there are `goods` or a `grant`, meant for the fund that this names; and whether the "
    "party has had, since before the entry, a key that signs everything",
    decidable=True,
    makes="disbursement",
)
def disburses(
    books: Books, context: StatementContext, record: Disbursed, rows: Rows, payee: tuple[str | None, str | None], day: str
) -> None:
    invoice = getattr(record, "invoice", None)
    yields = "goods" if getattr(record, "goods", None) else "grant" if is_grant(record) else ""
    bought, channel = ins(rows) if yields == "goods" else [], getattr(record, "channel", "")
    beside = {signer.party for signer in context.signers} | seconds_of(books, context.party, context.day)
    books.disbursement.put(context.ref, Disbursement(
        record.kind, context.party, record.fund, f"{record.fund}/{record.unit}", record.amount, payee_name(payee),
        getattr(record, "cost_class", "programme") or "", day, yields, _is_keyed(books, context, payee[0] or ""), context.day,
        tuple([(tape, *span) for tape, span in bought]), meant_for=meant_for(record), invoice=invoice.ref if invoice else "",
        channel=channel, label=label_name(getattr(record, "channel_ref", None)),
        beside=tuple(sorted(beside - {context.party})), keeper=custodian_of(books, context.party, channel, context.day),
    ))  # fmt: skip


def _is_keyed(books: Books, context: StatementContext, payee: str) -> bool:
    """Whether the payee could sign. A bundle shows when a party was given its first key, but not all that became of its keys."""
    party = books.party.get(payee)
    if party is None or not 0 <= party.keyed_since < context.index:
        return False
    return not context.whole or any(in_force_on(row, context.day) and signs(row, "receipt") for _, row in keys_of(books, payee))


@memory("the amount is added to what the fund's project spent in that unit and cost class")
def spends(
    books: Books, context: StatementContext, record: object, rows: Rows, tape: tuple[str, str], cost_class: str, amount: int
) -> None:
    spend(books, *tape, cost_class, amount)


@memory(
    "the highest units of the payment that had not come back did so, into what the record moved in; so much less was spent in the "
    "payment's cost class, or paid back of a grant, and what its payee was paid on a day stays; and whether the recipient signed "
    "the record too",
    decidable=True,
)
def takes_back(books: Books, context: StatementContext, record: object, rows: OneIn, of: str, amount: int) -> None:
    payment = disbursement_of(books, context, of, "of")
    unpay(books, payment, bring_back(books, context, rows, of, payment, amount))


def bring_back(books: Books, context: StatementContext, rows: Rows, of: str, row: Disbursement, amount: int) -> Brought:
    """The highest units that had not come back did so, into what the record moved in."""
    name, ((tape, (start, _)),) = context.resolve(of, "of"), ins(rows)
    back = Brought(context.index, context.number, row.left - amount, row.left, tape, start, context.has_signed(row.payee))
    books.back.put(f"{name}/{row.returns}", back)
    books.disbursement.put(name, row._replace(returned=row.returned + amount, returns=row.returns + 1))
    return back


@memory(
    "a receipt by the party; if a fund is not named, the record's `amount` more of the payment or delivery is acknowledged at the "
    "level, from the lowest unit up, on the day; what is not reported on waits since the first such day",
    decidable=True,
)
def acknowledges(
    books: Books, context: StatementContext, record: Amounted, rows: Rows, of: str, level: str, day: str, into: str | None
) -> None:
    if into is not None:
        return
    row = disbursement_of(books, context, of, "of")
    reached = min(record.amount + acknowledged(row, level), row.amount)
    levels = {one.level: one for one in row.receipts}
    before = levels.get(level) or Level(level, 0, 0, day, day)
    levels[level] = Level(level, reached, before.receipts + 1, min(before.first_day, day), max(before.last_day, day))
    books.disbursement.put(context.resolve(of, "of"), row._replace(
        receipts=tuple(levels.values()), received_by=(context.index, context.number), reported=reported_up_to(books, row),
        reported_by=reporting(books, row), unreported_from=unreported_from(books, row, day),
        waited_from="",
    ))  # fmt: skip
    books.receipt.put(context.ref, ReceiptRow(context.party, context.resolve(of, "of"), record.amount, level))


@memory("what was received of the payment or delivery is reported on", decidable=True)
def reports_on(books: Books, context: StatementContext, record: object, rows: Rows, of: str) -> None:
    row = disbursement_of(books, context, of, "payments")
    row = row._replace(feedbacks=row.feedbacks + 1, reported=received(row), reported_by=context.ref, waited_from="")
    books.disbursement.put(context.resolve(of, "payments"), row)


@memory("what was received of the activity's payments and deliveries in that period is reported on", decidable=True)
def reports_period(
    books: Books, context: StatementContext, record: object, rows: Rows, activity: str, from_day: str, to_day: str
) -> None:
    for step in cover(from_day, to_day):
        before = books.told.get(key := f"{activity}/{step}")
        if before is not None:
            books.told.put(f"{key}/{name_of(before)}", before)
        books.told.put(key, Told(context.index, context.number, name_of(before) if before else ""))


@memory("a feedback by the party, before what it reports on", decidable=True)
def feeds_back(
    books: Books,
    context: StatementContext,
    record: object,
    rows: Rows,
    payments: tuple[str, ...] | None,
    activity: str | None,
    days: tuple[str | None, str | None],
) -> None:
    named = [(context.resolve(of, "payments"), disbursement_of(books, context, of, "payments")) for of in payments or ()]
    before = tuple([(name, row.reported, row.reported_by) for name, row in named])
    books.feedback.put(context.ref, FeedbackRow(context.party, before, activity or "", days[0] or "", days[1] or ""))
