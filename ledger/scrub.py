"""Everything in a ledger's directory compared with everything else, before it is needed: what `givetrail scrub` does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from .directory import require_ledger
from .errors import GiveTrailError, StorageError
from .log.tile import FULL_WIDTH
from .rebuild import Progress, made_beside
from .rot import rotten
from .store.protocol import Store
from .store.sqlite import SqliteStore

MOST = 20


class Scrubbed(NamedTuple):
    """How many entries there are; the first `MOST` of those that are not what was entered, each with why; and of each derived table
    how many rows differ from what the entries give, None where that cannot be known because entries are not right."""

    tree_size: int
    entries: list[tuple[int, str]]
    differing: dict[str, int] | None
    why: str = ""


def scrub(directory: Path, progress: Progress = lambda done, size: None) -> Scrubbed:
    """Compare everything in a directory with everything else: entries with hashes and signed checkpoints, and what is derived with
    what the entries give, which is made again beside. Nothing is changed. Nobody may write meanwhile.

    Raises NotFound, UsageError for an older version, Conflict, StorageError where the database cannot be read.
    """
    require_ledger(directory)
    with SqliteStore.open_to_replace(directory) as store:
        size = store.tree_size
        found = [(index, error.message) for index, error in islice(_all_rotten(store, size), MOST)]
        try:
            with made_beside(directory, store, progress) as beside:
                return Scrubbed(size, found, store.differences(beside))
        except GiveTrailError as error:
            return Scrubbed(size, found, None, error.message)


def _all_rotten(store: Store, size: int) -> Iterator[tuple[int, StorageError]]:
    """Those of all entries; a tile that is damaged itself says nothing, and is found with the tables."""
    for first in range(0, size, FULL_WIDTH):
        try:
            yield from rotten(store, first, min(size, first + FULL_WIDTH))
        except StorageError:
            continue
