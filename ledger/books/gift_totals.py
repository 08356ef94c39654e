"""The words of what was given: the sums of gifts by day, and the statistics about them."""

from __future__ import annotations

from collections.abc import Sequence

from .period import cover, steps_of
from .reads import Cell
from .rows import Given
from .rule import demand, memory
from .state import Books, money, total
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
NONE_GIVEN = Given()


@memory("one more gift to the tape on that day, of that amount; a refund does not lower it")
def given(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], tape: tuple[str, str], day: str, amount: int
) -> None:
    give(books, "/".join(tape), day, amount, 1)


def give(books: Books, tape: str, day: str, amount: int, gifts: int) -> None:
    """Add `gifts` gifts of `amount` together, received on a day, to a tape. Raises Refused (`tape-limit`)."""
    for step in steps_of(day):
        key = f"{tape}/{step}"
        row = books.given.get(key) or NONE_GIVEN
        books.given.put(key, Given(total(row.amount, amount, f"what was given to {tape.partition('/')[0]}"), row.gifts + gifts))


@demand(
    "the cells add up to what was given to the tape in those days, and each is what was given in its month or day, within those "
    "days, as far as it is recorded",
    "statistics-total",
)  # fmt: skip
def totals(
    books: Books, context: StatementContext, fields: Fields, tape: tuple[str, str], days: tuple[str, str], cells: Sequence[Cell]
) -> None:
    amount, gifts = given_between(books, "/".join(tape), *days)
    said = (sum(cell.amount for cell in cells), sum(cell.gifts for cell in cells))
    if said != (amount, gifts):
        words = (
            f"{fields[2]}: {{said}} in {said[1]} gifts, but the ledger has {{given}} in {gifts} gifts for {tape[0]}; correct the "
            "cells"
        )
        context.fault("statistics-total", words, said=money(books, tape[1], said[0]), given=money(books, tape[1], amount))
        return
    for cell in cells:
        amount, gifts = given_in(books, "/".join(tape), cell.code, days)
        if (cell.amount, cell.gifts) != (amount, gifts):
            words = (
                f"{fields[2]}: {{said}} in {cell.gifts} gifts in {cell.code}, but the ledger has {{given}} in {gifts} gifts; "
                "correct the cells"
            )
            context.fault("statistics-total", words, said=money(books, tape[1], cell.amount), given=money(books, tape[1], amount))
            return


def given_in(books: Books, tape: str, code: str, days: tuple[str, str]) -> tuple[int, int]:
    """(amount, gifts) recorded so far as received into a tape in a month or on a day, as far as that is between two days."""
    # Of the code of a day, which is ten characters long, nothing is added.
    first, last = max(days[0], f"{code}-01"[:10]), min(days[1], f"{code}-31"[:10])
    return given_between(books, tape, first, last) if first <= last else (0, 0)


def given_between(books: Books, tape: str, from_day: str, to_day: str) -> tuple[int, int]:
    """(amount, gifts) recorded so far as received into a tape from one day to another, both included."""
    rows = [row for step in cover(from_day, to_day) if (row := books.given.get(f"{tape}/{step}"))]
    return sum(row.amount for row in rows), sum(row.gifts for row in rows)
