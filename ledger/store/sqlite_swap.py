"""Derived tables that were made in another file, compared with those of a ledger, and replacing them in one transaction.

A file must not be renamed over one that others have open, because they would keep using its write-ahead log, which is found by
name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import StorageError
from .sqlite_connection import SCHEMA_VERSION, Connection
from .sqlite_tables import DERIVED, META, Table, make_derived

OTHER = "beside"
_MISSING = "SELECT count(*) FROM (SELECT {columns} FROM {one}.{name} EXCEPT SELECT {columns} FROM {two}.{name})"


def differences(connection: Connection, other: Path) -> dict[str, int]:
    """For each derived table, how many rows differ from those of the other file. Tables without a difference are left out."""
    with _attached(connection, other):
        counted = {table.name: _count(connection, table) for table in DERIVED}
    return {name: count for name, count in counted.items() if count}


def _count(connection: Connection, table: Table) -> int:
    """How many rows differ, where a changed row counts once: of the rows in only one of the two, the larger count. A table that
    cannot be read, or has another version, differs in every row that it should have."""
    if connection.value("PRAGMA user_version") != SCHEMA_VERSION:
        return _rows(connection, table)
    columns = ", ".join(table.columns)
    ways = [{"one": "main", "two": OTHER}, {"one": OTHER, "two": "main"}]
    try:
        missing: int = max(connection.value(_MISSING.format(columns=columns, name=table.name, **way)) for way in ways)
        return missing
    except StorageError:
        return _rows(connection, table)


def _rows(connection: Connection, table: Table) -> int:
    rows: int = connection.value(f"SELECT count(*) FROM {OTHER}.{table.name}")
    return rows


def take_over(connection: Connection, other: Path) -> None:
    """Replace every derived table, and its counts in `meta`, with that of the other file. Raises StorageError; then nothing has
    changed."""
    with _attached(connection, other), connection.transaction():
        make_derived(connection)
        connection.all("DELETE FROM main.meta")
        for table in (*DERIVED, META):
            columns = ", ".join(table.columns)
            connection.all(f"INSERT INTO main.{table.name} ({columns}) SELECT {columns} FROM {OTHER}.{table.name}")


@contextmanager
def _attached(connection: Connection, other: Path) -> Iterator[None]:
    connection.all(f"ATTACH ? AS {OTHER}", f"{other.absolute().as_uri()}?mode=ro")
    try:
        yield
    finally:
        connection.all(f"DETACH {OTHER}")
