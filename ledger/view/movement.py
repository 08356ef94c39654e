"""What one record moves, as a line of accounts tells it: into which term each of its legs belongs.

Every kind that moves units is in `TERMS_OF`, and each unit that it brings into a fund or takes out of it is in one leg of one term.
A reversal is in none: a void record is in no sum, and neither is what came back of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from ..books.flows import size
from ..books.kinds.donation import Donation
from ..books.kinds.refund import Refund
from ..books.kinds.write_off import WriteOff
from ..books.life import named_at, taken
from ..books.moment import local_day
from ..books.opening import OPENING
from ..books.record import Record
from ..books.rows import Allocation, Disbursement
from ..books.state import Books
from ..books.void_rows import ExchangeRow, IncomeRow, TakingRow

TERMS = (
    "opening", "given", "fees", "granted", "income", "returned", "moved", "exchanged", "bought", "paid", "delivered",
    "written-off", "refunded",
)  # fmt: skip
"""The terms of a line, in its order."""
TERMS_OF: Mapping[str, tuple[str, ...]] = {
    "donation": ("given", "fees"), "income": ("opening", "income"), "receipt": ("granted",), "payment-return": ("returned",),
    "allocation": ("moved",), "exchange": ("exchanged",), "payment": ("bought", "paid"), "delivery": ("delivered",),
    "write-off": ("written-off",), "refund": ("fees", "refunded"), "reversal": (),
}  # fmt: skip
"""By kind, the terms in which its records are."""


class Leg(NamedTuple):
    """Minor units that came into a fund, or left it if `amount` is below 0. `other` is the fund of this ledger that they came from
    or went to, "" for the outside."""

    fund: str
    amount: int
    other: str = ""


class Movement(NamedTuple):
    """What one record moves in one term and unit. A record has at most one for each."""

    term: str
    unit: str
    legs: tuple[Leg, ...]
    day: str = ""
    payee: str = ""

    def effect(self, held: Container[str]) -> int:
        """What it changes in what these funds hold together: what moves between two of them is not counted."""
        return sum(leg.amount for leg in self.counted(held))

    def counted(self, held: Container[str]) -> list[Leg]:
        """The legs between one of these funds and the outside of them."""
        return [leg for leg in self.legs if leg.fund in held and leg.other not in held]


def disbursed(books: Books, ref: str, row: Disbursement) -> Iterator[Movement]:
    """What a payment or delivery took out, and what it bought. What receipts took into funds of this ledger went there."""
    if books.void.get(ref) is not None:
        return
    legs = _taken(books, ref, row) if row.taken else (Leg(row.fund, -row.amount),)
    yield Movement("paid" if row.kind == "payment" else "delivered", row.unit, legs, row.day, row.payee)
    if row.bought:
        yield from _bought(row)


def _taken(books: Books, ref: str, row: Disbursement) -> tuple[Leg, ...]:
    """A leg into each fund that took some of it, and one to the outside for the rest."""
    into = defaultdict[str, int](int)
    for number in range(row.takings):
        one = taken(books, ref, number)
        into[one.tape.partition("/")[0]] += one.end - one.start if one.tape else 0
    into[""] = row.amount - row.taken
    return tuple(Leg(row.fund, -amount, fund) for fund, amount in into.items() if amount)


def _bought(row: Disbursement) -> Iterator[Movement]:
    goods = defaultdict[str, list[Leg]](list)
    for tape, start, end in row.bought:
        fund, _, unit = tape.partition("/")
        goods[unit].append(Leg(fund, end - start))
    for unit, came in goods.items():
        yield Movement("bought", unit, tuple(came), row.day, row.payee)


def returned(books: Books, payment: str, amount: int, day: str = "") -> Iterator[Movement]:
    """What came back of a payment by returns, unless the rest of it was declared void."""
    row = books.disbursement[payment]
    if books.void.get(payment) is None:
        yield Movement("returned", row.unit, (Leg(row.fund, amount),), day, row.payee)


def earned(books: Books, ref: str, row: IncomeRow) -> Iterator[Movement]:
    """Money that is not a gift: what was there before the books began, or any other."""
    if books.void.get(ref) is None:
        yield Movement("opening" if row.income_class == OPENING else "income", row.unit, (Leg(row.fund, row.amount),), row.day)


def took(books: Books, ref: str, row: TakingRow) -> Iterator[Movement]:
    """What a receipt took into a fund of a payment of another fund."""
    if books.void.get(ref) is None:
        yield Movement("granted", row.unit, (Leg(row.fund, row.amount, books.disbursement[row.of].fund),), row.day)


def allocated(row: Allocation, day: str = "") -> Iterator[Movement]:
    """What an allocation moved and no reversal took back."""
    kept = row.amount - row.returned
    if kept:
        yield Movement("moved", row.unit, (Leg(row.source, -kept, row.to), Leg(row.to, kept, row.source)), day)


def exchanged(books: Books, ref: str, row: ExchangeRow) -> Iterator[Movement]:
    """What an exchange took in one unit and brought in another."""
    if books.void.get(ref) is None:
        yield Movement("exchanged", row.unit, (Leg(row.fund, -row.amount),), row.day)
        yield Movement("exchanged", row.to_unit, (Leg(row.fund, row.to_amount),), row.day)


def donated(books: Books, ref: str, gift: Donation) -> Iterator[Movement]:
    """A gift, and the fee that was kept of it."""
    if books.void.get(ref) is None:
        yield Movement("given", gift.unit, (Leg(gift.fund, gift.amount),), gift.received_on)
        if gift.fee:
            yield Movement("fees", gift.unit, (Leg(gift.fund, -gift.fee),), gift.received_on)


def refunded(refund: Refund) -> tuple[Movement, ...]:
    """What went back to a donor: units of the gift, what another fund covered, and the fee. Where no fund pays the fee, who kept it
    gives it back, and so much less was kept."""
    legs = defaultdict[str, int](int)
    legs[refund.fund] -= size(refund.units or ())
    if refund.cover is not None:
        legs[refund.cover.fund] -= size(refund.cover.units)
    legs[refund.fee_from or refund.fund] -= refund.fee or 0
    went = tuple(Leg(fund, amount) for fund, amount in legs.items() if amount)
    movements = (Movement("refunded", refund.unit, went, refund.refunded_on),)
    if not refund.fee or refund.fee_from:
        return movements
    return (Movement("fees", refund.unit, (Leg(refund.fund, refund.fee),), refund.refunded_on), *movements)


def written_off(loss: WriteOff, day: str) -> tuple[Movement, ...]:
    """What was lost, as recorded on a day."""
    return (Movement("written-off", loss.unit, (Leg(loss.fund, -loss.amount),), day),)


def movements_of(books: Books, ref: str, record: Record, entered_at: str) -> Iterator[Movement]:
    """What a record of an entry of that time moves: nothing if it is void, or of a kind that is not in `TERMS_OF`."""
    tell = _BY_KIND.get(record.kind)
    yield from tell(books, ref, record, entered_at) if tell else ()


_Tell = Callable[..., Iterable[Movement]]


def _of_table(table: str, tell: Callable[..., Iterable[Movement]]) -> _Tell:
    """Of a record that has a row in that table of the books; a receipt that took nothing into a fund has none."""

    def told(books: Books, ref: str, _: object, entered_at: str) -> Iterable[Movement]:
        row = getattr(books, table).get(ref)
        return tell(books, ref, row) if row is not None else ()

    return told


_BY_KIND: Mapping[str, _Tell] = {
    "donation": lambda books, ref, record, _: donated(books, ref, record),
    "income": _of_table("income", earned),
    "receipt": _of_table("taking", took),
    "payment-return": lambda books, ref, record, _: returned(
        books, named_at(record.of, ref)[0], record.amount, record.returned_on
    ),
    "allocation": lambda books, ref, _, time: allocated(books.allocation[ref], local_day(books, time)),
    "exchange": _of_table("exchange", exchanged),
    "payment": _of_table("disbursement", disbursed),
    "delivery": _of_table("disbursement", disbursed),
    "write-off": lambda books, _, record, time: written_off(record, local_day(books, time)),
    "refund": lambda books, _, record, time: refunded(record),
}  # fmt: skip
