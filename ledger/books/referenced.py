"""The words of references: what a channel called a payment (formats §5)."""

from __future__ import annotations

from ..errors import Refused
from .field import label_name
from .mandate import label_for
from .rule import demand
from .state import Books
from .statement_context import StatementContext

Fields = tuple[str, ...]
# Channels that call a payment nothing: money from hand to hand, things, and one's own accounts.
WITHOUT_REFERENCE = ("cash", "in-kind", "own")


@demand(
    "there is a reference of the channel, unless that is `cash`, `in-kind` or `own`", "reference-missing", decidable=True,
)  # fmt: skip
def has_reference(books: Books, context: StatementContext, fields: Fields, channel: str, channel_ref: str | None) -> None:
    if channel_ref is None and channel not in WITHOUT_REFERENCE:
        context.fault("reference-missing", f"{fields[1]}: channel {channel!r} has a reference for each payment; give it")


@demand("it has the label of its channel on that day ([books.md](books.md) §2)", "reference")
def under_its_label(
    books: Books, context: StatementContext, fields: Fields, channel_ref: str | None, channel: str, day: str
) -> None:
    if channel_ref is not None:
        _check_label(books, context, fields[0], channel_ref, channel, day)


@demand("it has the label of invoices ([books.md](books.md) §2)", "reference")
def under_invoice_label(books: Books, context: StatementContext, fields: Fields, ref: str, day: str) -> None:
    _check_label(books, context, fields[0], ref, "invoices", day)


@demand("it has the label of accounts ([books.md](books.md) §2)", "reference")
def under_account_label(books: Books, context: StatementContext, fields: Fields, account: str, day: str) -> None:
    _check_label(books, context, fields[0], account, "accounts", day)


def _check_label(books: Books, context: StatementContext, field: str, ref: str, use: str, day: str) -> None:
    """A use and a day have one label: under two labels, one reference has two keyed hashes, and nobody would see that they are of
    one payment. Raises Refused."""
    label, right = label_name(ref), label_for(books, context.party, use, day)
    if label != right:
        should = f"those of {use!r} on {day} are under {right!r}" if right else f"no label of {use!r} in the mandate covers {day}"
        raise Refused(f"{field}: is committed under label {label!r}, but {should}", rule="reference")


@demand("it is a record of the same party (`authority`) that is void (`reference`)", "reference", "authority")
def takes_place_of(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    void = books.void.get(context.resolve(of, fields[0]))
    if void is None:
        raise Refused(f"{fields[0]} {of}: is not void; declare it void with a reversal first", rule="reference")
    if void.party != context.party:
        context.fault("authority", f"{fields[0]} {of}: is a record of {void.party}")
