"""The unique index of one ledger, kept complete however the last process ended.

The protocol between the index file and the database:
- `add` before the commit: every committed key is in the file. The file may also hold keys that were never committed: at places at
  or beyond the tree size, which are left out of every answer; or at places that another entry took later, which the caller notices
  by reading that entry.
- `settle` after the commit: every SYNC_EVERY keys, and at close, the file is synced with the tree size that it covers and the hash
  of the last entry. That hash covers the whole history (formats §3), so it reveals a file of another ledger, of another branch, or
  of a later state than the database.
- On open for writing, the keys of the entries that are not covered are entered again. A file that is missing, damaged or of another
  history is made again from all entries.
- Readers see what the writer has written, because both use the system's cache. They trust the file for the entries that it covers,
  and beyond that while a live writer holds it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from ..disk.durable import sync_folder, unwritable
from ..errors import StorageError
from .hash_index import HashIndex
from .index_file import DAMAGED, NO_MARK
from .protocol import KeysOf

FILE_NAME = "unique.index"
SYNC_EVERY = 1 << 20
REPLAY_KEYS = 8192

Entries = Callable[[int, int], Iterator[bytes]]


class UniqueKeys:
    """The unique index of a store. `size` is always the number of committed entries; keys at or beyond it do not count."""

    def __init__(self, directory: Path, entries: Entries, keys_of: KeysOf | None, warn: Callable[[str], None]) -> None:
        self._path = directory / FILE_NAME
        self._entries = entries
        self._keys_of = keys_of
        self._warn = warn
        self._index: HashIndex | None = None
        self._write = False

    def create(self) -> None:
        """Start with an empty file."""
        self.close()
        self._write = True
        self._index = HashIndex.create(self._path)

    def open_to_write(self, size: int) -> None:
        """Open the file and bring it up to the first `size` entries. Raises StorageError if it cannot be made again."""
        self._write = True
        self._index, fault = self._opened(size)
        if self._index is None:
            self.create()
            if size:
                self._warn(f"{fault}; it has been made again from {size} entries")
        index = self._opened_index()
        if index.covered < size:
            self._replay(index, size)
            index.sync(size, self._mark(size))

    def _opened(self, size: int) -> tuple[HashIndex | None, str]:
        """The index, or what is wrong with it."""
        try:
            index = HashIndex(self._path, write=True)
        except StorageError as error:
            if error.rule != DAMAGED:
                raise
            return None, error.message.partition(";")[0]
        if index.covered <= size and index.mark == self._mark(index.covered):
            return index, ""
        index.close()
        return None, f"{self._path} belongs to another history of this ledger"

    def _replay(self, index: HashIndex, size: int) -> None:
        if self._keys_of is None:
            raise StorageError(
                f"{self._path} covers {index.covered} of {size} entries; open the ledger with a function `keys_of`",
                rule=DAMAGED,
                where=str(self._path),
            )
        numbered = enumerate(self._entries(index.covered, size), index.covered)
        pairs = chain.from_iterable(
            ((key, number << 8 | record) for key, record in self._keys_of(entry, number)) for number, entry in numbered
        )
        while chunk := list(islice(pairs, REPLAY_KEYS)):
            index.add(chunk, again=True)

    def replace(self, other: Path) -> None:
        """Replace the file with another one of the same history. Readers that have it open notice when they next use it."""
        self.close()
        try:
            os.replace(other, self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            raise unwritable(self._path, error) from error

    def hold(self) -> None:
        """Tell readers that the file holds the keys of all entries, and will."""
        self._opened_index().hold()

    def candidates(self, keys: Sequence[bytes], size: int) -> list[list[tuple[int, int]]]:
        """For each key, the places below `size` that may hold it. Raises StorageError if some keys may be missing."""
        index = self._opened_index()
        if not self._write and not self._is_whole(index, size):
            raise StorageError(
                f"{self._path} may lack keys, since the last writer did not end properly; open the ledger for writing once",
                rule=DAMAGED,
                where=str(self._path),
            )
        return [_places(found, size) if found else [] for found in index.find(keys)]

    def _is_whole(self, index: HashIndex, size: int) -> bool:
        return index.holds(size) and (index.covered > size or index.mark == self._mark(index.covered))

    def add(self, keys: Sequence[tuple[bytes, int, int]]) -> None:
        """Enter (key, entry, record), before the commit that makes them valid."""
        if keys:
            self._opened_index().add([(key, entry << 8 | record) for key, entry, record in keys])

    def settle(self, size: int, final: bool = False) -> None:
        """After a commit: sync the file if enough keys were added, or if `final`."""
        index = self._index
        if index is not None and self._write and (index.added >= SYNC_EVERY or (final and index.covered != size)):
            index.sync(size, self._mark(size))

    def _opened_index(self) -> HashIndex:
        if self._index is None:
            self._index = HashIndex(self._path, write=False)
        return self._index

    def _mark(self, size: int) -> bytes:
        return hashlib.sha256(next(self._entries(size - 1, size))).digest() if size else NO_MARK

    def close(self) -> None:
        """Close the file as it is; closing twice does nothing."""
        if self._index is not None:
            self._index.close()
            self._index = None


def _places(found: list[int], size: int) -> list[tuple[int, int]]:
    return [(locator >> 8, locator & 255) for locator in sorted(set(found)) if locator >> 8 < size]
