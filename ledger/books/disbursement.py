"""The words of payments and deliveries: what the books remember of them, what comes back, and what is acknowledged and reported."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Refused
from .flows import ins
from .life import acknowledged, best_level, levels_of, reported_up_to
from .naming import disbursement_of, fund_of
from .period import cover
from .reads import Amounted, Disbursed
from .restriction import spend
from .rows import Back, Disbursement, Level, Told
from .rule import OneIn, demand, memory
from .state import Books, money_of
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rows = Sequence[Flow]


@demand("it is a fund of the payee", "reference", decidable=True)
def fund_of_payee(books: Books, context: StatementContext, fields: Fields, to: str, payee: str) -> None:
    owner = fund_of(books, context, to, fields[0]).owner
    if owner != payee:
        raise Refused(f"{fields[0]} {to!r}: is not a fund of the payee, {payee}; give a fund of the payee", rule="reference")


@demand("it is a payment that did not buy goods or go into a fund", "reference", decidable=True)
def returnable(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    payment = disbursement_of(books, context, of, fields[0])
    if payment.kind != "payment":
        raise Refused(f"{fields[0]} {of}: is not a payment; give the reference of the payment", rule="reference")
    if payment.yields == "fund":
        raise Refused(f"{fields[0]} {of}: the money is in the payee's fund; the payee must pay it back", rule="reference")
    if payment.yields == "goods":
        words = "it paid for goods; write off the goods and record the money as income (recovery)"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")


@demand("at least that much of the payment has not come back yet", "return-excess", decidable=True)
def not_come_back(books: Books, context: StatementContext, fields: Fields, of: str, amount: int) -> None:
    payment = disbursement_of(books, context, of, fields[0])
    left = payment.amount - payment.returned
    if amount > left:
        facts = {"amount": money_of(books, payment.tape, amount), "left": money_of(books, payment.tape, left)}
        raise Refused(
            f"{fields[1]} {{amount}}: only {{left}} of payment {of} has not come back yet; return at most that",
            rule="return-excess", facts=facts,
        )  # fmt: skip


@demand("receipts of that level acknowledge at most what was paid and has not come back", "receipt-excess", decidable=True)
def within_paid(books: Books, context: StatementContext, fields: Fields, of: str, amount: int, level: str) -> None:
    row = disbursement_of(books, context, of, fields[0])
    paid, reached = row.amount - row.returned, amount + acknowledged(row, level)
    if reached > paid:
        facts = {
            name: money_of(books, row.tape, minor) for name, minor in (("amount", amount), ("reached", reached), ("paid", paid))
        }
        words = (
            f"{fields[1]} {{amount}}: {level} receipts of {of} would reach {{reached}}, but only {{paid}} was paid; acknowledge "
            "less"
        )
        context.fault("receipt-excess", words, **facts)


@memory(
    "a payment or delivery by the party, out of the record's `fund`, of its `unit` and `amount`, to the party on the day; "
    "it yields goods or a fund where there are `goods` or a `to_fund`",
    decidable=True,
    makes="disbursement",
)
def disburses(books: Books, context: StatementContext, record: Disbursed, rows: Rows, payee: str, day: str) -> None:
    yields = "goods" if getattr(record, "goods", None) else "fund" if getattr(record, "to_fund", None) else ""
    books.disbursement.put(context.ref, Disbursement(
        record.kind, context.party, record.fund, f"{record.fund}/{record.unit}", record.amount, payee,
        getattr(record, "cost_class", "programme"), day, yields,
    ))  # fmt: skip


@memory("the amount is added to what the fund's project spent in that unit and cost class")
def spends(
    books: Books, context: StatementContext, record: object, rows: Rows, tape: tuple[str, str], cost_class: str, amount: int
) -> None:
    spend(books, *tape, cost_class, amount)


@memory(
    "the highest units of the payment that had not come back did so, into what the record moved in; so much less was spent in the "
    "payment's cost class, and what its payee was paid on a day stays",
    decidable=True,
)
def takes_back(books: Books, context: StatementContext, record: object, rows: OneIn, of: str, amount: int) -> None:
    payment, name = disbursement_of(books, context, of, "of"), context.resolve(of, "of")
    ((tape, (start, _)),) = ins(rows)
    end = payment.amount - payment.returned
    books.back.put(f"{name}/{payment.returns}", Back(context.index, context.number, end - amount, end, tape, start))
    books.disbursement.put(name, payment._replace(returned=payment.returned + amount, returns=payment.returns + 1))
    spend(books, payment.fund, payment.unit, payment.cost_class, -amount)


@memory(
    "the record's `amount` more of the payment or delivery is acknowledged at the level, from the lowest unit up, last on the day",
    decidable=True,
)
def acknowledges(books: Books, context: StatementContext, record: Amounted, rows: Rows, of: str, level: str, day: str) -> None:
    row = disbursement_of(books, context, of, "of")
    reached = min(record.amount + acknowledged(row, level), row.amount)
    best, most = best_level(row)
    levels = {one.level: one for one in levels_of(row)}
    before = levels.get(level) or Level(level, 0, 0, day, day)
    levels[level] = Level(level, reached, before.receipts + 1, min(before.first_day, day), max(before.last_day, day))
    books.disbursement.put(context.resolve(of, "of"), row._replace(
        receipts=tuple(levels.values()), level=level if reached > most else best, received_by=(context.index, context.number),
        reported=reported_up_to(books, row),
    ))  # fmt: skip


@memory("what was received of the payment or delivery is reported on", decidable=True)
def reports_on(books: Books, context: StatementContext, record: object, rows: Rows, of: str) -> None:
    row = disbursement_of(books, context, of, "payments")
    row = row._replace(feedbacks=row.feedbacks + 1, reported=best_level(row)[1])
    books.disbursement.put(context.resolve(of, "payments"), row)


@memory("what was received of the activity's payments and deliveries in that period is reported on", decidable=True)
def reports_period(
    books: Books, context: StatementContext, record: object, rows: Rows, activity: str, from_day: str, to_day: str
) -> None:
    for step in cover(from_day, to_day):
        books.told.put(f"{activity}/{step}", Told(context.index, context.number))
