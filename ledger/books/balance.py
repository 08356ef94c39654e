"""The balance of each fund tree by day: what came in and what went out on the days that records say, whatever order they came in.

A tree is a fund without a parent with all funds below it; what moves within one changes nothing. The days of a month with a
movement are one row, as text: `07+1000-0 09+0-300` is 10.00 in on the 7th and 3.00 out on the 9th. So a day of a busy fund takes
about 25 bytes, and a store writes at most 31 days for an entry. How late a record was entered does not matter: what counts is the
balance at the end of the log, so late imports in any order are right, and no finding depends on which gift was taken first.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from .moment import books_from_of
from .rows import Disbursement, FirstMonthRow, MonthRow
from .rule import memory
from .state import Books
from .statement_context import Flow, StatementContext
from .void_rows import ExchangeRow, IncomeRow, TakingRow

NOTHING, FIRST_DAY = MonthRow(""), "1000-01-01"
Tree = tuple[str, str]
"""The root of a tree, and a unit."""


class Moved(NamedTuple):
    """What came into a tree, in one unit, on a day, and what went out of it."""

    day: str
    came: int
    went: int


class Shortfall(NamedTuple):
    """A tree from which more had gone out than had come in, in one unit: on how many days, the first of them, and the most that was
    missing on one, in minor units."""

    root: str
    unit: str
    first_day: str
    days: int
    most: int


@memory(
    "what the record moved into or out of fund trees counts on that day in their balances; on the day of the entry where that day "
    "is later, or before the party's books begin"
)
def moves_on(books: Books, context: StatementContext, record: object, rows: Sequence[Flow], day: str) -> None:
    add_moves(books, rows, day_of(books, context.party, day, context.day))


@memory("what the record moved into or out of fund trees counts on the day of the entry in their balances")
def moves_today(books: Books, context: StatementContext, record: object, rows: Sequence[Flow]) -> None:
    add_moves(books, rows, context.day)


def day_of(books: Books, party: str, day: str, entered_on: str) -> str:
    """The day on which what a record moved counts, by its own day and that of its entry. What declares it void counts on that day
    too."""
    return day if books_from_of(books, party) <= day <= entered_on else entered_on


def counting_day(books: Books, row: Disbursement | ExchangeRow | IncomeRow | TakingRow) -> str:
    """The day on which what a record moved counts now: as the last correction of its day made it, or else by its own day."""
    corrected = row.counts_on if isinstance(row, Disbursement | IncomeRow) else ""
    return corrected or day_of(books, row.party, row.day, row.entered_on)


def add_moves(books: Books, rows: Sequence[Flow], day: str) -> None:
    """Count what one record moved."""
    net: dict[Tree, int] = {}
    for _, sign, tape, start, end in rows:
        tree = tree_of(books, tape)
        net[tree] = net.get(tree, 0) + (end - start if sign == "+" else start - end)
    for tree, amount in net.items():
        add(books, tree, day, max(0, amount), max(0, -amount))


def add_unread(books: Books, rows: Sequence[Flow], today: str) -> None:
    """Count what moved by a record that could not be applied, so that it makes no day's balance too low: what came in, from the
    first day on; what went out, on the day of the entry."""
    for row in rows:
        add_moves(books, [row], FIRST_DAY if row[1] == "+" else today)


def add(books: Books, tree: Tree, day: str, came: int, went: int = 0) -> None:
    """Count what came into a tree and went out of it on a day."""
    if not came and not went:
        return
    name, month = "/".join(tree), day[:7]
    first = books.moved_from.get(name)
    if first is None or month < first.month:
        books.moved_from.put(name, FirstMonthRow(month))
    key = f"{name}/{month}"
    row = books.moved_in.get(key) or NOTHING
    books.moved_in.put(key, MonthRow(_added(row.days, day[8:], came, went)))


def tree_of(books: Books, tape: str) -> Tree:
    """The tree to which the fund of a tape belongs, and the unit of the tape."""
    fund_id, _, unit = tape.partition("/")
    fund = books.fund.get(fund_id)
    return fund.root if fund else fund_id, unit


def balance_on(books: Books, root: str, unit: str, day: str) -> int:
    """What a tree held at the end of a day, by the days of all records so far; below 0 if more had gone out than had come in."""
    return sum(moved.came - moved.went for moved in moves_until(books, root, unit, day))


def moves_until(books: Books, root: str, unit: str, day: str) -> Iterator[Moved]:
    """What moved into and out of a tree on each day up to one, in the order of the days."""
    first = books.moved_from.get(f"{root}/{unit}")
    for month in _months(first.month, day[:7]) if first else ():
        row = books.moved_in.get(f"{root}/{unit}/{month}")
        if row is not None:
            yield from (moved for moved in _days(month, row) if moved.day <= day)


def shortfalls(books: Books, last_day: str) -> Iterator[Shortfall]:
    """Every tree and unit whose balance is below 0 on a day, up to `last_day`."""
    for name, months in groupby(books.moved_in.items(), lambda item: item[0].rpartition("/")[0]):
        root, _, unit = name.partition("/")
        moves = (moved for key, row in months for moved in _days(key.rpartition("/")[2], row))
        found = _shortfall(root, unit, moves, last_day)
        if found is not None:
            yield found


def _shortfall(root: str, unit: str, moves: Iterator[Moved], last_day: str) -> Shortfall | None:
    first, days, most, balance, since = "", 0, 0, 0, ""
    for moved in moves:
        days += _between(since, moved.day)
        balance += moved.came - moved.went
        since = moved.day if balance < 0 else ""
        first, most = first or since, max(most, -balance)
    days += _between(since, last_day) + 1 if since else 0
    return Shortfall(root, unit, first, days, most) if first else None


def _between(since: str, day: str) -> int:
    """How many days from one to another; 0 if the first is ""."""
    return datetime.date.fromisoformat(day).toordinal() - datetime.date.fromisoformat(since).toordinal() if since else 0


def _added(days: str, day: str, came: int, went: int) -> str:
    before, _, last = days.rpartition(" ")
    if last.startswith(day):  # as in most entries
        so_far, gone = _amounts(last)
        return f"{before}{before and ' '}{day}+{so_far + came}-{gone + went}"
    cells = days.split(" ") if days else []
    at = bisect_left(cells, day)
    if at < len(cells) and cells[at].startswith(day):
        so_far, gone = _amounts(cells.pop(at))
        came, went = came + so_far, went + gone
    cells.insert(at, f"{day}+{came}-{went}")
    return " ".join(cells)


def _amounts(cell: str) -> tuple[int, int]:
    came, _, went = cell[3:].partition("-")
    return int(came), int(went)


def _days(month: str, row: MonthRow) -> Iterator[Moved]:
    return (Moved(f"{month}-{cell[:2]}", *_amounts(cell)) for cell in row.days.split(" "))


def _months(first: str, last: str) -> Iterator[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1))
