"""The words of grants (books §3): money or goods for an organisation that will spend them itself.

A grant moves nothing into a fund of its payee. A fund takes units only by records of its owner: the payee's receipt takes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from ..errors import Refused
from .field import FundId, Part
from .flows import ins
from .levels import OWN
from .life import backs, untaken
from .naming import check_not_void, disbursement_of, fund_of
from .reads import Amounted
from .relation_rows import Donor
from .restriction import STRICTNESS, descends
from .rows import Brought, Disbursement
from .rule import demand, memory
from .state import Books, money_of
from .statement_context import Flow, StatementContext
from .void_rows import TakingRow

Fields = tuple[str, ...]
Rows = Sequence[Flow]
MOST_TAKINGS = 64


class Grant(Part):
    """Says that the payee will spend it itself."""

    fund: FundId | None = Field(None, description="The fund of the payee that it is meant for.")


GRANT = "That it is a grant to an organisation that will spend it itself, and for which of its funds, if for one."


@demand("the fund that is named, if one is, belongs to that party", "reference", decidable=True)
def of_payee(books: Books, context: StatementContext, fields: Fields, to: str | None, payee: str | None) -> None:
    if to is not None and fund_of(books, context, to, fields[0]).owner != payee:
        raise Refused(f"{fields[0]} {to!r}: is not a fund of the payee, {payee}; give a fund of the payee", rule="reference")


@demand("the second fund, if it is named, is at least as restricted as the first", "restriction", decidable=True)
def as_strict(books: Books, context: StatementContext, fields: Fields, source: str, to: str | None) -> None:
    if to is not None and not _is_as_strict(books, context, source, to):
        context.fault("restriction", f"{fields[1]} {to!r}: {_too_free(books, source, to)}")


@demand(
    "with a fund, it is the payee's own receipt of a grant; without one, it is not the payer's word about its own grant, nor of a "
    "grant to a party that had a key, unless that signs where some of it came back by a record that it did not sign, and none is "
    "left to take; what is void is acknowledged by others than the payer only, and not into a fund",
    "reference", decidable=True,
)  # fmt: skip
def receivable(books: Books, context: StatementContext, fields: Fields, of: str, into: str | None, level: str) -> None:
    # A bundle does not show what became of the payee's keys, so there only the rest is judged.
    row = disbursement_of(books, context, of, fields[0])
    if into is not None or level in OWN:
        check_not_void(books, context.resolve(of, fields[0]), f"{fields[0]} {of}")
    if into is not None and row.yields != "grant":
        raise Refused(f"{fields[1]} {into!r}: {of} is not a grant; only a grant is taken into a fund", rule="reference")
    if into is not None and level != "recipient-signed":
        raise Refused(f"{fields[1]} {into!r}: a {level} receipt cannot take a grant; its payee takes it", rule="reference")
    if into is None and row.yields == "grant" and row.keyed and context.whole and not _can_answer(books, context, of, row, level):
        words = f"is a grant to {row.payee}, which has a key; its own receipt names the fund that takes it"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")
    if into is None and row.yields == "grant" and level in OWN:
        raise Refused(f"{fields[0]} {of}: is a grant; somebody else must say that it arrived", rule="reference")


@demand("it is a fund of the party", "reference", decidable=True)
def own_fund(books: Books, context: StatementContext, fields: Fields, into: str) -> None:
    if fund_of(books, context, into, fields[0]).owner != context.party:
        words = f"is not a fund of {context.party}, the payee; take it into a fund of your own"
        raise Refused(f"{fields[0]} {into!r}: {words}", rule="reference")


@demand(
    "it is the fund that the grant names, or one below it; if the grant does not name one, it is at least as restricted as the "
    "fund that paid; where a grant is paid back, it is the fund that paid that grant",
    "restriction", decidable=True,
)  # fmt: skip
def as_meant(books: Books, context: StatementContext, fields: Fields, into: str, of: str) -> None:
    row = disbursement_of(books, context, of, fields[1])
    if row.gives_back:
        if into != row.meant_for:
            message = f"a grant is paid back that {row.meant_for!r} had paid; take it into that fund"
            context.fault("restriction", f"{fields[0]} {into!r}: {message}")
    elif row.meant_for:
        if into != row.meant_for and not descends(books, into, row.meant_for):
            message = f"the grant is for {row.meant_for!r}; take it into that fund or one below it"
            context.fault("restriction", f"{fields[0]} {into!r}: {message}")
    elif not _is_as_strict(books, context, row.fund, into):
        context.fault("restriction", f"{fields[0]} {into!r}: {_too_free(books, row.fund, into)}")


@demand(
    "at least that much of the grant, in one piece, was neither taken into a fund nor came back; fewer than "
    f"{MOST_TAKINGS} receipts took of it",
    "receipt-excess", decidable=True,
)  # fmt: skip
def not_taken(books: Books, context: StatementContext, fields: Fields, of: str, amount: int) -> None:
    row = disbursement_of(books, context, of, fields[0])
    left = max((end - start for start, end in untaken(books, context.resolve(of, fields[0]), row, 0, row.left)), default=0)
    if amount > left:
        facts = {"amount": money_of(books, row.tape, amount), "left": money_of(books, row.tape, left)}
        piece = "" if left == not_placed(row) else " in one piece"
        words = f"only {{left}} of grant {of} was neither taken into a fund nor came back{piece}; take at most that"
        raise Refused(f"{fields[1]} {{amount}}: {words}", rule="receipt-excess", facts=facts)
    if row.takings >= MOST_TAKINGS:
        words = f"{MOST_TAKINGS} receipts have taken units of it, the most allowed; pay back the rest and pay it again"
        raise Refused(f"{fields[0]} {of}: {words}", rule="receipt-excess")


@memory(
    "the lowest units of the grant that were not taken, as many in one piece, were taken by the party into what the record moved "
    "in, on the day; and whose grant was taken into the tree of that fund",
    decidable=True, makes="taking",
)  # fmt: skip
def takes(books: Books, context: StatementContext, record: Amounted, rows: Rows, of: str, into: str, day: str) -> None:
    row, name = disbursement_of(books, context, of, "of"), context.resolve(of, "of")
    ((tape, (at, _)),) = ins(rows)
    free = untaken(books, name, row, 0, row.left)
    start = next((start for start, end in free if end - start >= record.amount), row.left)
    books.taken.put(f"{name}/{row.takings}", Brought(context.index, context.number, start, start + record.amount, tape, at))
    books.taking.put(context.ref, TakingRow(
        context.party, name, row.takings, into, row.unit, record.amount, at, day, context.day, kept=record.amount,
    ))  # fmt: skip
    books.disbursement.put(name, row._replace(taken=row.taken + record.amount, takings=row.takings + 1))
    if (fund := books.fund.get(into)) is not None:
        books.granted.put(f"{fund.root}/{row.party}", Donor(row.party))


def not_placed(row: Disbursement) -> int:
    """How many units of a payment or delivery were neither taken into a fund nor came back."""
    return row.amount - row.returned - row.taken


def is_grant(record: Any) -> bool:
    """Whether a record is a grant."""
    return getattr(record, "grant", None) is not None


def meant_for(record: Any) -> str:
    """The fund that a grant names; "" if it does not."""
    grant = getattr(record, "grant", None)
    return (grant.fund or "") if grant is not None else ""


def _can_answer(books: Books, context: StatementContext, of: str, row: Disbursement, level: str) -> bool:
    """Whether the payee of a grant says without a fund that it arrived: what it could take, it has, and somebody says without it
    that the rest came back or never went out."""
    came = backs(books, context.resolve(of, "of"), row, 0, row.amount)
    return level == "recipient-signed" and not not_placed(row) and any(not one.agreed for one in came)


def _is_as_strict(books: Books, context: StatementContext, source: str, to: str) -> bool:
    one, other = fund_of(books, context, source), fund_of(books, context, to)
    return STRICTNESS.index(other.restriction) >= STRICTNESS.index(one.restriction)


def _too_free(books: Books, source: str, to: str) -> str:
    given, taken = books.fund[source].restriction, books.fund[to].restriction
    return f"is {taken}, but the money of {source!r} is {given}; choose a fund that is at least as restricted"
