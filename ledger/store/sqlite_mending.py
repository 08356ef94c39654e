"""The entries of a damaged ledger: each is read whatever is wrong with the others, and all are put back at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from ..disk.lock import WriterLock
from ..errors import NotFound, StorageError
from .location import FILE_NAME, holds_store
from .sqlite_connection import Connection
from .sqlite_reading import MAX_ENTRY_BYTES
from .sqlite_tables import check_schema

HASH_BYTES = 32

_BODIES = f"""
SELECT entry, CASE WHEN typeof(body) = 'blob' AND length(body) <= {MAX_ENTRY_BYTES} THEN body END FROM entries
WHERE entry >= ? AND entry < ?
"""


class Mending:
    """A ledger's database, held for writing as a store is. Of the derived tables it reads only the tiles, and trusts none."""

    def __init__(self, directory: Path) -> None:
        """Raises NotFound, UsageError, Conflict if another process writes; StorageError if the file itself is damaged."""
        if not holds_store(directory):
            words = f"{directory}: does not contain a ledger; make one from a backup with `givetrail restore COPY DIR`"
            raise NotFound(words, rule="directory")
        with ExitStack() as held:
            held.enter_context(closing(WriterLock(directory)))
            self._connection = held.enter_context(closing(Connection(directory / FILE_NAME, write=True, older=True)))
            check_schema(self._connection, whole=False)
            self._held = held.pop_all()

    @property
    def tree_size(self) -> int:
        """The index after that of the last entry in the file."""
        size: int = self._connection.value("SELECT coalesce(max(entry) + 1, 0) FROM entries")
        return size

    def bodies(self, start: int, end: int) -> dict[int, bytes]:
        """The entries [start, end) that are there, by index, without those that are not bytes or are longer than an entry can be.
        Raises StorageError if the file itself is damaged."""
        return {entry: body for entry, body in self._connection.all(_BODIES, start, end) if body is not None}

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a stored tile, or whatever is there instead."""
        if not self._connection.value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'tiles'"):
            return b""
        hashes = self._connection.value("SELECT hashes FROM tiles WHERE level = ? AND number = ?", level, index)
        return hashes[: width * HASH_BYTES] if isinstance(hashes, bytes) else b""

    def numbers_from(self, start: int) -> Iterator[int]:
        """The indexes of the entries from `start` on, ascending."""
        return (entry for (entry,) in self._connection.each("SELECT entry FROM entries WHERE entry >= ? ORDER BY entry", start))

    def put_back(self, entries: Mapping[int, bytes]) -> None:
        """Write entries at their indexes, all in one commit, durable on return. Raises StorageError; then none is written."""
        sql = "INSERT INTO entries (entry, body) VALUES (?, ?) ON CONFLICT (entry) DO UPDATE SET body = excluded.body"
        with self._connection.transaction():
            self._connection.many(sql, entries.items())

    def close(self) -> None:
        """Close the files; closing twice does nothing."""
        self._held.close()

    def check(self) -> None:
        """Refuse a database whose file is damaged beyond the content of its rows. Raises StorageError."""
        answer = self._connection.value("PRAGMA quick_check(1)")
        if answer != "ok":
            where = str(self._connection.path)
            words = f"{where}: the file itself is malformed; make a new ledger from another copy with `givetrail restore COPY DIR`"
            raise StorageError(words, rule="database", where=where)
