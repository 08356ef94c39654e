"""The words of what a record moves, each on one tape (`move`). First everything goes out, then everything comes in, each inflow in
one piece."""

from __future__ import annotations

from collections.abc import Callable

from .flows import size
from .naming import tape_of
from .path import reader_of
from .rule import In, Make, Out, Outs, Step, Word, make_word
from .state import Books
from .statement_context import Leg, StatementContext, inflow
from .tape import Span

Units = tuple[Span, ...]


def move(sentence: str, *breaks: str) -> Make:
    """Make a word of a function that says what moves: (name of the tape, values of the other fields…) to `In`, `Out` or `Outs`. The
    first field is the tape, `fund/unit`, which must exist."""

    def step_of(moves: Callable[..., Leg | list[Leg]], fields: tuple[str, ...]) -> Step:
        values, field = reader_of(fields), "".join(fields[:1]).partition("/")[0]

        def step(record: object, books: Books, context: StatementContext, legs: list[Leg]) -> None:
            (fund, unit), *others = values(record)
            moved = moves(tape_of(books, context, fund, unit, field) if context else f"{fund}/{unit}", *others)
            legs.extend(moved if isinstance(moved, list) else (moved,))

        return step

    return make_word(Word("", "moves", sentence, (*breaks, "fragmented"), True), step_of)


@move("the amount comes into the tape", "tape-limit")
def comes_in(tape: str, amount: int) -> In:
    return inflow(tape, amount)


@move("the amount comes into the tape, less the other amount where that is given", "tape-limit")
def rest_comes_in(tape: str, amount: int, less: int | None) -> In:
    return inflow(tape, amount - (less or 0))


@move("an amount comes into the tape in exchange for an amount that went out, from the lowest unit up", "tape-limit")
def bought(tape: str, amount: int, cost: int) -> In:
    return inflow(tape, amount, cost)


@move("the amount goes out of the tape: the units named, or the lowest where none are named", "overdraft")
def goes_out(tape: str, amount: int, units: Units | None) -> Out:
    return Leg(tape, amount, units or ())


@move("these units go out of the tape, or only those of them that are named", "overdraft")
def units_go_out(tape: str, units: Units, part: Units | None = None) -> Out:
    return Leg(tape, size(part or units), part or units)


@move("as many units as these come into the tape, or as those of them that are named", "tape-limit")
def as_many_come_in(tape: str, units: Units, part: Units | None = None) -> In:
    return inflow(tape, size(part or units))


@move("these units go out of the tape, and end as void", "overdraft")
def goes_void(tape: str, units: Units) -> Out:
    return Leg(tape, size(units), units, state="void")


@move("the goods that were bought with units of the tape go out of the tapes into which they came, and end as void", "overdraft")
def goods_go_void(tape: str, bought: tuple[tuple[str, int, int], ...]) -> Outs:
    return [Leg(goods, end - start, ((start, end),), state="void") for goods, start, end in bought]


@move("these units go out of the tape, and end as refunded", "overdraft")
def goes_back(tape: str, units: Units) -> Out:
    return Leg(tape, size(units), units, state="refunded")


@move("the amount goes out of the tape, and ends as written off", "overdraft")
def pays_fee_back(tape: str, amount: int | None) -> Out:
    return Leg(tape, amount or 0, state="written-off")


@move("as many units as these go out of the tape, and end as written off", "overdraft")
def makes_good(tape: str, units: Units) -> Out:
    return Leg(tape, size(units), state="written-off")
