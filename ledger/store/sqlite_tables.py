"""The tables of `ledger.sqlite`. Anyone may read them with any SQLite tool. All except `entries` and `meta` are derived.

Every row of a derived table has a checksum, and for each table `meta` has the number of rows and the sum of their checksums. So a
row that is missing, or that no query finds any more, is noticed.
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
"""At most this many objects of a file's schema are checked: a ledger has a dozen."""


class Table:
    """A table by its columns and its key. `rowless` tables are stored in the order of their key, so scanning one reads all of it.
    Tables that are `derived` have a checksum as their last column."""

    def __init__(self, name: str, columns: dict[str, type], key: Sequence[str], rowless: bool = True, derived: bool = True) -> None:
        self.name, self.key, self._rowless = name, tuple(key), rowless
        self.values = columns
        self.columns = columns | {checksum.COLUMN: int} if derived else columns
        self.checksum: Callable[[Sequence[object]], int] = checksum.summer(columns)

    @cached_property
    def sound(self) -> str:
        """In SQL, whether a row is what was written."""
        return f"{checksum.COLUMN} IS {checksum.expression(self.values)}"

    @cached_property
    def row(self) -> str:
        """The target and the values of a row, its checksum last, in SQL after INSERT or REPLACE."""
        return f"INTO {self.name} ({', '.join(self.columns)}) VALUES ({', '.join('?' * len(self.columns))})"

    @cached_property
    def found(self) -> str:
        """In SQL, the checksum of the row with a given key."""
        where = " AND ".join(f"{name} = ?" for name in self.key)
        return f"SELECT {checksum.COLUMN} FROM {self.name} WHERE {where}"

    @property
    def counters(self) -> tuple[str, str]:
        """The names in `meta` of the number of rows and the sum of their checksums."""
        return f"{self.name}_rows", f"{self.name}_sum"

    def sql(self) -> str:
        """The schema text that the file must have for this table, apart from quotation marks and whitespace (`_bare`)."""
        alone = self.key[0] if len(self.key) == 1 else ""
        lines = [f"{name} {TYPES[kind]} {'PRIMARY KEY' if name == alone else 'NOT NULL'}" for name, kind in self.columns.items()]
        if not alone:
            lines.append(f"PRIMARY KEY ({', '.join(self.key)})")
        return f"CREATE TABLE {self.name} ({', '.join(lines)}) STRICT" + (", WITHOUT ROWID" if self._rowless else "")

    def make(self, connection: Connection) -> None:
        """Make the empty table."""
        # Imported here because it takes a tenth of a second, which only making a ledger should cost.
        import sqlite_utils

        database: Any = sqlite_utils.Database(connection.sqlite, recursive_triggers=False, execute_plugins=False)
        key = self.key[0] if len(self.key) == 1 else self.key
        sql = database.create_table_sql(self.name, self.columns, pk=key, not_null=self.columns.keys() - {key}, strict=True)
        if self._rowless:  # sqlite-utils ends with STRICT, and cannot make such a table
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
    """The text of a table or an index without the parts that releases of sqlite-utils write differently: quotation of names, and
    whitespace."""
    return re.sub(r'[\[\]"\s]', "", sql)


KEPT = {table.name: _bare(table.sql()) for table in (ENTRIES, META)}
ALL = KEPT | {table.name: _bare(table.sql()) for table in DERIVED}


def check_schema(connection: Connection, whole: bool = True) -> None:
    """Refuse a file whose tables have another schema than ours, or that has views, triggers or anything else besides them: a view
    with a table's name can be endless. Without `whole`, only the tables that are not derived are required.

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
    """Make every table in an empty file, and mark the file as a ledger."""
    with connection.transaction():
        for table in (ENTRIES, META):
            table.make(connection)
        connection.all(f"PRAGMA application_id={APPLICATION_ID}")
        make_derived(connection)


def make_derived(connection: Connection) -> None:
    """Within a transaction, drop everything except the KEPT tables and make the derived tables empty. It also brings a file of
    an older version to this one."""
    for order in ("trigger", "view", "table", "index"):  # dropping a table drops its indexes
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
