"""The tables of `ledger.sqlite`. Anybody may read them with any SQLite tool; only `entries` and `meta` are not derived.

Every row of a derived table has a checksum, and `meta` the number and the sum of them for each table: rows that are gone, or that
no search finds any more, are missed there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from ..errors import StorageError, shown
from . import sqlite_checksum as checksum
from .sqlite_connection import APPLICATION_ID, RESTORE, SCHEMA_VERSION, Connection

TYPES = {int: "INTEGER", str: "TEXT", bytes: "BLOB"}
MOST = 64
"""So many of the things that a file holds are looked at: a ledger has a dozen."""


class Table:
    """A table by its columns and its key. `rowless` tables are kept in the order of their key: all that there is of one is read by
    going through it. Those that are `derived` have a checksum as their last column."""

    def __init__(self, name: str, columns: dict[str, type], key: Sequence[str], rowless: bool = True, derived: bool = True) -> None:
        self.name, self.key, self._rowless = name, tuple(key), rowless
        self.values = columns
        self.columns = columns | {checksum.COLUMN: int} if derived else columns
        self.checksum: Callable[[Sequence[object]], int] = checksum.summer(columns)

    @cached_property
    def sound(self) -> str:
        """Whether a row is what was written, in SQL."""
        return f"{checksum.COLUMN} IS {checksum.expression(self.values)}"

    @cached_property
    def row(self) -> str:
        """Where a row goes, its checksum last, in SQL after INSERT or REPLACE."""
        return f"INTO {self.name} ({', '.join(self.columns)}) VALUES ({', '.join('?' * len(self.columns))})"

    @cached_property
    def found(self) -> str:
        """The checksum of the row that has a key, in SQL."""
        where = " AND ".join(f"{name} = ?" for name in self.key)
        return f"SELECT {checksum.COLUMN} FROM {self.name} WHERE {where}"

    @property
    def counters(self) -> tuple[str, str]:
        """The names under which `meta` has how many rows there are, and the sum of their checksums."""
        return f"{self.name}_rows", f"{self.name}_sum"

    def sql(self) -> str:
        """The text that the file must hold of it, but for quotation marks and blanks (`_bare`)."""
        alone = self.key[0] if len(self.key) == 1 else ""
        lines = [f"{name} {TYPES[kind]} {'PRIMARY KEY' if name == alone else 'NOT NULL'}" for name, kind in self.columns.items()]
        if not alone:
            lines.append(f"PRIMARY KEY ({', '.join(self.key)})")
        return f"CREATE TABLE {self.name} ({', '.join(lines)}) STRICT" + (", WITHOUT ROWID" if self._rowless else "")

    def make(self, connection: Connection) -> None:
        """Make it, empty."""
        # Imported here because it takes a tenth of a second, which only the making of a ledger should cost.
        import sqlite_utils

        database: Any = sqlite_utils.Database(connection.sqlite, recursive_triggers=False, execute_plugins=False)
        key = self.key[0] if len(self.key) == 1 else self.key
        sql = database.create_table_sql(self.name, self.columns, pk=key, not_null=self.columns.keys() - {key}, strict=True)
        if self._rowless:  # sqlite-utils ends with STRICT; and has no word for this
            sql = sql.rstrip().removesuffix(";") + ", WITHOUT ROWID"
        connection.all(sql)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


ENTRIES = Table("entries", {"entry": int, "body": bytes}, ["entry"], rowless=False, derived=False)
META = Table("meta", {"name": str, "value": int}, ["name"], derived=False)
TILES = Table("tiles", {"level": int, "number": int, "hashes": bytes}, ["level", "number"])
STATE = Table("state", {"name": str, "key": str, "body": bytes}, ["name", "key"])
HISTORY = Table("history", {"block": int, "name": str, "key": str, "body": bytes}, ["block", "name", "key"])
MENTIONS = Table("mentions", {"term": str, "entry": int, "record": int}, ["term", "entry", "record"])
TAPES = Table("tapes", {"name": str, "tape": int}, ["name"])
FLOWS = Table(
    "flows", {"tape": int, "sign": int, "start": int, "stop": int, "entry": int, "record": int}, ["tape", "sign", "start"]
)
SPANS = Table("spans", {"tape": int, "start": int, "entry": int}, ["tape", "start"])
CLAIMS = Table(
    "claims",
    {"entry": int, "record": int, "by_entry": int, "by_record": int, "part": int, "facts": bytes},
    ["entry", "record", "by_entry", "by_record", "part"],
)
ONCE = Table(
    "once", {"entry": int, "record": int, "kind": str, "start": int, "stop": int}, ["entry", "record", "kind", "start"]
)
DERIVED = [TILES, STATE, HISTORY, MENTIONS, TAPES, FLOWS, SPANS, CLAIMS, ONCE]


def _bare(sql: str) -> str:
    """The text of a table or an index without what releases of sqlite-utils write differently: how names are quoted, and blanks."""
    return re.sub(r'[\[\]"\s]', "", sql)


KEPT = {table.name: _bare(table.sql()) for table in (ENTRIES, META)}
ALL = KEPT | {table.name: _bare(table.sql()) for table in DERIVED}


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
        remedy = RESTORE if name in KEPT else "if it is your own, run `givetrail rebuild`"
        raise StorageError(f"{connection.path}: {what}; {remedy}", rule="database", where=str(connection.path))


def make_all(connection: Connection) -> None:
    """Make every table in an empty file, and say in it what it is."""
    with connection.transaction():
        for table in (ENTRIES, META):
            table.make(connection)
        connection.all(f"PRAGMA application_id={APPLICATION_ID}")
        make_derived(connection)


def make_derived(connection: Connection) -> None:
    """Within a transaction, drop whatever is not kept and make the derived tables empty. A file of an older version is of this one
    afterwards."""
    for order in ("trigger", "view", "table", "index"):  # an index goes with its table
        for (name,) in connection.all("SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL", order):
            if name not in KEPT:
                connection.all(f"DROP {order} IF EXISTS {_quoted(name)}")
    connection.all("DELETE FROM meta")
    names = ["derived_size", "scrubbed", *(name for table in DERIVED for name in table.counters)]
    connection.many("INSERT INTO meta (name, value) VALUES (?, 0)", ((name,) for name in names))
    for table in DERIVED:
        table.make(connection)
    connection.all(f"PRAGMA user_version={SCHEMA_VERSION}")
    check_schema(connection)
