"""The words of a correction: what a payment, delivery or income says otherwise than it was, its day, its cost class, its invoice or
its reference. The money moved as it did; the sums in which the record counts, and the limits on them, are judged again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Refused
from .balance import add_moves, counting_day, day_of
from .field import label_name
from .invoice import check_invoice, put_on_invoice, take_off_invoice
from .kinship import nature_of
from .mandate import custodian_of, label_for
from .moment import is_too_early
from .naming import check_not_void, disbursement_of
from .opening import OPENING, add_opening
from .relation import tell_of_relative
from .restriction import check_cost_limit, spend
from .rows import Disbursement
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext
from .void_rows import IncomeRow

Fields = tuple[str, ...]
Rows = Sequence[Flow]
Reference = tuple[str | None, str | None]
"""A channel, and the channel's reference."""


def corrected(books: Books, context: StatementContext, of: str) -> tuple[str, Disbursement | IncomeRow]:
    """The payment, delivery or income that a correction names, and its name. Raises Refused."""
    name = context.resolve(of, "of")
    row = books.disbursement.get(name) or books.income.get(name)
    if row is None:
        raise Refused(f"of {of}: is not a payment, delivery or income; declare it void, and record what is right", rule="reference")
    check_not_void(books, name, f"of {of}")
    return name, row


@demand(
    "it is a payment, delivery or income that is not void; a cost class and an invoice are of a payment, a cost class is not of "
    "one that pays a grant or an advance back, a channel is not of a delivery, and the day stays where a payee took some of it "
    "into a fund",
    "reference",
)  # fmt: skip
def can_be_corrected(
    books: Books, context: StatementContext, fields: Fields, of: str, day: str | None, cost_class: str | None, invoice: Any,
    channel: str | None,
) -> None:  # fmt: skip
    _, row = corrected(books, context, of)
    kind = row.kind if isinstance(row, Disbursement) else "income"
    lacks = {"payment": (), "delivery": ("cost_class", "invoice", "channel"), "income": ("cost_class", "invoice")}[kind]
    said = {"cost_class": cost_class, "invoice": invoice, "channel": channel}
    wrong = next((name for name in lacks if said[name] is not None), None)
    if wrong:
        raise Refused(f"{wrong}: {of} is of kind {kind}, which has none; leave it out", rule="reference")
    if isinstance(row, Disbursement) and (why := _why_not(row, day, cost_class)):
        raise Refused(f"of {of}: {why}; leave that out", rule="reference")


@demand(
    "nothing of the payment came back, or was confirmed by its custodian, more than one day before the new day; a payment that "
    "pays a grant back is at most one day before the receipt that took it",
    "day", decidable=True,
)  # fmt: skip
def before_its_answers(books: Books, context: StatementContext, fields: Fields, of: str, day: str) -> None:
    row = books.disbursement.get(context.resolve(of, "of"))
    if row is not None and row.answered_on and is_too_early(row.answered_on, day):
        words = f"some of {of} came back on {row.answered_on}, more than one day before that"
        context.fault("day", f"{fields[1]} {day}: {words}")
    elif row is not None and context.whole and (why := _not_then(books, row, day)):
        context.fault("day", f"{fields[1]} {day}: {why}")


def _not_then(books: Books, row: Disbursement, day: str) -> str:
    """Why a payment was not made on a day, by what others said of it; "" if it can have been. Part of a log may lack that a receipt
    is void."""
    said = next((one.first_day for one in row.receipts if one.level == "confirmed"), "")
    if said and is_too_early(said, day):
        return f"the custodian of its channel confirms that it went out on {said}, more than one day before that"
    taken = books.taking.get(row.gives_back)
    if taken is not None and is_too_early(day, taken.day):
        return f"it pays back a grant that was taken on {taken.day}, more than one day after that"
    return ""


def _why_not(row: Disbursement, day: str | None, cost_class: str | None) -> str:
    """Why a payment does not have that day or that cost class; "" if it can."""
    if cost_class is not None and row.gives_back:
        return "it pays a grant or an advance back, which is not a cost"
    if cost_class == row.cost_class:
        return f"it is {cost_class} already"
    return "the payee took money of it into a fund by that day" if day and row.taken else ""


@demand("on the day of what is corrected, its references have the labels of their uses ([books.md](books.md) §2)", "reference")
def under_labels_of(
    books: Books, context: StatementContext, fields: Fields, of: str, day: str | None, reference: Reference, invoice: Any
) -> None:
    _, row = corrected(books, context, of)
    channel, label = (reference[0], label_name(reference[1])) if reference[0] else (row.channel, row.label)
    invoiced = invoice.ref if invoice is not None else row.invoice if isinstance(row, Disbursement) else ""
    for use, one in ((channel, label), ("invoices", label_name(invoiced))):
        right = label_for(books, row.party, use, day or row.day) if one else ""
        if one != right:
            words = f"under {right!r}" if right else "under no label"
            raise Refused(f"of {of}: label {one!r} of {use!r}: on {day or row.day} references are {words}", rule="reference")


@demand(
    "if who paid or delivered and who got it are related on the new day, by what is on record, the record says so", "related-party",
)  # fmt: skip
def stays_related(books: Books, context: StatementContext, fields: Fields, of: str, day: str) -> None:
    name, row = corrected(books, context, of)
    if not isinstance(row, Disbursement) or books.related.get(name) is not None:
        return
    if how := nature_of(books, row.party, row.payee, day, {row.party}):
        words = f"on {day} its payee was related to {row.party} ({how}), and {of} does not say so"
        context.fault("related-party", f"{fields[1]} {day}: {words}; declare it void, and record it with related: {how}")


@demand(
    "as for a payment or delivery: on the new day, who got it is a beneficiary who is related to the party; or who is, or is "
    "related to, a donor of it",
    "related-beneficiary",
    remarks=True,
)  # fmt: skip
def helps_no_relative_then(books: Books, context: StatementContext, fields: Fields, of: str, day: str) -> None:
    _, row = corrected(books, context, of)
    fund = books.fund.get(row.fund)
    if isinstance(row, Disbursement) and fund is not None:
        tell_of_relative(books, context, f"{fields[1]} {day}: of {of}, the payee {row.payee!r}", (row.payee, fund.root), (day,))


@demand("what of the payment did not come back is within the limit of the new cost class too", "cost-limit")
def within_cost_limit_again(books: Books, context: StatementContext, fields: Fields, of: str, cost_class: str) -> None:
    _, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        check_cost_limit(books, context, (row.fund, row.unit), cost_class, row.left - row.regained)


@demand(
    "as for a payment: those that name the invoice come to at most its amount, and the first of them says which amount that is",
    "duplicate-invoice",
)  # fmt: skip
def pays_once_again(books: Books, context: StatementContext, fields: Fields, of: str, ref: str, said: int) -> None:
    name, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        counted = row.left if row.invoice == ref else 0
        check_invoice(books, context, fields[1:], name, (ref, row.unit, said), row.left, counted)


@memory("that some of it came back on that day; the first such day counts", decidable=True)
def is_answered(books: Books, context: StatementContext, record: object, rows: Rows, of: str, day: str) -> None:
    row = disbursement_of(books, context, of, "of")
    books.disbursement.put(context.resolve(of, "of"), row._replace(answered_on=min(row.answered_on or day, day)))


@memory("it has the new day, cost class, invoice and reference", decidable=True)
def corrects(
    books: Books, context: StatementContext, record: object, rows: Rows, of: str, day: str | None, cost_class: str | None,
    invoice: Any, reference: Reference,
) -> None:  # fmt: skip
    name = context.resolve(of, "of")
    row = books.disbursement.get(name) or books.income.get(name)
    if row is None:
        return
    channel, label = (reference[0], label_name(reference[1])) if reference[0] else (row.channel, row.label)
    if isinstance(row, IncomeRow):
        books.income.put(name, row._replace(day=day or row.day, channel=channel, label=label))
    else:
        beside = {*row.beside, *(signer.party for signer in context.signers)} - {row.party}
        books.disbursement.put(name, row._replace(
            day=day or row.day, cost_class=cost_class or row.cost_class, channel=channel, label=label, beside=tuple(sorted(beside)),
            keeper=row.keeper if channel == row.channel else custodian_of(books, row.party, channel, context.day),
            invoice=invoice.ref if invoice is not None else row.invoice,
        ))  # fmt: skip


@memory("in the balance by day, what it moved counts on the new day instead of the one before")
def moves_to(books: Books, context: StatementContext, record: object, rows: Rows, of: str, day: str) -> None:
    name, row = corrected(books, context, of)
    before, now = counting_day(books, row), day_of(books, row.party, day, context.day)
    if isinstance(row, IncomeRow) and row.income_class == OPENING:
        add_opening(books, row.fund, row.unit, row.day, -row.amount)
        add_opening(books, row.fund, row.unit, day, row.amount)
    for sign, back, tape, amount in _moved(row):
        add_moves(books, [[0, back, tape, 0, amount]], before)
        add_moves(books, [[0, sign, tape, 0, amount]], now)
    if isinstance(row, IncomeRow):
        books.income.put(name, row._replace(counts_on=now))
    else:
        books.disbursement.put(name, row._replace(counts_on=now))


def _moved(row: Disbursement | IncomeRow) -> list[tuple[str, str, str, int]]:
    """(sign, its opposite, tape, units) of what the record moved."""
    if isinstance(row, IncomeRow):
        return [("+", "-", f"{row.fund}/{row.unit}", row.amount)]
    return [("-", "+", row.tape, row.amount), *(("+", "-", tape, end - start) for tape, start, end in row.bought)]


@memory("what of the payment did not come back is spent in the new cost class, and not in the one before")
def costs_as(books: Books, context: StatementContext, record: object, rows: Rows, of: str, cost_class: str) -> None:
    _, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        cost = row.left - row.regained
        spend(books, row.fund, row.unit, row.cost_class, -cost)
        spend(books, row.fund, row.unit, cost_class, cost)


@memory("what of the payment did not come back is paid of that invoice; of the first that names it, the amount is the invoice's")
def pays_instead(books: Books, context: StatementContext, record: object, rows: Rows, of: str, ref: str, said: int) -> None:
    name, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        if row.invoice:
            take_off_invoice(books, row.party, row.invoice, row.left, gone=name)
        put_on_invoice(books, row.party, name, (ref, row.unit, said), row.left)
