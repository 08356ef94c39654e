"""A store as all snapshots of one view read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..books.promise import Waiting
from ..books.rows import Disbursement, Told
from ..entries.store_flows import leaf_reader
from ..store.protocol import Store
from .covers import Covers
from .followed import Followed
from .ranges import GiftRanges


class Reader:
    """A store open for reading, and what was read from it, which snapshots share because entries do not change."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.leaves = leaf_reader(store)
        self.gifts = GiftRanges(store)
        self.covers = Covers()
        self.followed, self.followed_covers = Followed(), Followed()
        # Reference of a payment or delivery: its row, the last feedback about its activity and day, and its units that wait.
        self.waiting: dict[str, tuple[Disbursement, Told | None, tuple[Waiting, ...]]] = {}
        self._within = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A context in which all reads see one commit. Can be nested. Raises StorageError."""
        if self._within:
            yield
            return
        with self.store.one_commit():
            self._within = True
            try:
                yield
            finally:
                self._within = False
