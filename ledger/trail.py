"""A trace's reading side over a store: its indexes find what moved units, its entries say how."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .books.record import Target
from .books.state import Books
from .books.trace import Passage
from .canonical import parse
from .errors import NotFound
from .leaf import Leaf, read_leaf
from .store.protocol import Store

CACHED_LEAVES = 256


class Trail:
    """Reads flows, records and claims of a store (`ledger.books.trace.Flows`)."""

    def __init__(self, store: Store, books: Books) -> None:
        self.store, self.books = store, books
        self.leaf = lru_cache(maxsize=CACHED_LEAVES)(self._read)

    def _read(self, entry: int) -> Leaf:
        return read_leaf(self.store.entry(entry))

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows out of a tape that overlap [start, end), ascending."""
        return [Passage(*row) for row in self.store.outflows(tape, start, end)]

    def inflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows into a tape that overlap [start, end), gifts included, ascending."""
        others = [Passage(*row) for row in self.store.inflows(tape, start, end)]
        return sorted([*others, *self.gifts(tape, start, end)])

    def gifts(self, tape: str, start: int, end: int) -> Iterator[Passage]:
        """Gifts on a tape that overlap [start, end), ascending."""
        for entry in self.store.spans(tape, start, end):
            leaf, last = self.leaf(entry), -1
            for number, _, name, low, high in leaf.entry.flows:
                first, last = number != last, number
                if first and name == tape and low < end and start < high and leaf.statement.records[number].is_gift:
                    yield Passage(low, high, entry, number)

    def target(self, entry: int, record: int) -> Target:
        """The record of that name. Raises NotFound."""
        target = self.leaf(entry).target(record)
        if target is None:
            raise NotFound(f"{entry}.{record}: entry {entry} has no record {record}", rule="reference")
        return target

    def claims_on(self, entry: int, record: int) -> list[tuple[str, dict[str, Any]]]:
        """(reference of the record that claims, its facts) of every claim about a record, ascending."""
        return [(f"{by}.{number}", parse(facts)) for by, number, facts in self.store.claims_on(entry, record)]
