"""The words of statistics by region: a partition of what was entered, in cells of which none is small (books §8).

The regions of gifts are in no record, and the amounts are. So a small cell, two overlapping ranges, or an exact sum of ten gifts
would tell where somebody lives. A range is all gifts into one fund in one unit between the range before and the entry that says
it; so ranges leave no gap, and no two of them differ by a few gifts.
"""

from __future__ import annotations

from collections.abc import Sequence

from .reads import Placed
from .region_rows import RangeRow
from .rows import Given
from .rule import demand, memory
from .state import Books, money
from .statement_context import ALONE, Flow, StatementContext

Fields = tuple[str, ...]
Tape = tuple[str, str]
SMALLEST_CELL, SMALLEST_SPLIT = 10, 100
OTHER = "other"
RULE = "statistics-cell"
# Days are of the years 1000 to 2999.
CENTURIES = range(10, 30)
NONE = RangeRow(0, 0, 0)


@demand(
    "each cell holds at least 10 gifts; fewer than 100 are not split, but are one cell, `other`", RULE, decidable=True,
)  # fmt: skip
def hides_the_few(books: Books, context: StatementContext, fields: Fields, cells: Sequence[Placed]) -> None:
    if sum(cell.gifts for cell in cells) < SMALLEST_SPLIT:
        if [cell.code for cell in cells] != [OTHER]:
            context.fault(RULE, f"{fields[0]}: fewer than {SMALLEST_SPLIT} gifts are not split; make one cell, `{OTHER}`")
    elif few := [cell.code for cell in cells if cell.gifts < SMALLEST_CELL]:
        context.fault(RULE, f"{fields[0]}: {few[0]} has fewer than {SMALLEST_CELL} gifts; merge it into `{OTHER}`")


@demand("the range begins where the one before it of that fund and unit ended, the first with entry 0", RULE)
def follows_range(books: Books, context: StatementContext, fields: Fields, tape: Tape, from_size: int) -> None:
    before = books.region.get("/".join(tape)) or NONE
    if from_size != before.until:
        words = f"the range before it ended before entry {before.until}; begin there"
        context.fault(RULE, f"{fields[1]} {from_size}: {words}")


@demand("the amount and the gifts of the cells are what was entered into the tape in that range", "statistics-total")
def totals_range(
    books: Books, context: StatementContext, fields: Fields, tape: Tape, amount: int, cells: Sequence[Placed]
) -> None:
    before, now = books.region.get("/".join(tape)) or NONE, _entered(books, context, tape)
    there, said = (now.amount - before.amount, now.gifts - before.gifts), (amount, sum(cell.gifts for cell in cells))
    if said != there:
        words = (
            f"{fields[1]}: {{said}} in {said[1]} gifts, but {{entered}} in {there[1]} gifts was entered for {tape[0]} since entry "
            f"{before.until}; count again"
        )
        facts = {"said": money(books, tape[1], said[0]), "entered": money(books, tape[1], there[0])}
        context.fault("statistics-total", words, **facts)


@memory("the next range of the tape begins with this entry")
def ends_range(books: Books, context: StatementContext, record: object, rows: Sequence[Flow], tape: Tape) -> None:
    now = _entered(books, context, tape)
    books.region.put("/".join(tape), RangeRow(context.index, now.amount, now.gifts))


def ungive(books: Books, tape: str, amount: int) -> None:
    """Remember that a gift is void: it was entered all the same."""
    before = books.ungiven.get(tape) or Given()
    books.ungiven.put(tape, Given(before.amount + amount, before.gifts + 1))


def _entered(books: Books, context: StatementContext, tape: Tape) -> Given:
    """All gifts that were entered before this entry, void ones too."""
    name = "/".join(tape)
    rows = [books.ungiven.get(name), *(books.given.get(f"{name}/{century}") for century in CENTURIES)]
    amount, gifts = sum(row.amount for row in rows if row), sum(row.gifts for row in rows if row)
    number = 0
    for first, amounts in context.runs:
        if number < context.number and first.is_gift and (first.fund, first.unit) == tape:
            amount, gifts = amount - (first.amount if amounts == ALONE else sum(amounts)), gifts - len(amounts)
        number += len(amounts)
    return Given(amount, gifts)
