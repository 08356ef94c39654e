"""The invoice of a payment on the command line, committed with a key of the party that is never destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ledger.canonical import JsonObject
from ledger.entries.channel_reference import ReferenceKeys
from ledger.entries.label import INVOICES, NEVER, commit_invoice, label_chooser
from ledger.errors import UsageError

from .channel_reference import maker, said_then
from .money import minor
from .session import Session

INVOICE = "invoice"
"""The field that these options give."""


def invoice_options() -> Iterator[click.Option]:
    """`--invoice NUMBER`, and what it comes to."""
    yield click.Option(
        ["--invoice"], metavar="NUMBER",
        help="The number of the invoice. Only a hash keyed with the party's secret key is recorded.",
    )
    yield click.Option(
        ["--invoice-amount"], metavar="AMOUNT", help="What the invoice comes to. Default: the amount of the payment.",
    )


def with_invoice(session: Session, party: str, records: list[JsonObject], words: dict[str, Any]) -> list[JsonObject]:
    """The payment, the first of the records, with its invoice; and the record of the key, if the ledger does not have it yet.

    Raises UsageError if there is an amount without a number, or if the key is not the right one."""
    number, amount = words.get("invoice"), words.get("invoice_amount")
    if number is None:
        if amount is not None:
            raise UsageError("--invoice-amount: needs the number of the invoice, --invoice", rule="usage", where="invoice")
        return records
    payment, *more = records
    if "payee" not in payment:
        raise UsageError("--invoice: belongs to a payee; name it with --payee", rule="usage", where="invoice")
    keys = ReferenceKeys(session.directory, party, session.books, maker(party, session.today, NEVER))
    label = label_chooser(session.books, party, INVOICES)(payment["paid_on"])
    ref = commit_invoice(keys.secret(label), label, payment["payee"], number)
    whole = payment["amount"] if amount is None else minor(amount, "amount", {}, payment, session.books)
    unsaid = keys.unsaid(label) or said_then(session, label)
    return [{**payment, "invoice": {"ref": ref, "amount": whole}}, *more, *([unsaid] if unsaid else [])]
