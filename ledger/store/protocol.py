"""What the ledger asks of a store: entries in order, and indexes made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, Self

# What is unique about an entry, for a store that has to make its unique index again: (bytes, index) → (key, record) pairs.
KeysOf = Callable[[bytes, int], list[tuple[bytes, int]]]
# The history of the books is kept by blocks of so many entries: what a block holds does not depend on how entries were grouped.
BLOCK_ENTRIES = 128
DERIVED_RULE = "derived"
"""The rule of an error that names something made from the entries, which `givetrail rebuild` makes again."""
Place = tuple[int, int]
"""(entry, record)."""


class StoreWarning(UserWarning):
    """What a store found and mended, or what it put off because the disk refused: nothing that was asked for is wrong. It is warned
    of when it arises, which can be at closing; a program shows it as it shows warnings."""


class Batch(NamedTuple):
    """What one group commit writes, all or nothing. Units are half-open ranges [start, end) of a tape."""

    first: int
    """Tree size before."""
    entries: list[bytes] = []
    tiles: list[tuple[int, int, bytes]] = []
    """(level, index, whole present content); it replaces what the tile held."""
    rows: list[tuple[int, str, str, bytes]] = []
    """(block, state table, key, canonical JSON): a row as it is after the last entry of the block, or of the batch. A batch that
    ends in a later block than it begins says the rows of each of them, blocks ascending: for the state the last one counts."""
    flows: list[tuple[str, str, int, int, int, int]] = []
    """(tape, "+" or "-", start, end, entry, record) of every flow that is not a gift's inflow.

    Flows of one tape and sign never overlap: no unit comes in twice, none goes out twice.
    """
    spans: list[tuple[str, int, int]] = []
    """(tape, start, entry): where a run of gifts of one entry begins on a tape."""
    claims: list[tuple[int, int, int, int, bytes]] = []
    """(target entry, target record, by entry, by record, facts as canonical JSON)."""
    once: list[tuple[int, int, str, int, int]] = []
    """(target entry, target record, kind, start, end): units of a record that no other claim of that kind may have."""
    mentions: list[tuple[str, int, int]] = []
    """(term, entry, record) of what records name; each once."""
    keys: list[tuple[bytes, int, int]] = []
    """(key digest of 16 bytes, entry, record from 0 to 255) of everything that may be there only once."""


class Store(Protocol):
    """One writer, any number of readers beside it; each object is used by one thread at a time.

    Every method may raise StorageError, with rule "derived" where a derived row is not what was written. `warnings` are sentences
    about what was found and mended; each is a StoreWarning too.
    """

    warnings: list[str]

    @property
    def tree_size(self) -> int:
        """How many entries are committed."""

    def append(self, batch: Batch) -> None:
        """Commit a batch; on return it is durable. After an error nothing has changed, and the store can go on.

        Raises Conflict, rule "tree-size", when `batch.first` is not the tree size.
        """

    def entry(self, index: int) -> bytes:
        """The bytes of one entry. Raises NotFound, rule "entry"."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries [start, end), a few at a time in memory. Raises NotFound when it comes to one that is not there."""

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile as far as there are any; b"" when there are none."""

    def rows(self, table: str) -> Iterator[tuple[str, bytes]]:
        """(key, row) of a state table, by key in the order of its UTF-8 bytes, all of one commit."""

    def tables(self) -> list[str]:
        """The state tables that have rows, sorted."""

    def history(self, first: int, end: int) -> Iterator[tuple[str, str, bytes]]:
        """(state table, key, row) of every row that the blocks [first, end) changed, block by block, as it was after each; or after
        the last entry, where that lies within the block. All of one commit."""

    def mentions(self, term: str, start: Place, end: Place, limit: int, newest_first: bool = False) -> list[Place]:
        """At most `limit` places of a term from `start` on and before `end`, ascending, or the last ones of them descending."""

    def outflows(self, tape: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
        """(start, end, entry, record) of the flows out of the tape that overlap [start, end), ascending."""

    def inflows(self, tape: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
        """The same of the flows into it, gifts left out."""

    def spans(self, tape: str, start: int, end: int) -> Iterator[int]:
        """Every entry whose gifts may overlap [start, end), ascending, none twice in a row: from the last span that begins
        at or before `start` to the last that begins before `end`."""

    def claims_on(self, entry: int, record: int) -> list[tuple[int, int, bytes]]:
        """(by entry, by record, facts) of the claims on a record, ascending."""

    def is_claimed(self, entry: int, record: int, kind: str, start: int, end: int) -> bool:
        """Whether a claim of that kind on a record has any of the units [start, end)."""

    def candidates(self, keys: Sequence[bytes]) -> list[list[tuple[int, int]]]:
        """For each key the (entry, record) places that may hold it, and certainly all that do.

        The caller reads the entry to be exact.
        """

    def one_commit(self) -> AbstractContextManager[None]:
        """Within it all reads see one commit, whatever a writer commits meanwhile. Keep it short; nothing is appended."""

    def within(self, is_over: Callable[[], bool]) -> AbstractContextManager[None]:
        """Within it reading ends when the time `is_over`: it raises StorageError, rule "too-long"."""

    def check_time(self) -> None:
        """Raise that where the time is over: for who reads much of what is in memory already."""

    def check(self) -> None:
        """Read the whole database. Raises StorageError, naming the file, when it is truncated or malformed."""

    def close(self) -> None:
        """Let go of the files; closing twice does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *raised: object) -> None: ...


class DirectoryStore(Store, Protocol):
    """A store in a ledger's directory, as those see it who keep that directory whole."""

    scrubbed: int
    """Up to which entry they were compared with their hashes; kept with the next batch."""

    @property
    def derived_size(self) -> int:
        """Of how many entries the derived tables say that they are."""

    def check_length(self) -> None:
        """Refuse a file that was cut off. Raises StorageError."""

    def check_pages(self) -> None:
        """Read every page of the database. Raises StorageError."""

    def faults(self, state: Iterable[tuple[str, str, bytes]] | None = None) -> list[str]:
        """A sentence for each derived table that is not what was written, or is not what the rows of `state` say."""

    def differences(self, other: Path) -> dict[str, int]:
        """How many rows of each derived table are not those of the store in another directory, which is closed."""

    def take_over(self, other: Path) -> None:
        """Put what the store in another directory has derived in the place of what is here, all or nothing. Raises StorageError."""

    def close_too(self, close: Callable[[], None]) -> None:
        """Call this when the store is closed."""
