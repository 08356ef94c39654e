"""How a batch becomes rows, each with its checksum, and how `meta` keeps their number and their sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from .protocol import Batch
from .sqlite_connection import Connection
from .sqlite_tables import CLAIMS, FLOWS, HISTORY, MENTIONS, ONCE, SPANS, STATE, TAPES, TILES, Table

SIGNS = {"+": 1, "-": -1}
Row = tuple[Any, ...]


def insert_entries(connection: Connection, batch: Batch) -> None:
    """Insert the entries themselves."""
    connection.many("INSERT INTO entries (entry, body) VALUES (?, ?)", enumerate(batch.entries, batch.first))


def insert_derived(connection: Connection, batch: Batch) -> None:
    """Insert everything else in the batch that has a table, and write how far the derived data reaches now."""
    rows = _Rows(connection)
    rows.put(TILES, batch.tiles)
    rows.put(STATE, [row[1:] for row in batch.rows])
    rows.put(HISTORY, batch.rows)
    tape = _tape_numbers(connection, rows, batch)
    rows.add(MENTIONS, batch.mentions)
    rows.add(FLOWS, ((tape[flow[0]], SIGNS[flow[1]], *flow[2:]) for flow in batch.flows))
    rows.add(SPANS, ((tape[name], start, entry) for name, start, entry in batch.spans))
    rows.add(CLAIMS, _numbered(batch.claims))
    rows.put(ONCE, batch.once)
    rows.count(batch.first + len(batch.entries))


class _Rows:
    """The rows of one batch, counted as they are written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counters = Counter[str]()

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        """Insert rows with new keys. Raises StorageError if the table already has one of the keys."""
        written = [(*row, table.checksum(row)) for row in rows]
        if written:
            self._connection.many(f"INSERT {table.row}", written)
            self._change(table, len(written), sum([row[-1] for row in written]))

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        """Insert rows, replacing those with the same key. If two have one key, the later counts."""
        latest = {row[: len(table.key)]: row for row in rows}
        for key in latest:
            before = self._connection.value(table.found, *key)
            if before is not None:
                self._change(table, -1, -before)
        written = [(*row, table.checksum(row)) for row in latest.values()]
        self._connection.many(f"REPLACE {table.row}", written)
        self._change(table, len(written), sum([row[-1] for row in written]))

    def _change(self, table: Table, rows: int, total: int) -> None:
        for name, more in zip(table.counters, (rows, total), strict=True):
            self._counters[name] += more

    def count(self, derived_size: int) -> None:
        """Write the new numbers and sums."""
        self._connection.many("UPDATE meta SET value = value + ? WHERE name = ?", ((n, name) for name, n in self._counters.items()))
        self._connection.all("UPDATE meta SET value = ? WHERE name = 'derived_size'", derived_size)


def _numbered(claims: Iterable[Row]) -> Iterator[Row]:
    """Number the claims of one record on another, to tell them apart."""
    parts = Counter[Row]()
    for *places, facts in claims:
        key = tuple(places)
        yield (*key, parts[key], facts)
        parts[key] += 1


def _tape_numbers(connection: Connection, rows: _Rows, batch: Batch) -> dict[str, int]:
    """A number for each tape of the batch. New ones are numbered by the entry that first names them, then by name.

    So the numbers do not depend on how entries were batched, and a rebuild gives the same ones.
    """
    seen = sorted({(flow[4], flow[0]) for flow in batch.flows} | {(span[2], span[0]) for span in batch.spans})
    numbers: dict[str, int] = {}
    known = connection.value("SELECT value FROM meta WHERE name = 'tapes_rows'")
    for name in dict.fromkeys(name for _, name in seen):
        number = connection.value("SELECT tape FROM tapes WHERE name = ?", name)
        if number is None:
            number = known = known + 1
            rows.add(TAPES, [(name, number)])
        numbers[name] = number
    return numbers
