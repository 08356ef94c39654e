"""Running sums of a pot in one unit: its inflow, what is in it besides, and what it lost.

A pot is all of a project, or all funds of a tree that are of no project. What moves between pots was inflow, or was not, and stays
that: so no money becomes inflow because it is moved. Of a pot without a project only what is *not* inflow is kept, which is rare.
"""

from __future__ import annotations

from .rows import Sum
from .state import Books, total
from .table import Table

Tape = tuple[str, str]


def project_of(books: Books, fund_id: str) -> str:
    """The project that a fund belongs to; "" if it belongs to none."""
    fund = books.fund.get(fund_id)
    return fund.project if fund is not None else ""


def pot_of(books: Books, fund_id: str) -> str:
    """The project that a fund belongs to, or else the root of its tree."""
    fund = books.fund.get(fund_id)
    return (fund.project or fund.root) if fund is not None else ""


def sum_of(table: Table[Sum], books: Books, tape: Tape) -> int:
    """The sum of the tape's pot."""
    row = table.get(f"{pot_of(books, tape[0])}/{tape[1]}")
    return row.amount if row else 0


def add_to(table: Table[Sum], books: Books, tape: Tape, amount: int) -> None:
    """Add to the sum of the tape's pot. Raises Refused (`tape-limit`)."""
    pot = pot_of(books, tape[0])
    if pot and amount:
        table.put(f"{pot}/{tape[1]}", Sum(total(sum_of(table, books, tape), amount, f"what counts of {pot!r}")))


def inflow(books: Books, fund_id: str, unit: str) -> int:
    """What came into the tree of a fund's project from outside, less what left it again other than as a cost, in minor units.

    It is below 0 if more left than came in, by exchanges there and back at different rates."""
    came = books.came.get(f"{project_of(books, fund_id)}/{unit}")
    return came.amount if came else 0


def enter_project(books: Books, tape: str, amount: int) -> None:
    """Count `amount` as come into a tape from outside its project. Raises Refused (`tape-limit`)."""
    fund_id, _, unit = tape.partition("/")
    fund = books.fund.get(fund_id)
    if fund is not None and fund.project and amount:
        key = f"{fund.project}/{unit}"
        came = books.came.get(key)
        books.came.put(key, Sum(total(came.amount if came else 0, amount, f"what came into project {fund.project!r}")))


def not_inflow(books: Books, tape: Tape, amount: int) -> int:
    """How much of what leaves a pot is not its inflow: that goes first."""
    return min(amount, sum_of(books.uncounted, books, tape))


def inflow_gone(books: Books, tape: Tape, amount: int) -> int:
    """How much of what leaves a pot is its inflow: what is left of it after all that is not."""
    return amount - not_inflow(books, tape, amount)


def inflow_lost(books: Books, tape: Tape, amount: int) -> int:
    """How much of what a pot loses is its inflow: that is lost first, and what is left of the loss after all that is in it."""
    if not project_of(books, tape[0]):
        return amount
    first = min(amount, max(0, inflow(books, *tape)))
    return amount - not_inflow(books, tape, amount - first)


def come(books: Books, tape: Tape, amount: int, counted: int) -> None:
    """`amount` came into the tape's pot, or left it if it is below 0, of which `counted` is inflow."""
    enter_project(books, "/".join(tape), counted)
    add_to(books.uncounted, books, tape, amount - counted)


def leave_first(books: Books, tape: Tape, amount: int) -> int:
    """`amount` left the tape's pot: what is not inflow goes first. How much that was."""
    other = not_inflow(books, tape, amount)
    come(books, tape, -amount, other - amount)
    return other
