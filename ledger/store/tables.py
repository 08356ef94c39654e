"""The tables of `ledger.sqlite`. Anybody may read them with any SQLite tool; only `entries` and `meta` are not derived."""

from __future__ import annotations

from typing import Any, NamedTuple

from .connection import APPLICATION_ID, SCHEMA_VERSION, Connection


class Table(NamedTuple):
    """`rowless` tables are kept in the order of their key; that pays where rows are short and read by ranges of it."""

    name: str
    columns: dict[str, type]
    key: str | tuple[str, ...]
    rowless: bool = False


ENTRIES = Table("entries", {"entry": int, "body": bytes}, "entry")
META = Table("meta", {"name": str, "value": int}, "name", rowless=True)
DERIVED = [
    Table("tiles", {"level": int, "number": int, "hashes": bytes}, ("level", "number")),
    Table("state", {"name": str, "key": str, "body": bytes}, ("name", "key"), rowless=True),
    Table("tapes", {"tape": int, "name": str}, "tape"),
    Table(
        "flows",
        {"tape": int, "sign": int, "start": int, "stop": int, "entry": int, "record": int},
        ("tape", "sign", "start"),
        rowless=True,
    ),
    Table("spans", {"tape": int, "start": int, "entry": int}, ("tape", "start"), rowless=True),
    Table(
        "claims",
        {"claim": int, "entry": int, "record": int, "by_entry": int, "by_record": int, "facts": bytes},
        "claim",
    ),
    Table("history", {"block": int, "name": str, "key": str, "body": bytes}, ("block", "name", "key"), rowless=True),
    Table("mentions", {"term": str, "entry": int, "record": int}, ("term", "entry", "record"), rowless=True),
]


def make_all(connection: Connection) -> None:
    """Make every table in an empty file, and say in it what it is."""
    with connection.transaction():
        _make(connection, [ENTRIES, META])
        connection.all("INSERT INTO meta (name, value) VALUES ('derived_size', 0)")
        connection.all(f"PRAGMA application_id={APPLICATION_ID}")
        _make_derived(connection)


def remake_derived(connection: Connection) -> None:
    """Drop the derived tables and make them empty. A file of an older version is of this one afterwards."""
    with connection.transaction():
        for table in DERIVED:
            connection.all(f"DROP TABLE IF EXISTS {table.name}")
        connection.all("UPDATE meta SET value = 0 WHERE name = 'derived_size'")
        _make_derived(connection)


def _make_derived(connection: Connection) -> None:
    _make(connection, DERIVED)
    connection.all("CREATE UNIQUE INDEX tapes_name ON tapes (name)")
    connection.all("CREATE INDEX claims_target ON claims (entry, record)")
    connection.all(f"PRAGMA user_version={SCHEMA_VERSION}")


def _make(connection: Connection, tables: list[Table]) -> None:
    # Imported here because it takes a tenth of a second, which only the making of a ledger should cost.
    import sqlite_utils

    database: Any = sqlite_utils.Database(connection.sqlite, recursive_triggers=False, execute_plugins=False)
    for table in tables:
        sql = database.create_table_sql(
            table.name, table.columns, pk=table.key, not_null=table.columns.keys() - {table.key}, strict=True
        )
        if table.rowless:  # sqlite-utils ends with STRICT; and has no word for this
            sql = sql.rstrip().removesuffix(";") + ", WITHOUT ROWID"
        connection.all(sql)
