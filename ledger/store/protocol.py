"""What the ledger needs from a store: entries in order, and indexes made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, Self

# What is unique about an entry, for a store that must make its unique index again: (bytes, index) → (key, record) pairs.
KeysOf = Callable[[bytes, int], list[tuple[bytes, int]]]
# The history of the books is kept in blocks of this many entries, so that its content does not depend on how entries were batched.
BLOCK_ENTRIES = 128
DERIVED_RULE = "derived"
"""The rule of an error in data that is derived from the entries, which `givetrail rebuild` makes again."""
Place = tuple[int, int]
"""(entry, record)."""


class StoreWarning(UserWarning):
    """What a store found and repaired, or postponed because the disk refused; the result of the call is still right. It is issued
    when it arises, which can be on close, and a program shows it like any other warning."""


class Batch(NamedTuple):
    """What one group commit writes, all or nothing. Units are half-open ranges [start, end) of a tape."""

    first: int
    """The tree size before."""
    entries: list[bytes] = []
    tiles: list[tuple[int, int, bytes]] = []
    """(level, index, whole new content); it replaces the content of the tile."""
    rows: list[tuple[int, str, str, bytes]] = []
    """(block, state table, key, canonical JSON): a row as it is after the last entry of the block, or of the batch. A batch that
    ends in a later block than it begins has the changed rows of each block, in ascending order; the last one is the current
    state."""
    flows: list[tuple[str, str, int, int, int, int]] = []
    """(tape, "+" or "-", start, end, entry, record) of every flow that is not a gift's inflow.

    Flows of one tape and sign never overlap: no unit comes in twice, none goes out twice.
    """
    spans: list[tuple[str, int, int]] = []
    """(tape, start, entry): where a run of gifts of one entry begins on a tape."""
    claims: list[tuple[int, int, int, int, bytes]] = []
    """(target entry, target record, by entry, by record, facts as canonical JSON)."""
    once: list[tuple[int, int, str, int, int]] = []
    """(target entry, target record, kind, start, end): units of a record that no other claim of this kind may have."""
    mentions: list[tuple[str, int, int]] = []
    """(term, entry, record) for each term that a record names, once each."""
    keys: list[tuple[bytes, int, int]] = []
    """(key digest of 16 bytes, entry, record from 0 to 255) for everything that must be unique."""


class Store(Protocol):
    """One writer, and any number of readers at the same time. Only one thread at a time may use an object.

    Every method may raise StorageError, with rule "derived" if a derived row is not what was written. `warnings` are sentences
    about what was found and repaired; each is also issued as a StoreWarning.
    """

    warnings: list[str]

    @property
    def tree_size(self) -> int:
        """How many entries are committed."""

    def append(self, batch: Batch) -> None:
        """Commit a batch; on return it is durable. If it raises, nothing has changed and the store can still be used.

        Raises Conflict, rule "tree-size", if `batch.first` is not the tree size.
        """

    def entry(self, index: int) -> bytes:
        """The bytes of one entry. Raises NotFound, rule "entry"."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries [start, end), only a few in memory at a time. Raises NotFound when it reaches one that is missing."""

    def tile(self, level: int, index: int) -> bytes:
        """The hashes that there are of a tile; b"" if there are none."""

    def rows(self, table: str) -> Iterator[tuple[str, bytes]]:
        """(key, row) of a state table, in the order of the key's UTF-8 bytes, all from one commit."""

    def tables(self) -> list[str]:
        """The state tables that have rows, sorted."""

    def history(self, first: int, end: int) -> Iterator[tuple[str, str, bytes]]:
        """(state table, key, row) of every row that the blocks [first, end) changed, block by block, as it was after the block; or
        after the last entry, if that is within the block. All from one commit."""

    def mentions(self, term: str, start: Place, end: Place, limit: int, newest_first: bool = False) -> list[Place]:
        """At most `limit` places of a term from `start` on and before `end`: the first ones, ascending, or the last ones,
        descending."""

    def outflows(self, tape: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
        """(start, end, entry, record) of the flows out of the tape that overlap [start, end), ascending."""

    def inflows(self, tape: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
        """The same for flows into the tape, without gifts."""

    def spans(self, tape: str, start: int, end: int) -> Iterator[int]:
        """Every entry whose gifts may overlap [start, end), ascending, never twice in a row: from the last span that begins at or
        before `start` to the last that begins before `end`."""

    def claims_on(self, entry: int, record: int) -> list[tuple[int, int, bytes]]:
        """(by entry, by record, facts) of the claims on a record, ascending."""

    def is_claimed(self, entry: int, record: int, kind: str, start: int, end: int) -> bool:
        """Whether a claim of this kind on a record has any of the units [start, end)."""

    def candidates(self, keys: Sequence[bytes]) -> list[list[tuple[int, int]]]:
        """For each key, the (entry, record) places that may hold it. All places that do hold it are included.

        The caller must read the entry to be sure.
        """

    def one_commit(self) -> AbstractContextManager[None]:
        """Inside the block all reads see one commit, whatever a writer commits meanwhile. Keep it short; do not append inside
        it."""

    def within(self, is_over: Callable[[], bool]) -> AbstractContextManager[None]:
        """Inside the block, reading stops when `is_over` returns true: it raises StorageError, rule "too-long"."""

    def check_time(self) -> None:
        """Raise that error if the time is over. For callers that work for long on data already in memory."""

    def check(self) -> None:
        """Read the whole database. Raises StorageError, naming the file, if it is truncated or malformed."""

    def close(self) -> None:
        """Close the files; closing twice does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *raised: object) -> None: ...


class DirectoryStore(Store, Protocol):
    """A store in a ledger's directory, for the code that keeps that directory whole."""

    scrubbed: int
    """The entries before this one were compared with their hashes; saved with the next batch."""

    @property
    def derived_size(self) -> int:
        """How many entries the derived tables say they cover."""

    def check_length(self) -> None:
        """Refuse a file that was cut off. Raises StorageError."""

    def check_pages(self) -> None:
        """Read every page of the database. Raises StorageError."""

    def faults(self, state: Iterable[tuple[str, str, bytes]] | None = None) -> list[str]:
        """A sentence for each derived table that is not what was written, or that differs from the rows of `state`."""

    def differences(self, other: Path) -> dict[str, int]:
        """For each derived table, how many rows differ from those of the store in another directory, which must be closed."""

    def take_over(self, other: Path) -> None:
        """Replace what is derived here with what the store in another directory has derived, all or nothing. Raises
        StorageError."""

    def close_too(self, close: Callable[[], None]) -> None:
        """Have `close` called when the store is closed."""
