"""Tiles for the server: hashes are read from the store; bundles of entries are cached once they have been compressed."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from ledger.errors import StorageError
from ledger.log.merkle import HASH_BYTES
from ledger.log.tile import FULL_WIDTH, encode_entries
from ledger.store.opening import open_store
from ledger.store.protocol import DirectoryStore

KEPT_BYTES = 32 * 2**20
GZIP_LEVEL = 6


class Bundle(NamedTuple):
    """A bundle of entries, plain and compressed."""

    raw: bytes
    gzipped: bytes


def bundle_of(store: DirectoryStore, index: int, width: int) -> Bundle:
    """The first `width` entries of bundle `index`. Raises StorageError."""
    first = index * FULL_WIDTH
    raw = encode_entries(list(store.entries(first, first + width)))
    return Bundle(raw, gzip.compress(raw, GZIP_LEVEL, mtime=0))


class BundleCache:
    """For one thread only. The store is opened at the first look-up; at most 32 MiB of bundles are kept, the most recently used."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._store: DirectoryStore | None = None
        self._kept: OrderedDict[tuple[int, int], Bundle] = OrderedDict()
        self._bytes = 0

    def hashes(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile, which must be in the tree. Raises StorageError."""
        if self._store is None:
            self._store = open_store(self._directory, write=False)
        hashes = self._store.tile(level, index)[: width * HASH_BYTES]
        if len(hashes) < width * HASH_BYTES:
            words = f"tile {index} of level {level} has fewer than {width} hashes; run `givetrail rebuild`"
            raise StorageError(words, rule="derived")
        return hashes

    def kept(self, index: int, width: int) -> Bundle | None:
        """The bundle, if it is in the cache."""
        bundle = self._kept.get((index, width))
        if bundle is not None:
            self._kept.move_to_end((index, width))
        return bundle

    def keep(self, index: int, width: int, bundle: Bundle) -> None:
        """Put a bundle in the cache if it is full: few clients ask for partial ones."""
        if width < FULL_WIDTH or (index, width) in self._kept:
            return
        self._kept[index, width] = bundle
        self._bytes += _weight(bundle)
        while self._bytes > KEPT_BYTES:
            self._bytes -= _weight(self._kept.popitem(last=False)[1])

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
            self._store = None


def _weight(bundle: Bundle) -> int:
    return len(bundle.raw) + len(bundle.gzipped)
