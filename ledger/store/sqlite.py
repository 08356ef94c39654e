"""The default store: one SQLite file, and the unique index beside it.

    ledger.sqlite   entries, and tables made from them (tables.py); ledger.sqlite-wal and -shm while it is open
    unique.index    which entry may hold a key (uniqueness.py)
    lock            held by the one process that writes (lock.py)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from ..errors import Conflict, NotFound, StorageError
from .connection import Connection
from .durable import unwritable
from .insertion import insert_derived, insert_entries
from .lock import WriterLock
from .protocol import Batch, KeysOf
from .reading import Reading
from .tables import check_schema, make_all, remake_derived
from .uniqueness import Uniqueness

FILE_NAME = "ledger.sqlite"
MAX_WARNINGS = 20


class SqliteStore(Reading):
    """A `Store` in a directory; `create` and `open` make one."""

    def __init__(self, directory: Path, connection: Connection, write: bool, keys_of: KeysOf | None) -> None:
        super().__init__(connection)
        self.warnings: list[str] = []
        self._write = write
        self._unique = Uniqueness(directory, self.entries, keys_of, self.warnings)
        self._held = ExitStack()

    @classmethod
    def create(cls, directory: Path | str, keys_of: KeysOf | None = None) -> Self:
        """Make an empty store and open it for writing; the directory is made if there is none.

        Raises Conflict, rule "exists", where there is a store already, and rule "locked" where another process writes.
        """
        directory = Path(directory)
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(directory, error) from error
        with ExitStack() as held:
            held.enter_context(closing(WriterLock(directory)))
            connection = held.enter_context(closing(Connection(directory / FILE_NAME, write=True, create=True)))
            store = cls(directory, connection, True, keys_of)
            held.callback(store._unique.close)
            make_all(connection)
            store._unique.create()
            store._unique.hold()
            held.callback(store._finish)
            store._held = held.pop_all()
        return store

    @classmethod
    def open(cls, directory: Path | str, write: bool, keys_of: KeysOf | None = None, older: bool = False) -> Self:
        """Open a store. For writing its unique index is brought up to date, which may need `keys_of`; see `warnings`.
        With `older` a file of an older version is opened too: `rebuild_begin` has to come next.

        Raises NotFound, rule "ledger"; UsageError where the file is no ledger or of another version; Conflict, rule
        "locked", where another process writes; StorageError.
        """
        directory = Path(directory)
        if not os.path.lexists(directory / FILE_NAME):
            raise NotFound(f"{directory}: holds no ledger; make one with `givetrail init`", rule="ledger")
        with ExitStack() as held:
            if write:
                held.enter_context(closing(WriterLock(directory)))
            connection = held.enter_context(closing(Connection(directory / FILE_NAME, write=write, older=older)))
            check_schema(connection, whole=not older)
            store = cls(directory, connection, write, keys_of)
            held.callback(store._unique.close)
            store._take_up()
            if write:
                held.callback(store._finish)
            store._held = held.pop_all()
        return store

    def _take_up(self) -> None:
        size, derived = self.tree_size, self.derived_size
        if derived < size:
            self._warn(_unfinished(derived, size))
        if self._write:
            self._unique.open_to_write(derived)
            if derived == size:
                self._unique.hold()

    def append(self, batch: Batch) -> None:
        """See `Store`."""
        with self._connection.transaction():
            size, derived = self.tree_size, self.derived_size
            if derived < size:
                raise Conflict(_unfinished(derived, size), rule="rebuild")
            _check_first(batch, size)
            insert_entries(self._connection, batch)
            self._derive(batch)
        self._settle(batch)

    def rebuild_begin(self) -> None:
        """See `Store`."""
        remake_derived(self._connection)
        self._unique.create()
        if self.tree_size == 0:
            self._unique.hold()

    def rebuild_append(self, batch: Batch) -> None:
        """See `Store`."""
        with self._connection.transaction():
            _check_first(batch, self.derived_size)
            stored = self.entries(batch.first, batch.first + len(batch.entries))
            for index, (raw, made) in enumerate(zip(stored, batch.entries, strict=True), batch.first):
                if raw != made:
                    raise StorageError(
                        f"entry {index} differs from the stored one; run `givetrail verify`", rule="rebuild", where=str(index)
                    )
            self._derive(batch)
        self._settle(batch)
        if self.derived_size == self.tree_size:
            self._unique.hold()

    def _derive(self, batch: Batch) -> None:
        insert_derived(self._connection, batch)
        # Last of all, since what is entered there stays when the transaction is rolled back.
        self._unique.add(batch.keys)

    def _settle(self, batch: Batch) -> None:
        """What is due after a commit. The batch is durable by now, so a failure here is a warning and no error."""
        try:
            self._unique.settle(batch.first + len(batch.entries))
            self._connection.limit_wal()
        except StorageError as error:
            self._warn(
                f"{error.where}: all is entered, but the disk refused what is due from time to time ({error.rule}); "
                "free space and open the ledger again"
            )

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings and len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(sentence)

    def candidates(self, keys: Sequence[bytes]) -> list[list[tuple[int, int]]]:
        """See `Store`."""
        return self._unique.candidates(keys, self.tree_size)

    def close(self) -> None:
        """See `Store`. A writer leaves one database file that is whole in itself, and a unique index that covers it."""
        self._held.close()

    def close_too(self, close: Callable[[], None]) -> None:
        """Call this when the store is closed."""
        self._held.callback(close)

    def _finish(self) -> None:
        try:
            self._unique.settle(self.derived_size, final=True)
            self._connection.checkpoint()
        except StorageError as error:
            self._warn(f"{error.where}: could not be tidied at the end ({error.rule}); the next opening does it")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _check_first(batch: Batch, size: int) -> None:
    if batch.first != size:
        raise Conflict(
            f"the batch begins at entry {batch.first}, the ledger has {size}; open it again and make the batch anew",
            rule="tree-size",
            where=str(batch.first),
        )


def _unfinished(derived: int, size: int) -> str:
    return f"a rebuild was left at {derived} of {size} entries; run `givetrail rebuild`"
