"""Invoices: what the payments that name one invoice may come to together.

An invoice is known by a keyed hash of its payee and number (formats §5). It has one row, however many payments name it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from .field import Amount, Committed, Part
from .rows import InvoiceRow
from .rule import demand, memory
from .state import Books, money, total
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Said = tuple[str, str, int]
"""The reference of an invoice, its unit, and what a payment says that it comes to."""


class Invoice(Part):
    """The invoice that a payment pays, or part of it."""

    ref: Committed = Field(description="The number of the invoice, as a keyed hash.")
    amount: Amount = Field(description="What the invoice comes to.")


def invoice_key(party: str, ref: str) -> str:
    """The key of an invoice's row in the books."""
    return f"{party}/{ref}"


@demand(
    "the payments that name the invoice, less what came back of them, come to at most the amount that the first of them named, "
    "and the record names that amount and unit too",
    "duplicate-invoice",
)  # fmt: skip
def pays_once(books: Books, context: StatementContext, fields: Fields, ref: str, said: int, unit: str, amount: int) -> None:
    check_invoice(books, context, fields, context.ref, (ref, unit, said), amount)


def check_invoice(
    books: Books, context: StatementContext, fields: Fields, name: str, invoice: Said, amount: int, counted: int = 0
) -> None:
    """Judge a payment of that name, of which so much is `counted` already."""
    ref, unit, said = invoice
    row = row_of(books, context.party, name, invoice)
    if (row.unit, row.amount) != (unit, said):
        facts = {"said": money(books, unit, said), "first": money(books, row.unit, row.amount)}
        context.fault("duplicate-invoice", f"{fields[1]} {{said}}: the first payment of that invoice says {{first}}", **facts)
    elif row.paid - counted + amount > row.amount:
        reached = row.paid - counted + amount
        facts = {name: money(books, unit, minor) for name, minor in (("reached", reached), ("first", row.amount))}
        context.fault(
            "duplicate-invoice", f"{fields[0]}: payments of that invoice would reach {{reached}}, but it comes to {{first}}",
            **facts,
        )  # fmt: skip


def row_of(books: Books, party: str, name: str, invoice: Said) -> InvoiceRow:
    """An invoice as it will be when the payment of that name is recorded: its amount is what its first payment says. If that is
    void or names another invoice, and nothing else was paid of it, the next payment is the first."""
    ref, unit, said = invoice
    row = books.invoice.get(invoice_key(party, ref))
    if row is None or not row.first:
        return InvoiceRow(unit, said, 0, name)
    return row._replace(amount=said) if row.first == name else row


@memory("the record's amount is paid of the invoice, which comes to what the first record that named it says")
def pays_invoice(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], ref: str, said: int, unit: str, amount: int
) -> None:
    put_on_invoice(books, context.party, context.ref, (ref, unit, said), amount)


def put_on_invoice(books: Books, party: str, name: str, invoice: Said, amount: int) -> None:
    """Of the payment of that name, so much is paid of the invoice."""
    row = row_of(books, party, name, invoice)
    paid = total(row.paid, amount, "what was paid of an invoice")
    books.invoice.put(invoice_key(party, invoice[0]), row._replace(paid=paid))


@memory("the amount that came back of the payment is no longer paid of the invoice that the payment named")
def unpays_invoice(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], of: str, amount: int
) -> None:
    payment = books.disbursement.get(context.resolve(of, "of"))
    if payment is not None and payment.invoice:
        take_off_invoice(books, payment.party, payment.invoice, amount)


def take_off_invoice(books: Books, party: str, ref: str, amount: int, gone: str = "") -> None:
    """Of a payment that named the invoice, so much came back or was never paid. The payment `gone` does not name it any more."""
    key = invoice_key(party, ref)
    row = books.invoice.get(key)
    if row is not None:
        paid = row.paid - amount
        books.invoice.put(key, row._replace(paid=paid, first="" if row.first == gone and not paid else row.first))
