"""A ledger's own directory as a source of an audit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from weakref import WeakSet

from ..errors import StorageError, Unverifiable
from ..log.merkle import HASH_BYTES
from ..log.tile import FULL_WIDTH, tile_path
from ..log_files.source import Rows, note_in
from ..log_files.stamps import stamp_in, stamped_in
from ..log_files.tiled import Opener, missing
from ..store.opening import open_store
from ..store.protocol import DERIVED_RULE, DirectoryStore
from .publication import signed_note, waits

DATABASE = "database"


class DirectorySource:
    """A ledger's own directory, read while another process may write. Derived data is checked, never relied on."""

    refused_tls = False

    def __init__(self, directory: Path, note: bytes | None = None) -> None:
        """`note` is the checkpoint, if given: of an earlier source of this directory. The entries are checked by their hashes, so
        the database is not read through first.

        Raises Unverifiable if the checkpoint is missing; and whatever `open_store` and `check_length` raise.
        """
        self.name = str(directory)
        self._directory = directory
        self._note = _note(directory) if note is None else note
        self._opened: DirectoryStore | None = None
        with ExitStack() as on_failure:
            on_failure.callback(self.close)
            self._store.check_length()
            on_failure.pop_all()

    @property
    def _store(self) -> DirectoryStore:
        """The open database. It is closed when this process forks, because SQLite's locks do not survive a fork."""
        if self._opened is None:
            self._opened = open_store(self._directory, write=False, checked=False)
            _OPEN.add(self)
        return self._opened

    def checkpoint(self) -> bytes:
        return self._note

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        stop = min(end, self._store.tree_size)
        for at in range(start, stop, FULL_WIDTH):
            # A page is read at once, so the database may be closed and opened again between two entries.
            yield from self._page(at, min(at + FULL_WIDTH, stop))
        if stop < end:
            raise missing(f"entry {max(start, stop)} of {self.name}")

    def _page(self, start: int, end: int) -> Iterator[bytes]:
        try:
            yield from self._store.entries(start, end)
        except StorageError as error:
            if not error.where.isdecimal():
                raise
            raise missing(f"entry {error.where} of {self.name}") from None

    def durable_size(self) -> int:
        """See `Source`. If the last entries are lost, the tables made from them still count them."""
        return max(self._store.tree_size, self._store.derived_size)

    def tile(self, level: int, index: int, width: int) -> bytes:
        try:
            hashes = self._store.tile(level, index)[: width * HASH_BYTES]
        except StorageError as error:
            if error.rule != DERIVED_RULE:
                raise
            raise Unverifiable(error.message, rule=DERIVED_RULE, where=error.where) from None
        if len(hashes) < width * HASH_BYTES:
            words = f"{self.name}: table tiles does not have {tile_path(level, index, width)}; run `givetrail rebuild`"
            raise Unverifiable(words, rule=DERIVED_RULE)
        return hashes

    def faults_beside(self, size: int, rows: Rows | None) -> list[tuple[str, str]]:
        """See `Source`. It reads every page of the file and, if the pages are sound, every row of every derived table."""
        with self._store.one_commit():
            try:
                self._store.check_pages()
            except StorageError as error:
                if error.rule != DATABASE:
                    raise
                return [(DATABASE, error.message)]
            return [(DERIVED_RULE, fault) for fault in self._store.faults(rows if self._store.tree_size == size else None)]

    def stamped(self) -> list[int]:
        return stamped_in(self._directory)

    def stamp(self, size: int) -> bytes | None:
        return stamp_in(self._directory, size)

    def opener(self) -> Opener:
        """See `Source`."""
        return Opener(DirectorySource, (self._directory, self._note))

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _note(directory: Path) -> bytes:
    """The published checkpoint. Before anything is published, the last signed one: a verification then says what it lacks."""
    return (signed_note(directory) if waits(directory) else None) or note_in(directory)


_OPEN: WeakSet[DirectorySource] = WeakSet()


def _close_all() -> None:
    for source in list(_OPEN):
        source.close()


os.register_at_fork(before=_close_all)
