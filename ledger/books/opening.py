"""What was there when a party's books began: the money or goods that it says it had, and who counted them (books §2).

An opening balance is believed only as far as a bank statement or a stocktake of that day shows it. All opening balances of a fund
tree and unit are one sum, and so is what was shown. The books of a party can still be moved back; then what was said of the day on
which they began before is of no first day any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .bank_rows import OpeningRow, ShownRow
from .moment import books_from_of
from .reads import Amounted
from .rule import memory
from .state import Books
from .statement_context import Flow, StatementContext

Tape = tuple[str, str]
OPENING = "opening-balance"


class Unconfirmed(NamedTuple):
    """Opening balances of a fund tree in one unit that nothing confirms: those on the first day of the books, what was shown of
    that day, and those on other days."""

    root: str
    unit: str
    day: str
    booked: int
    shown: int
    elsewhere: int


@memory("an opening balance is added to those of the fund tree in that unit, on the first day of the books or not")
def opens(
    books: Books, context: StatementContext, record: Amounted, rows: Sequence[Flow], tape: Tape, income_class: str, day: str
) -> None:
    if income_class == OPENING:
        add_opening(books, *tape, day, record.amount)


@memory(
    "on the first day of the books, the balance is what that account held; it takes the place of what an earlier statement said of "
    "that account and day"
)
def shows_opening(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], tape: Tape, account: str, day: str, opening: int
) -> None:
    key, row = _row_of(books, *tape)
    before = books.shown.get(name := f"{context.party}/{account}/{tape[1]}")
    if day == row.day:
        said = before.opening if before is not None and before.day == day else 0
        books.opening.put(key, row._replace(banked=row.banked + opening - said))
        books.shown.put(name, ShownRow(day, opening))


@memory("on the first day of the books, what was counted is what the fund tree had; the last count of that day counts")
def counts_opening(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], tape: Tape, day: str, counted: int
) -> None:
    key, row = _row_of(books, *tape)
    if day == row.day:
        books.opening.put(key, row._replace(counted=counted))


def add_opening(books: Books, fund: str, unit: str, day: str, amount: int) -> None:
    """Add an opening balance of a day; a negative one takes it back."""
    key, row = _row_of(books, fund, unit)
    if day == row.day:
        row = row._replace(booked=row.booked + amount)
    else:
        row = row._replace(elsewhere=row.elsewhere + amount)
    books.opening.put(key, row)


def unconfirmed(books: Books) -> Iterator[Unconfirmed]:
    """The fund trees and units with opening balances that are not on the first day of the books, or are not what was shown,
    or of which there are none where an account had something."""
    for key, _ in books.opening.items():
        root, _, unit = key.partition("/")
        _, row = _row_of(books, root, unit)
        # A count of that day may show what came on it, so by itself it does not show an opening balance that was left out.
        shown = row.banked + row.counted if row.booked or row.banked else 0
        if row.elsewhere or row.booked != shown:
            yield Unconfirmed(root, unit, row.day, row.booked, shown, row.elsewhere)


def _row_of(books: Books, fund: str, unit: str) -> tuple[str, OpeningRow]:
    """The row of the fund's tree, and its key, by the first day that the party's books have now."""
    named = books.fund.get(fund)
    root, owner = (named.root, named.owner) if named else (fund, "")
    first = books_from_of(books, owner)
    row = books.opening.get(key := f"{root}/{unit}") or OpeningRow(first, 0, 0, 0, 0)
    return key, row if row.day == first else OpeningRow(first, 0, row.elsewhere + row.booked, 0, 0)
