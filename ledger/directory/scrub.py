"""Compares everything in a ledger's directory with everything else, before it is needed: what `givetrail scrub` does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..entries.loading import load_books
from ..errors import GiveTrailError, StorageError
from ..log.tile import FULL_WIDTH
from ..store.opening import open_store, open_store_to_replace
from ..store.protocol import Store
from .opening import require_ledger
from .rebuild import Progress, derived_beside
from .rot import rotten
from .small_files import Compared, compare_small

MOST = 20
NO_VERDICT = ("disk-full", "storage", "busy", "read-only")  # an error of the disk says nothing about the data on it


class Scrubbed(NamedTuple):
    """How many entries there are; the first `MOST` entries that are not what was entered, each with the reason; and for each
    derived table, how many rows differ from what the entries give, None if that cannot be known because entries are wrong. `small`
    is the result of comparing keys, policy and checkpoints with the entries; None when `differing` is."""

    tree_size: int
    entries: list[tuple[int, str]]
    differing: dict[str, int] | None
    why: str = ""
    small: Compared | None = None


def scrub(directory: Path, progress: Progress = lambda done, size: None) -> Scrubbed:
    """Compare everything in a directory with everything else: entries with hashes and signed checkpoints; derived data with a new
    copy made from the entries; keys, policy and checkpoints with the entries. It does not change anything. No other process may
    write meanwhile.

    Raises NotFound; UsageError for an older version; Conflict; StorageError if the database cannot be read or the new copy cannot
    be written: that is not a verdict.
    """
    require_ledger(directory)
    with open_store_to_replace(directory) as store:
        size = store.tree_size
        found = [(index, error.message) for index, error in islice(_all_rotten(store, size), MOST)]
        try:
            store.check_pages()
            with derived_beside(directory, store, progress) as beside:
                return Scrubbed(size, found, store.differences(beside), "", _small(directory, beside))
        except GiveTrailError as error:
            if error.rule in NO_VERDICT:
                raise _not_compared(directory, error, found) from None
            return Scrubbed(size, found, None, error.message)


def _small(directory: Path, beside: Path) -> Compared:
    with closing(open_store(beside, write=False)) as made:
        return compare_small(directory, made, load_books(made))


def _not_compared(directory: Path, error: GiveTrailError, found: list[tuple[int, str]]) -> StorageError:
    so_far = f"{found[0][1]}. But not" if found else "nothing wrong was found so far, but not"
    words = f"{directory}: {so_far} everything could be compared, because what is derived from it does not match: {error.message}"
    return StorageError(words, rule=error.rule, where=error.where)


def _all_rotten(store: Store, size: int) -> Iterator[tuple[int, StorageError]]:
    """All rotten entries. A tile that is damaged itself says nothing about them, and is found with the tables."""
    for first in range(0, size, FULL_WIDTH):
        try:
            yield from rotten(store, first, min(size, first + FULL_WIDTH))
        except StorageError:
            continue
