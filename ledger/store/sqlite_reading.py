"""Reading a ledger's SQLite file. `Store` documents the methods."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ..errors import NotFound, StorageError
from .protocol import Place
from .sqlite_connection import RESTORE, Connection
from .sqlite_soundness import Row, damaged, without_mark
from .sqlite_tables import CLAIMS, FLOWS, HISTORY, MENTIONS, ONCE, SPANS, STATE, TAPES, TILES, Table

PAGE_ROWS = 256
MAX_ENTRY_BYTES = 65_535

# Flows of one tape and sign do not overlap. So of those that begin at or before `start`, only the last can reach beyond it.
_FLOWS = f"""
SELECT start, stop, entry, record, {FLOWS.sound} FROM flows
WHERE tape = ?1 AND sign = ?2 AND start < ?4 AND stop > ?3 AND start >= coalesce(
    (SELECT max(start) FROM flows WHERE tape = ?1 AND sign = ?2 AND start <= ?3), ?3)
ORDER BY start
"""
_FIRST_SPAN = "SELECT coalesce(max(start), ?2) FROM spans WHERE tape = ?1 AND start <= ?2"
_SPANS = f"SELECT start, entry, {SPANS.sound} FROM spans WHERE tape = ? AND start >= ? AND start < ? ORDER BY start LIMIT ?"
# A body longer than an entry can be is not read, because a page of them would fill the memory. Getting the length is free.
_BODY = f"CASE WHEN length(body) <= {MAX_ENTRY_BYTES} THEN body END"
_ENTRY = f"SELECT {_BODY} FROM entries WHERE entry = ?"
_ENTRIES = f"SELECT entry, {_BODY} FROM entries WHERE entry >= ? AND entry < ? ORDER BY entry LIMIT ?"
_TILE = f"SELECT hashes, {TILES.sound} FROM tiles WHERE level = ? AND number = ?"
_TAPE = f"SELECT tape, {TAPES.sound} FROM tapes WHERE name = ?"
_ROWS = f"SELECT key, body, {STATE.sound} FROM state WHERE name = ? ORDER BY key"
_HISTORY = f"SELECT name, key, body, {HISTORY.sound} FROM history WHERE block >= ? AND block < ? ORDER BY block, name, key"
_MENTIONS = f"""
SELECT entry, record, {MENTIONS.sound} FROM mentions WHERE term = ? AND (entry, record) >= (?, ?) AND (entry, record) < (?, ?)
ORDER BY entry {{0}}, record {{0}} LIMIT ?
"""
_ASCENDING, _DESCENDING = _MENTIONS.format("ASC"), _MENTIONS.format("DESC")
_CLAIMS = f"""
SELECT by_entry, by_record, facts, {CLAIMS.sound} FROM claims WHERE entry = ? AND record = ? ORDER BY by_entry, by_record, part
"""
# Exclusive claims do not overlap, so only the last range that begins before the end can reach beyond the start.
_ONCE = f"SELECT stop, {ONCE.sound} FROM once WHERE entry = ? AND record = ? AND kind = ? AND start < ? ORDER BY start DESC LIMIT 1"


class Reading:
    """The reading half of a store. It never returns a row that is not what was written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def tree_size(self) -> int:
        """See `Store`."""
        size: int = self._connection.value("SELECT coalesce(max(entry) + 1, 0) FROM entries")
        return size

    @property
    def derived_size(self) -> int:
        """How many entries the derived tables cover: all of them, unless the tables are damaged."""
        return self.kept_number("derived_size")

    def kept_number(self, name: str) -> int:
        """The number in `meta` under a name. Raises StorageError if there is none."""
        number: int | None = self._connection.value("SELECT value FROM meta WHERE name = ?", name)
        if number is None:
            raise damaged(self._connection, "meta", f"has no {name}")
        return number

    def entry(self, index: int) -> bytes:
        """See `Store`."""
        row = self._connection.one(_ENTRY, index)
        if row is None:
            raise _no_entry(index, self.tree_size)
        return self._blob(row[0], "entry", index)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """See `Store`. It reads page by page, so that a long read does not keep the write-ahead log from being emptied."""
        while start < end:
            page = self._connection.all(_ENTRIES, start, end, PAGE_ROWS)
            if not page:
                raise _no_entry(start, self.tree_size)
            for number, body in page:
                if number != start:
                    raise _no_entry(start, self.tree_size)
                yield self._blob(body, "entry", number)
                start += 1

    def tile(self, level: int, index: int) -> bytes:
        """See `Store`."""
        tile: bytes = self._first(TILES, _TILE, (level, index), b"")
        return tile

    def rows(self, table: str) -> Iterator[tuple[str, bytes]]:
        """See `Store`."""
        return without_mark(STATE, self._connection.each(_ROWS, table), self._connection)

    def tables(self) -> list[str]:
        """See `Store`."""
        found: list[str] = []
        name = self._connection.value("SELECT min(name) FROM state")
        while name is not None:  # jump from one table to the next, past all its rows
            found.append(name)
            name = self._connection.value("SELECT min(name) FROM state WHERE name > ?", name)
        return found

    def history(self, first: int, end: int) -> Iterator[tuple[str, str, bytes]]:
        """See `Store`."""
        return without_mark(HISTORY, self._connection.each(_HISTORY, first, end), self._connection)

    def mentions(self, term: str, start: Place, end: Place, limit: int, newest_first: bool = False) -> list[Place]:
        """See `Store`."""
        return self._all(MENTIONS, _DESCENDING if newest_first else _ASCENDING, term, *start, *end, limit)

    def outflows(self, tape: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
        """See `Store`."""
        return self._flows(tape, -1, start, end)

    def inflows(self, tape: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
        """See `Store`."""
        return self._flows(tape, 1, start, end)

    def _flows(self, tape: str, sign: int, start: int, end: int) -> list[tuple[int, int, int, int]]:
        return self._all(FLOWS, _FLOWS, self._tape(tape), sign, start, end) if start < end else []

    def spans(self, tape: str, start: int, end: int) -> Iterator[int]:
        """See `Store`. It reads page by page, as `entries` does."""
        number, last = self._tape(tape), -1
        at = self._connection.value(_FIRST_SPAN, number, start)
        while start < end and (page := self._all(SPANS, _SPANS, number, at, end, PAGE_ROWS)):
            for _, entry in page:
                if entry != last:
                    yield entry
                last = entry
            at = page[-1][0] + 1

    def _tape(self, name: str) -> int | None:
        """The number of a tape; NULL, which equals nothing, for a tape without flows."""
        number: int | None = self._first(TAPES, _TAPE, (name,), None)
        return number

    def claims_on(self, entry: int, record: int) -> list[tuple[int, int, bytes]]:
        """See `Store`."""
        return self._all(CLAIMS, _CLAIMS, entry, record)

    def is_claimed(self, entry: int, record: int, kind: str, start: int, end: int) -> bool:
        """See `Store`."""
        claimed_to: int = self._first(ONCE, _ONCE, (entry, record, kind, end), start)
        return claimed_to > start

    def _all(self, table: Table, sql: str, *values: object) -> list[Row]:
        """The rows of a query whose last column says whether the row is sound, without that column."""
        return list(without_mark(table, self._connection.all(sql, *values), self._connection))

    def _first(self, table: Table, sql: str, values: Row, otherwise: object) -> Any:
        """The value that a query gives for one row, (value, whether it is sound)."""
        row = self._connection.one(sql, *values)
        if row is not None and row[1] != 1:
            raise damaged(self._connection, table.name)
        return otherwise if row is None else row[0]

    def within(self, is_over: Callable[[], bool]) -> AbstractContextManager[None]:
        """See `Store`."""
        return self._connection.within(is_over)

    def check_time(self) -> None:
        """See `Store`."""
        self._connection.check_time()

    @contextmanager
    def one_commit(self) -> Iterator[None]:
        """See `Store`."""
        with self._connection.transaction("DEFERRED"):
            self._connection.one("SELECT value FROM meta")  # the first read fixes the commit
            yield

    def check_length(self) -> None:
        """Refuse a database file that was cut short; SQLite would read the rest as zeros. Raises StorageError."""
        if self._connection.is_cut_short():
            raise self._malformed("it is cut short")

    def check_pages(self) -> None:
        """Refuse a database whose pages are malformed. Raises StorageError."""
        answer = self._connection.value("PRAGMA quick_check(1)")
        if answer != "ok":
            directory = shlex.quote(str(self._connection.path.parent))
            remedy = f"make a ledger from what can be read with `givetrail restore {directory} NEW`; if that fails, {RESTORE}"
            raise self._malformed(answer.splitlines()[-1], remedy)

    def check(self) -> None:
        """See `Store`."""
        self.check_length()
        self.check_pages()
        count = self._connection.value("SELECT count(*) FROM entries")
        if count < self.tree_size:
            raise self._malformed(f"{count} entries of {self.tree_size}")

    def _blob(self, value: object, what: str, number: int) -> bytes:
        if type(value) is not bytes:
            raise self._malformed(f"{what} {number} does not have the right form")
        return value

    def _malformed(self, what: str, remedy: str = RESTORE) -> StorageError:
        path = self._connection.path
        return StorageError(f"{path} is malformed ({what}); {remedy}", rule="database", where=str(path))


def _no_entry(index: int, size: int) -> NotFound | StorageError:
    if 0 <= index < size:
        words = f"entry {index} is missing among {size}; `givetrail repair` puts it back"
        return StorageError(words, rule="database", where=str(index))
    return NotFound(
        f"entry {index} is not in this ledger, which has {size} entries; entries are numbered from 0",
        rule="entry", where=str(index),
    )
