"""What waits for one commit: entries, and everything derived from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..books.claim import Claimed
from ..books.rule import SETTLED
from ..books.state import Books
from ..books.statement_context import StatementContext
from ..books.term import terms
from ..canonical import encode
from ..entries.leaf import Leaf
from ..log.merkle import leaf_hash
from ..log.tile import grow
from ..store.protocol import BLOCK_ENTRIES, Batch, Store


class Group:
    """The sequencer owns it, or a rebuild does. `first` is the tree size before the group; `books` are the books that its entries
    change."""

    def __init__(self, first: int, books: Books) -> None:
        self.first = first
        self._books = books
        self.entries: list[bytes] = []
        self.hashes: list[bytes] = []
        self.leaves: list[Leaf] = []
        self.flows: list[tuple[str, str, int, int, int, int]] = []
        self.spans: list[tuple[str, int, int]] = []
        self.claims: list[tuple[int, int, int, int, bytes]] = []
        self.once_rows: list[tuple[int, int, str, int, int]] = []
        self.once = defaultdict[tuple[int, int, str], Claimed](Claimed)
        self.rows: list[tuple[int, str, str, bytes]] = []
        self.mentions: list[tuple[str, int, int]] = []
        self.keys: dict[bytes, tuple[int, int]] = {}

    def add(self, raw: bytes, leaf: Leaf, context: StatementContext, keys: Sequence[tuple[bytes, int]]) -> None:
        """Add an entry, which must be the last that the books committed. `keys` are the (digest, record) of its unique keys."""
        index = leaf.entry.index
        self.entries.append(raw)
        self.hashes.append(leaf_hash(raw))
        self.leaves.append(leaf)
        self._add_flows(leaf, context)
        self.keys.update({digest: (index, number) for digest, number in keys})
        for claim in context.claims:
            word = claim.facts["claim"]
            spans = SETTLED[word].units(claim.facts)
            self.claims.append((claim.entry, claim.record, index, claim.number, encode(claim.facts)))
            self.once_rows.extend((claim.entry, claim.record, word, start, end) for start, end in spans)
            self.once[claim.entry, claim.record, word].add(spans)
        self._add_mentions(index, context)
        if (index + 1) % BLOCK_ENTRIES == 0:
            self._take_rows()

    def places(self, digest: bytes, stored: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Where a key may be: in the store, or in this group."""
        return [*stored, self.keys[digest]] if digest in self.keys else stored

    def _add_flows(self, leaf: Leaf, context: StatementContext) -> None:
        last, seen = -1, set()
        for number, sign, tape, start, end in context.flows:
            if number == last or not leaf.statement.records[number].is_gift:
                self.flows.append((tape, sign, start, end, leaf.entry.index, number))
            elif tape not in seen:
                seen.add(tape)
                self.spans.append((tape, start, leaf.entry.index))
            last = number

    def _add_mentions(self, index: int, context: StatementContext) -> None:
        """Record the terms of each run's first record; the others of a run are found by it."""
        number = 0
        for run in context.runs:
            self.mentions.extend((term, index, number) for term in terms(self._books, run.first, context.party, index))
            number += len(run.amounts)

    def _take_rows(self) -> None:
        block = (self.first + len(self.entries) - 1) // BLOCK_ENTRIES
        self.rows.extend((block, *row) for row in self._books.take_changes())

    def batch(self, store: Store) -> Batch:
        """What the store must write, all or nothing. Takes the changed rows from the books. The group must have entries."""
        self._take_rows()
        return Batch(
            first=self.first,
            entries=self.entries,
            tiles=grow(self.first, self.hashes, store.tile),
            rows=self.rows,
            flows=self.flows,
            spans=self.spans,
            claims=self.claims,
            once=self.once_rows,
            mentions=self.mentions,
            keys=[(digest, index, number) for digest, (index, number) in self.keys.items()],
        )
