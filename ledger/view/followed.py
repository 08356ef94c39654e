"""In which states the gifts of a tape are: worked out part by part, and kept as long as nothing that was looked at has changed.

A figure over all gifts follows every movement that their money went through. Between one tree size and the next few of them
change, so the range of the gifts is cut into parts of some hundred pieces; a part is followed again only when a row that it
depends on is another one. What a part depends on is declared nowhere: it is what was looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from ..books.flows import Target
from ..books.state import Books
from ..books.table import Table
from ..books.tape import EMPTY, Span
from ..books.trace import Passage, forward
from ..canonical import JsonObject
from ..entries.store_flows import StoreFlows

PIECES = 128

Rows = dict[str, JsonObject]


class _Part(NamedTuple):
    """The states of units up to `end`, as they were at a tree size, and at every later one where the books have the same rows and
    the tapes the same units taken. What was taken before is taken later, so of tapes without units left nothing is noted."""

    tree_size: int
    end: int
    states: Counter[str]
    rows: Rows
    taken: dict[str, tuple[int, tuple[int, ...]]]

    def holds(self, books: Books) -> bool:
        """Whether later books are such."""
        for name, rows in self.rows.items():
            get = getattr(books, name).get
            for key, row in rows.items():
                now = get(key)
                if now is not row and now != row:
                    return False
        return all(_taken(books, tape) == taken for tape, taken in self.taken.items())


class Followed:
    """What was found so far in one store. Only the newest tree size that was asked about is kept: others are followed anew."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, int], _Part] = {}
        self._cuts: dict[str, list[int]] = defaultdict(list)

    def states(self, store_flows: StoreFlows, tape: str, start: int, end: int) -> Counter[str]:
        """Units in each state of the units [start, end) of a tape, which came in."""
        found = Counter[str]()
        for low, high in self._split(tape, start, end):
            found.update(self._part(store_flows, tape, low, high).states)
        return found

    def _part(self, store_flows: StoreFlows, tape: str, start: int, end: int) -> _Part:
        kept = self._parts.get((tape, start))
        if kept is not None and kept.end == end and kept.tree_size <= store_flows.tree_size and kept.holds(store_flows.books):
            return kept
        part = self._follow(store_flows, tape, start, end)
        if kept is None or kept.tree_size <= part.tree_size:
            self._parts[tape, start] = part
        return part

    def _split(self, tape: str, start: int, end: int) -> Iterator[Span]:
        cuts = self._cuts[tape]
        edges = [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)], end]
        for low, high in pairwise(edges):
            if low < high:
                yield low, high

    def _follow(self, store_flows: StoreFlows, tape: str, start: int, end: int) -> _Part:
        """Follow a part anew. One that fell into many pieces is cut, for the next time."""
        watch = _Watch(store_flows)
        states = Counter[str]()
        for number, piece in enumerate(forward(watch, tape, start, end), 1):
            states[piece.state] += piece.end - piece.start
            if number % PIECES == 0 and piece.end < end:
                insort(self._cuts[tape], piece.end)
        return _Part(store_flows.tree_size, end, states, watch.rows, watch.taken)


class _Watch:
    """Flows that remember what was looked at and may be another at another tree size (`ledger.books.trace.Flows`)."""

    def __init__(self, store_flows: StoreFlows) -> None:
        self._trail = store_flows
        self.rows: Rows = defaultdict(dict)
        self.taken: dict[str, tuple[int, tuple[int, ...]]] = {}
        self.books: Any = _WatchedBooks(store_flows.books, self.rows)
        self.inflows, self.claims_on = store_flows.inflows, store_flows.claims_on

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Units that left are gone for good; where some are left, it matters whether they stay."""
        if not (self._trail.books.tape.get(tape) or EMPTY).is_taken(start, end):
            self.taken[tape] = _taken(self._trail.books, tape)
        return self._trail.outflows(tape, start, end)

    def target(self, entry: int, record: int) -> Target:
        """A record never changes."""
        return self._trail.target(entry, record)


class _WatchedBooks:
    """Books whose tables answer `get` alone, and note what they answered."""

    def __init__(self, books: Books, rows: Rows) -> None:
        self._books, self._rows = books, rows

    def __getattr__(self, name: str) -> _WatchedTable:
        return _WatchedTable(getattr(self._books, name), self._rows[name])


class _WatchedTable:
    def __init__(self, table: Table[Any], rows: dict[str, Any]) -> None:
        self._table, self._rows = table, rows

    def get(self, key: str) -> object:
        """The row, noted."""
        row = self._rows[key] = self._table.get(key)
        return row


def _taken(books: Books, tape: str) -> tuple[int, tuple[int, ...]]:
    row = books.tape.get(tape) or EMPTY
    return row.frontier, row.holes
