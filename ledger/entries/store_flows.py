"""Flows read from a store: its indexes find the records that moved units, its entries say how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from heapq import merge

from ..books.flows import Target
from ..books.state import Books
from ..books.tape import EMPTY
from ..books.trace import Passage
from ..canonical import parse
from ..errors import NotFound, StorageError
from ..store.protocol import Place, Store
from .leaf import Leaf, read_leaf

CACHED_LEAVES = 256


def leaf_reader(store: Store) -> Callable[[int], Leaf]:
    """A function that reads leaves of a store and caches the last 256. It raises NotFound, rule "entry"."""
    return lru_cache(maxsize=CACHED_LEAVES)(lambda entry: read_leaf(store.entry(entry)))


class StoreFlows:
    """Reads flows, records and claims of a store (`ledger.books.trace.Flows`): only those of entries in `books`, even if a writer
    adds entries meanwhile. `leaves` reads an entry; by default a new `leaf_reader`."""

    def __init__(self, store: Store, books: Books, leaves: Callable[[int], Leaf] | None = None) -> None:
        self.store, self.books = store, books
        self._leaves = leaves or leaf_reader(store)

    @property
    def tree_size(self) -> int:
        """How many entries are in the books."""
        head = self.books.head.get("")
        return head.size if head else 0

    def entry(self, entry: int) -> bytes:
        """The bytes of an entry that is in the books. Raises NotFound, rule "entry"."""
        self._check_seen(entry)
        return self.store.entry(entry)

    def leaf(self, entry: int) -> Leaf:
        """An entry that is in the books, decoded. Raises NotFound, rule "entry"."""
        self._check_seen(entry)
        return self._leaves(entry)

    def _check_seen(self, entry: int) -> None:
        self.store.check_time()
        size = self.tree_size
        if not 0 <= entry < size:
            message = f"entry {entry} is not in this ledger, which has {size} entries; entries are numbered from 0"
            raise NotFound(message, rule="entry", where=str(entry))

    def having(self, term: str, other: str, start: Place = (0, 0), end: Place | None = None) -> Iterator[Place]:
        """The places (entry, record) from `start` up to but not including `end` that have both terms (`books.term`), ascending.
        They are read on demand, and the search skips ahead, so its cost depends on the rarer term."""
        end = end or (self.tree_size, 0)
        mentions = self.store.mentions
        while (one := mentions(term, start, end, 1)) and (two := mentions(other, one[0], end, 1)):
            if one == two:
                yield one[0]
            start = (two[0][0], two[0][1] + (one == two))

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows out of a tape that overlap [start, end), ascending. Raises StorageError if the index has lost one: then some units
        are neither in a flow nor free."""
        size, free = self.tree_size, self.books.tape.get(tape) or EMPTY
        passages = [Passage(*row) for row in self.store.outflows(tape, start, end) if row[2] < size]
        at = max(start, 0)
        for passage in (*passages, Passage(min(end, free.end), 0, 0, 0)):
            if passage.start > at and not free.is_free(at, passage.start):
                raise _lost(tape, at, passage.start)
            at = passage.end
        return passages

    def inflows(self, tape: str, start: int, end: int) -> Iterator[Passage]:
        """Flows into a tape that overlap [start, end), gifts included, ascending; gifts are read on demand. Raises StorageError if
        the indexes have lost one: then no flow brought in some of the units."""
        size, at = self.tree_size, max(start, 0)
        others = [Passage(*row) for row in self.store.inflows(tape, start, end) if row[2] < size]
        for passage in merge(others, self.gifts(tape, start, end)):
            if passage.start > at:
                raise _lost(tape, at, passage.start)
            yield passage
            at = passage.end
        last = min(end, (self.books.tape.get(tape) or EMPTY).end)
        if at < last:
            raise _lost(tape, at, last)

    def gifts(self, tape: str, start: int, end: int) -> Iterator[Passage]:
        """Gifts on a tape that overlap [start, end), ascending."""
        size = self.tree_size
        for entry in self.store.spans(tape, start, end):
            if entry >= size:
                return
            leaf, last = self.leaf(entry), -1
            for number, _, name, low, high in leaf.entry.flows:
                first, last = number != last, number
                if first and name == tape and low < end and start < high and leaf.statement.records[number].is_gift:
                    yield Passage(low, high, entry, number)

    def target(self, entry: int, record: int) -> Target:
        """The record of that name. Raises NotFound."""
        target = self.leaf(entry).target(record)
        if target is None:
            raise NotFound(f"{entry}.{record}: entry {entry} does not have a record {record}", rule="reference")
        return target

    def claims_on(self, entry: int, record: int) -> list[tuple[str, dict[str, object]]]:
        """(reference of the record that claims, its facts) of every claim about a record, ascending."""
        size = self.tree_size
        return [(f"{by}.{number}", parse(facts)) for by, number, facts in self.store.claims_on(entry, record) if by < size]


def _lost(tape: str, start: int, end: int) -> StorageError:
    what = f"tape {tape}: the index lacks the flow of units {start} to {end}, which were moved"
    return StorageError(f"{what}; run `givetrail rebuild`", rule="derived", where="flows")
