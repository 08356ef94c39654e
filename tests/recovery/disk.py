"""What tests of recovery do to files, and how they compare them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

DATABASE = "ledger.sqlite"


def tables(directory: Path) -> dict[str, list[Any]]:
    """Every row of every table, in the order of all its columns, and what the file says of itself."""
    with closing(sqlite3.connect(directory / DATABASE)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
        found["version"] = list(connection.execute("PRAGMA user_version"))
    return found


def change(directory: Path, sql: str, *values: Any) -> None:
    """Change the database behind the program's back."""
    with closing(sqlite3.connect(directory / DATABASE)) as connection:
        changed = connection.execute(sql, values).rowcount
        connection.commit()
    assert changed


def body(directory: Path, entry: int) -> bytes:
    """The bytes of an entry."""
    with closing(sqlite3.connect(directory / DATABASE)) as connection:
        return connection.execute("SELECT body FROM entries WHERE entry = ?", (entry,)).fetchone()[0]


def flip(directory: Path, entry: int, bit: int) -> None:
    """Change one bit of an entry."""
    raw = bytearray(body(directory, entry))
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    change(directory, "UPDATE entries SET body = ? WHERE entry = ?", bytes(raw), entry)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but those that a database has while it is open."""
    passing = ("-wal", "-shm", "lock")
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(passing)]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
