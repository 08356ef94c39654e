"""Whether the derived tables are what was written: row by row when they are read, or whole tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import StorageError, shown
from .protocol import DERIVED_RULE
from .sqlite_checksum import COLUMN, OF_TEXT, expression
from .sqlite_connection import Connection
from .sqlite_tables import DERIVED, MENTIONS, STATE, Table

REMEDY = "run `givetrail rebuild`, which makes it again from the entries"
Row = tuple[Any, ...]
_SUMS = f"SELECT count(*), coalesce(sum({{sound}}), 0), coalesce(sum({COLUMN}), 0) FROM {{rows}}"
# The largest table by far has few distinct terms, and calling Python from SQLite is slow, so it is called once per term.
_TERMS = f"SELECT term AS one, {OF_TEXT.format(name='term')} AS crc FROM (SELECT DISTINCT term FROM mentions)"
# Where a damaged row is out of order, SQLite finds it under its neighbour's term, and does not compare; the plus makes it.
_OF_TERM = f"({COLUMN} IS {expression(MENTIONS.values, {'term': 'crc'})} AND +term = one)"
_MENTIONS = f"WITH terms AS MATERIALIZED ({_TERMS}) " + _SUMS.format(sound=_OF_TERM, rows="terms CROSS JOIN mentions ON term = one")


def damaged(connection: Connection, table: str, what: str = "a row is not as it was written") -> StorageError:
    """The error for a derived table that cannot be trusted."""
    return StorageError(f"{connection.path}: table {table}: {what}; {REMEDY}", rule=DERIVED_RULE, where=table)


def without_mark(table: Table, rows: Iterable[Row], connection: Connection) -> Iterator[Row]:
    """Rows without their last column, which says whether they are sound. Raises StorageError at one that is not."""
    for row in rows:
        if row[-1] != 1:
            raise damaged(connection, table.name)
        yield row[:-1]


def check_tables(connection: Connection, size: int) -> None:
    """Check that the tables cover `size` entries, and check every row. Raises StorageError for the first table that is not what was
    written. Call it within a transaction."""
    for table, what in faults(connection, size):
        raise damaged(connection, table, what)


def faults(connection: Connection, size: int, state: Iterable[Row] | None = None) -> Iterator[tuple[str, str]]:
    """(table, what is wrong with it) for every table that is not what was written. If `state` is given, its rows (name, key, body)
    are compared too. Call it within a transaction."""
    meta = dict(connection.all("SELECT name, value FROM meta"))
    if meta.get("derived_size") != size:
        yield "meta", f"covers {meta.get('derived_size')} entries of {size}"
    for table in DERIVED:
        what = _fault(connection, table, [meta.get(name) for name in table.counters])
        if not what and table is STATE and state is not None:
            what = _other_state(connection, state)
        if what:
            yield table.name, what


def _other_state(connection: Connection, expected: Iterable[Row]) -> str:
    """How the table of the books differs from the expected rows; "" if it does not."""
    found, rows = set(connection.all(f"SELECT {', '.join(STATE.values)} FROM state")), set(expected)
    other = min(found ^ rows, default=None)
    return f"{shown(' '.join(other[:2]))} does not match the entries" if other else ""


def _fault(connection: Connection, table: Table, expected: list[int | None]) -> str:
    """What is wrong with a table, given the number of its rows and the sum of their checksums in `meta`; "" for nothing."""
    rows, sound, total = connection.one(_MENTIONS if table is MENTIONS else _SUMS.format(sound=table.sound, rows=table.name))
    if sound < rows:
        return f"{rows - sound} of {rows} rows are not as they were written"
    if rows != expected[0]:
        return f"has {rows} rows instead of {expected[0]}"
    return "" if total == expected[1] else "its rows are not as they were written"
