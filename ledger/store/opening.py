"""The one way to open a store: only this module decides which kind of store a directory has. To add another kind, add a file beside
`sqlite.py` and a line in each function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .protocol import DirectoryStore, KeysOf
from .sqlite import SqliteStore
from .sqlite_copying import copy_database as copy_store
from .sqlite_copying import leave_one_file
from .sqlite_mending import Mending

__all__ = ["Mending", "copy_store", "create_store", "leave_one_file", "open_store", "open_store_to_replace"]


def create_store(directory: Path, keys_of: KeysOf | None = None, lasting: bool = True) -> DirectoryStore:
    """Make an empty store and open it for writing: see `SqliteStore.create`. Raises Conflict, StorageError."""
    return SqliteStore.create(directory, keys_of, lasting)


def open_store(
    directory: Path, write: bool, keys_of: KeysOf | None = None, checked: bool = True,
    look: Callable[[DirectoryStore], None] | None = None,
) -> DirectoryStore:  # fmt: skip
    """Open the store of a directory: see `SqliteStore.open`. Raises NotFound, UsageError, Conflict, StorageError."""
    return SqliteStore.open(directory, write, keys_of, checked, look)


def open_store_to_replace(directory: Path, mend: bool = False) -> DirectoryStore:
    """Open a store in order to replace its derived parts: see `SqliteStore.open_to_replace`. Raises what `open_store` raises."""
    return SqliteStore.open_to_replace(directory, mend)
