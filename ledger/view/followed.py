"""The states of the gifts on a tape: worked out part by part, and kept as long as nothing that they depend on has changed.

A figure over all gifts follows every movement of their money. From one tree size to the next, only a few movements are added, so
the range of the gifts is cut into parts of some hundred pieces, and a part is followed again only if a row that it depends on has
changed. Dependencies are not declared: a part depends on whatever was looked at.
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
    """The states of units up to `end` at a tree size. They still hold at every later size at which the rows looked at are equal and
    the same units of the tapes looked at are taken. Units once taken stay taken, so tapes without free units are not noted."""

    tree_size: int
    end: int
    states: Counter[str]
    rows: Rows
    taken: dict[str, tuple[int, tuple[int, ...]]]

    def holds(self, books: Books) -> bool:
        """Whether the states still hold in these later books."""
        for name, rows in self.rows.items():
            get = getattr(books, name).get
            for key, row in rows.items():
                now = get(key)
                if now is not row and now != row:
                    return False
        return all(_taken(books, tape) == taken for tape, taken in self.taken.items())


class Followed:
    """The results so far for one store. Units with a receipt count under `<state>/<level>` too. Only the newest tree size that was
    asked about is kept; older ones are worked out again."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, int], _Part] = {}
        self._cuts: dict[str, list[int]] = defaultdict(list)

    def states(self, store_flows: StoreFlows, tape: str, start: int, end: int) -> Counter[str]:
        """How many of the units [start, end) of a tape, all of which came in, are in each state."""
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
        """Work out a part again. If it fell into many pieces, it is cut for the next time."""
        watch = _Watch(store_flows)
        states = Counter[str]()
        for number, piece in enumerate(forward(watch, tape, start, end), 1):
            states[piece.state] += piece.end - piece.start
            if piece.level:
                states[f"{piece.state}/{piece.level}"] += piece.end - piece.start
            if number % PIECES == 0 and piece.end < end:
                insort(self._cuts[tape], piece.end)
        return _Part(store_flows.tree_size, end, states, watch.rows, watch.taken)


class _Watch:
    """Flows that note everything looked at that may differ at another tree size (`ledger.books.trace.Flows`)."""

    def __init__(self, store_flows: StoreFlows) -> None:
        self._trail = store_flows
        self.rows: Rows = defaultdict(dict)
        self.taken: dict[str, tuple[int, tuple[int, ...]]] = {}
        self.books: Any = _WatchedBooks(store_flows.books, self.rows)
        self.inflows, self.claims_on = store_flows.inflows, store_flows.claims_on

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Taken units stay taken. If some units are free, the result depends on whether they stay so."""
        if not (self._trail.books.tape.get(tape) or EMPTY).is_taken(start, end):
            self.taken[tape] = _taken(self._trail.books, tape)
        return self._trail.outflows(tape, start, end)

    def target(self, entry: int, record: int) -> Target:
        """A record never changes."""
        return self._trail.target(entry, record)


class _WatchedBooks:
    """Books whose tables only have `get`, and note what it returned."""

    def __init__(self, books: Books, rows: Rows) -> None:
        self._books, self._rows = books, rows

    def __getattr__(self, name: str) -> _WatchedTable:
        return _WatchedTable(getattr(self._books, name), self._rows[name])


class _WatchedTable:
    def __init__(self, table: Table[Any], rows: dict[str, Any]) -> None:
        self._table, self._rows = table, rows

    def get(self, key: str) -> object:
        """The row, which is noted."""
        row = self._rows[key] = self._table.get(key)
        return row


def _taken(books: Books, tape: str) -> tuple[int, tuple[int, ...]]:
    row = books.tape.get(tape) or EMPTY
    return row.frontier, row.holes
