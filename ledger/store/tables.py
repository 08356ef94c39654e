"""The tables of `ledger.sqlite`. Anybody may read them with any SQLite tool; only `entries` and `meta` are not derived."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..errors import StorageError, shown
from .connection import APPLICATION_ID, SCHEMA_VERSION, Connection

TYPES = {int: "INTEGER", str: "TEXT", bytes: "BLOB"}
MOST = 64
"""So many of the things that a file holds are looked at: a ledger has a dozen."""


class Table(NamedTuple):
    """`rowless` tables are kept in the order of their key; that pays where rows are short and read by ranges of it."""

    name: str
    columns: dict[str, type]
    key: str | tuple[str, ...]
    rowless: bool = False

    def sql(self) -> str:
        """The text that the file must hold of it, but for quotation marks and blanks (`_bare`)."""
        rule = {name: "PRIMARY KEY" if name == self.key else "NOT NULL" for name in self.columns}
        lines = [f"{name} {TYPES[kind]} {rule[name]}" for name, kind in self.columns.items()]
        if isinstance(self.key, tuple):
            lines.append(f"PRIMARY KEY ({', '.join(self.key)})")
        return f"CREATE TABLE {self.name} ({', '.join(lines)}) STRICT" + (", WITHOUT ROWID" if self.rowless else "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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
    Table(
        "once",
        {"entry": int, "record": int, "kind": str, "start": int, "stop": int},
        ("entry", "record", "kind", "start"),
        rowless=True,
    ),
    Table("history", {"block": int, "name": str, "key": str, "body": bytes}, ("block", "name", "key"), rowless=True),
    Table("mentions", {"term": str, "entry": int, "record": int}, ("term", "entry", "record"), rowless=True),
]


INDEXES = {
    "tapes_name": "CREATE UNIQUE INDEX tapes_name ON tapes (name)",
    "claims_target": "CREATE INDEX claims_target ON claims (entry, record)",
}


def _bare(sql: str) -> str:
    """The text of a table or an index without what releases of sqlite-utils write differently: how names are quoted, and blanks."""
    return re.sub(r'[\[\]"\s]', "", sql)


KEPT = {table.name: _bare(table.sql()) for table in (ENTRIES, META)}
ALL = KEPT | {table.name: _bare(table.sql()) for table in DERIVED} | {name: _bare(sql) for name, sql in INDEXES.items()}


def check_schema(connection: Connection, whole: bool = True) -> None:
    """Refuse a file whose tables were made by another text than ours, or that has views, triggers or anything else beside them:
    a view under a table's name can be endless. Without `whole` only what is not derived is asked for.

    Raises StorageError.
    """
    expected = ALL if whole else KEPT
    found = connection.all("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name LIMIT ?", MOST)
    foreign = [(kind, name) for kind, name, sql in found if expected.get(name) != _bare(sql) and (whole or name in KEPT)]
    missing = expected.keys() - {name for _, name, _ in found}
    if foreign or missing:
        kind, name = foreign[0] if foreign else ("table", min(missing))
        what = f"{kind} {shown(name)} is " + ("not of a ledger" if foreign else "missing")
        remedy = "put back the newest copy of the directory" if name in KEPT else "if it is your own, run `givetrail rebuild`"
        raise StorageError(f"{connection.path}: {what}; {remedy}", rule="database", where=str(connection.path))


def make_all(connection: Connection) -> None:
    """Make every table in an empty file, and say in it what it is."""
    with connection.transaction():
        _make(connection, [ENTRIES, META])
        connection.all("INSERT INTO meta (name, value) VALUES ('derived_size', 0)")
        connection.all(f"PRAGMA application_id={APPLICATION_ID}")
        _make_derived(connection)


def remake_derived(connection: Connection) -> None:
    """Drop whatever is not kept and make the derived tables empty. A file of an older version is of this one afterwards."""
    with connection.transaction():
        for order in ("trigger", "view", "table", "index"):  # an index goes with its table
            for (name,) in connection.all("SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL", order):
                if name not in KEPT:
                    connection.all(f"DROP {order} IF EXISTS {_quoted(name)}")
        connection.all("UPDATE meta SET value = 0 WHERE name = 'derived_size'")
        _make_derived(connection)


def _make_derived(connection: Connection) -> None:
    _make(connection, DERIVED)
    for sql in INDEXES.values():
        connection.all(sql)
    connection.all(f"PRAGMA user_version={SCHEMA_VERSION}")
    check_schema(connection)


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
