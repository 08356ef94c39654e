"""A copy of the database, made while another process may write."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ..disk.durable import refusing, unwritable
from ..errors import StorageError
from .location import FILE_NAME
from .sqlite_connection import BESIDE, PRIMARY, Connection, code_of

PAGES_AT_ONCE = 2048


def copy_database(directory: Path, into: Path, progress: Callable[[int, int], None] = lambda done, all: None) -> None:
    """Copy the database of the ledger in `directory` into the folder `into`, as it was at one commit, with SQLite's online backup.
    A writer can continue meanwhile; its write-ahead log grows until the copy is made. Nothing is synced here.

    Raises StorageError and UsageError as `Connection` does.
    """
    target = into / FILE_NAME
    with closing(Connection(directory / FILE_NAME, write=False)) as source, source.transaction("DEFERRED"):
        source.one("SELECT value FROM meta")  # the first read fixes the commit
        try:
            with closing(sqlite3.connect(target)) as copy:
                source.sqlite.backup(copy, pages=PAGES_AT_ONCE, progress=lambda _, left, all: progress(all - left, all))
        except sqlite3.Error as error:
            raise _refused(target, error) from error


def _refused(target: Path, error: sqlite3.Error) -> StorageError:
    code = code_of(error) & PRIMARY
    if code == sqlite3.SQLITE_FULL:
        return unwritable(target, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    rule = "database" if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) else "storage"
    return StorageError(f"{target}: the database cannot be copied ({error}); check both disks", rule=rule, where=str(target))


def leave_one_file(directory: Path) -> None:
    """Delete the empty files that reading leaves beside a database without a writer. Raises StorageError."""
    with refusing(directory):
        for end in BESIDE[1:]:
            (directory / (FILE_NAME + end)).unlink(missing_ok=True)
