"""Finds entries that the disk has changed, by the leaf hashes that were written with them.

Disks change data, rarely and without an error. Each entry contains the hash of the entry before it, and a checkpoint is signed over
all of them. So if new entries are built on a rotten one, the log cannot go on. So opening a ledger for writing compares the last
entries, on which the next ones are built, with their hashes, and then a share of the others: each time the next share, until all
are compared and it starts over.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import GiveTrailError, StorageError
from ..log.merkle import HASH_BYTES, leaf_hash
from ..log.tile import FULL_WIDTH
from ..store.protocol import DirectoryStore, Store

TAIL = 1024
SHARE = 3072


def scrub_share(store: DirectoryStore) -> None:
    """Compare the last entries and the next share of the others with their hashes, in a store that is open for writing.

    Raises StorageError, rule "entry-hash", at the first that differs.
    """
    size = store.tree_size
    tail = max(0, size - TAIL)
    start = store.scrubbed if tail > SHARE and 0 <= store.scrubbed < tail else 0
    end = min(start + SHARE, tail)
    for first, last in ((start, end), (tail, size)):
        for _, error in rotten(store, first, last):
            raise error
    store.scrubbed = end if end < tail else 0


def rotten(store: Store, start: int, end: int) -> Iterator[tuple[int, StorageError]]:
    """The entries of [start, end) that are missing or do not have the leaf hash that was written with them: the index, and an error
    to raise. Raises StorageError if the hashes themselves are damaged."""
    for first in range(start - start % FULL_WIDTH, end, FULL_WIDTH):
        low, high = max(first, start), min(first + FULL_WIDTH, end)
        hashes = store.tile(0, first // FULL_WIDTH)[(low - first) * HASH_BYTES : (high - first) * HASH_BYTES]
        if not _are_all_right(store, low, high, hashes):
            for index in range(low, high):
                why = _fault(store, index, hashes[(index - low) * HASH_BYTES :][:HASH_BYTES])
                if why:
                    yield index, _not_entered(index, why)


def _are_all_right(store: Store, start: int, end: int, hashes: bytes) -> bool:
    try:
        return b"".join([leaf_hash(raw) for raw in store.entries(start, end)]) == hashes
    except GiveTrailError:
        return False


def _fault(store: Store, index: int, expected: bytes) -> str:
    try:
        found = leaf_hash(store.entry(index))
    except GiveTrailError as error:
        return error.message
    return "" if found == expected else "its leaf hash is not the one that was recorded with it"


def _not_entered(index: int, why: str) -> StorageError:
    return StorageError(
        f"entry {index} is not what was recorded: {why}. Nothing more can be recorded after it; restore it with "
        "`givetrail repair --from COPY`, from a backup, an export or a mirror",
        rule="entry-hash", where=str(index),
    )  # fmt: skip
