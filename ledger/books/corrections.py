"""The words of a correction: what a payment, delivery or income says otherwise than it was, its day, its cost class, its invoice or
its reference. The money moved as it did; the sums in which the record counts, and the limits on them, are judged again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Refused
from .balance import add_moves, day_of
from .field import label_name
from .invoice import check_invoice, put_on_invoice, take_off_invoice
from .mandate import label_for
from .naming import check_not_void
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
    "it is a payment, delivery or income that is not void; a cost class and an invoice are of a payment, a channel is not of a "
    "delivery, and the day of money that went into a payee's fund stays",
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
    if isinstance(row, Disbursement) and (cost_class == row.cost_class or (day and row.yields == "fund")):
        why = f"it is {cost_class} already" if cost_class == row.cost_class else "the money went into the payee's fund on that day"
        raise Refused(f"of {of}: {why}; leave that out", rule="reference")


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


@demand("what of the payment did not come back is within the limit of the new cost class too", "cost-limit")
def within_cost_limit_again(books: Books, context: StatementContext, fields: Fields, of: str, cost_class: str) -> None:
    _, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        check_cost_limit(books, context, (row.fund, row.unit), cost_class, row.left)


@demand(
    "as for a payment: those that name the invoice come to at most its amount, and the first of them says which amount that is",
    "duplicate-invoice",
)  # fmt: skip
def pays_once_again(books: Books, context: StatementContext, fields: Fields, of: str, ref: str, said: int) -> None:
    name, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        counted = row.left if row.invoice == ref else 0
        check_invoice(books, context, fields[1:], name, (ref, row.unit, said), row.left, counted)


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
        books.disbursement.put(name, row._replace(
            day=day or row.day, cost_class=cost_class or row.cost_class, channel=channel, label=label,
            invoice=invoice.ref if invoice is not None else row.invoice,
        ))  # fmt: skip


@memory("in the balance by day, what it moved counts on the new day instead of the one before")
def moves_to(books: Books, context: StatementContext, record: object, rows: Rows, of: str, day: str) -> None:
    _, row = corrected(books, context, of)
    before = day_of(books, row.party, row.day, row.entered_on)
    for sign, back, tape, amount in _moved(row):
        add_moves(books, [[0, back, tape, 0, amount]], before)
        add_moves(books, [[0, sign, tape, 0, amount]], day)


def _moved(row: Disbursement | IncomeRow) -> list[tuple[str, str, str, int]]:
    """(sign, its opposite, tape, units) of what the record moved."""
    if isinstance(row, IncomeRow):
        return [("+", "-", f"{row.fund}/{row.unit}", row.amount)]
    return [("-", "+", row.tape, row.amount), *(("+", "-", tape, end - start) for tape, start, end in row.bought)]


@memory("what of the payment did not come back is spent in the new cost class, and not in the one before")
def costs_as(books: Books, context: StatementContext, record: object, rows: Rows, of: str, cost_class: str) -> None:
    _, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        spend(books, row.fund, row.unit, row.cost_class, -row.left)
        spend(books, row.fund, row.unit, cost_class, row.left)


@memory("what of the payment did not come back is paid of that invoice; of the first that names it, the amount is the invoice's")
def pays_instead(books: Books, context: StatementContext, record: object, rows: Rows, of: str, ref: str, said: int) -> None:
    name, row = corrected(books, context, of)
    if isinstance(row, Disbursement):
        if row.invoice:
            take_off_invoice(books, row.party, row.invoice, row.left, gone=name)
        put_on_invoice(books, row.party, name, (ref, row.unit, said), row.left)
