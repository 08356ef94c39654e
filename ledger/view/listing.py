"""Lists of records: those of a kind, or that name a fund, a project, a party or a record, page by page.

For each term, the store has the places where it occurs; of records that are alike, only the first. To meet several conditions, the
search skips ahead: the term whose next place is furthest makes the others skip to it. So a list costs as much as its rarest term,
however many gifts there are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from ..books.record import runs_of
from ..books.statement_context import Flow
from ..entries.leaf import Leaf
from ..entries.store_flows import StoreFlows
from ..store.protocol import Place, Store
from .page_size import check_limit

SMALL_PAGE = 4
LARGE_PAGE = 256
RECORD_BITS = 8  # a statement has at most 256 records


class Listed(NamedTuple):
    """A record found: its name `<entry>.<record>`, the record, its entry, and its flows."""

    ref: str
    record: Any
    leaf: Leaf
    rows: list[Flow]


class Page(NamedTuple):
    """Records in order. Give `next` as `after` to get the next page; it is None on the last page."""

    items: tuple[Listed, ...]
    next: Place | None


def find(store_flows: StoreFlows, terms: Sequence[str], after: Place | None, limit: int, newest_first: bool) -> Page:
    """The first `limit` records after a place that have every term, in the order of the log or in reverse. Without terms, all
    records. Raises UsageError (`parameter`)."""
    check_limit(limit)
    found: list[Place] = []
    for place in places(store_flows, terms, after, newest_first):
        if len(found) == limit:
            return Page(tuple(listed_at(store_flows, one) for one in found), found[-1])
        found.append(place)
    return Page(tuple(listed_at(store_flows, one) for one in found), None)


def listed_at(store_flows: StoreFlows, place: Place) -> Listed:
    """The record at a place. Raises NotFound (`entry`)."""
    entry, number = place
    leaf = store_flows.leaf(entry)
    return Listed(f"{entry}.{number}", leaf.statement.records[number], leaf, leaf.rows(number))


def places(store_flows: StoreFlows, terms: Sequence[str], after: Place | None, newest_first: bool) -> Iterator[Place]:
    """Every matching place after a place, with runs of similar records expanded."""
    step = -1 if newest_first else 1
    runs = _runs_with(store_flows, terms, after, step) if terms else _all_runs(store_flows, after, step)
    for entry, numbers in runs:
        for number in numbers[::step]:
            if after is None or (entry, number) > after if step > 0 else after is None or (entry, number) < after:
                yield entry, number


def _all_runs(store_flows: StoreFlows, after: Place | None, step: int) -> Iterator[tuple[int, range]]:
    low, high = 0, store_flows.tree_size
    if after is not None:
        low, high = (max(low, after[0]), high) if step > 0 else (low, min(high, after[0] + 1))
    for entry in range(low, high)[::step]:
        yield entry, range(len(store_flows.leaf(entry).statement.records))


def _runs_with(store_flows: StoreFlows, terms: Sequence[str], after: Place | None, step: int) -> Iterator[tuple[int, range]]:
    """(entry, record numbers) of every run that has all terms. The search begins at the entry of `after`, because a run that begins
    before `after` may extend beyond it."""
    size = store_flows.tree_size
    low = min(max(after[0], 0), size) if after else 0
    high = min(max(after[0] + 1, 0), size) if after else size
    start = _number((low, 0)) if step > 0 else 1 - _number((high, 0))
    looked_at, starts = -1, list[int]()
    for number in _common([_Term(store_flows.store, term, size, step) for term in terms], start):
        entry, first = _place(step * number)
        if entry != looked_at:  # an entry has as many runs as records if no two are alike
            looked_at, starts = entry, _starts(store_flows.leaf(entry))
        yield entry, range(first, starts[bisect_left(starts, first) + 1])


def _starts(leaf: Leaf) -> list[int]:
    """Where each run of similar records begins, and where the last one ends."""
    return list(accumulate((len(run.amounts) for run in runs_of(leaf.statement.records)), initial=0))


def _common(terms: Sequence[_Term], start: int) -> Iterator[int]:
    """The numbers from `start` on that all terms have, ascending."""
    at = start
    while True:
        furthest = at
        for term in terms:
            found = term.seek(furthest)
            if found is None:
                return
            furthest = found
        if furthest == at:  # none had to skip ahead
            yield at
            furthest += 1
        at = furthest


class _Term:
    """The places of a term as ascending numbers: of places in the order of the log, or their negatives for the reverse order. Pages
    grow as long as the reading does not skip ahead."""

    def __init__(self, store: Store, term: str, tree_size: int, step: int) -> None:
        self._store, self._term, self._size, self._step = store, term, tree_size, step
        self._page: list[int] = []
        self._at = 0
        self._limit = SMALL_PAGE

    def seek(self, number: int) -> int | None:
        """The first number that is not below this one; None if there is none."""
        self._at = bisect_left(self._page, number, self._at)
        if self._at == len(self._page):
            leapt = not self._page or number > self._page[-1] + 1
            self._limit = SMALL_PAGE if leapt else min(LARGE_PAGE, 4 * self._limit)
            self._page, self._at = self._read(number), 0
        return self._page[self._at] if self._page else None

    def _read(self, number: int) -> list[int]:
        if self._step > 0:
            found = self._store.mentions(self._term, _place(number), (self._size, 0), self._limit)
        else:
            found = self._store.mentions(self._term, (0, 0), _place(1 - number), self._limit, newest_first=True)
        return [self._step * _number(place) for place in found]


def _number(place: Place) -> int:
    return place[0] << RECORD_BITS | place[1]


def _place(number: int) -> Place:
    return number >> RECORD_BITS, number & (1 << RECORD_BITS) - 1
