"""The default store: one SQLite file, and the unique index beside it.

    ledger.sqlite   entries, and tables derived from them (sqlite_tables.py); ledger.sqlite-wal and -shm while it is open
    unique.index    which entry may hold a key (unique_keys.py)
    lock            held by the one process that writes (disk/lock.py)
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from ..disk.durable import make_folder
from ..disk.lock import WriterLock
from ..errors import Conflict, NotFound, StorageError
from .location import FILE_NAME, holds_store
from .protocol import Batch, KeysOf, StoreWarning
from .sqlite_connection import Connection
from .sqlite_header import mend_header
from .sqlite_insertion import insert_derived, insert_entries
from .sqlite_reading import Reading
from .sqlite_soundness import check_tables, damaged, faults
from .sqlite_swap import differences, take_over
from .sqlite_tables import check_schema, make_all
from .unique_keys import FILE_NAME as INDEX_NAME
from .unique_keys import UniqueKeys

MAX_WARNINGS = 20
# A file of at most this many bytes is read through when it is opened, which takes some hundredths of a second.
WHOLE_BYTES = 4 << 20


class SqliteStore(Reading):
    """A `Store` in a directory; `create` and `open` make one."""

    def __init__(self, directory: Path, connection: Connection, write: bool, keys_of: KeysOf | None) -> None:
        super().__init__(connection)
        self.warnings: list[str] = []
        # The entries before this one were compared with their hashes; saved with the next batch.
        self.scrubbed = 0
        self._write = write
        self._unique = UniqueKeys(directory, self.entries, keys_of, self._warn)
        self._held = ExitStack()

    @classmethod
    def create(cls, directory: Path | str, keys_of: KeysOf | None = None, lasting: bool = True) -> Self:
        """Make an empty store and open it for writing; the directory is made if it is missing. If the store is not `lasting`,
        commits are not synced to the disk.

        Raises Conflict, rule "exists", if there is already a store, and rule "locked" if another process writes.
        """
        directory = Path(directory)
        make_folder(directory)
        with ExitStack() as held:
            held.enter_context(closing(WriterLock(directory)))
            connection = held.enter_context(closing(Connection(directory / FILE_NAME, write=True, create=True)))
            if not lasting:
                connection.all("PRAGMA synchronous=0")
            store = cls(directory, connection, True, keys_of)
            held.callback(store._unique.close)
            make_all(connection)
            store._unique.create()  # this syncs the directory, and with it the name of the database
            store._unique.hold()
            held.callback(store._finish)
            store._held = held.pop_all()
        return store

    @classmethod
    def open(
        cls, directory: Path | str, write: bool, keys_of: KeysOf | None = None, checked: bool = True,
        look: Callable[[Self], None] | None = None,
    ) -> Self:  # fmt: skip
        """Open a store and check that what is derived is what was written. A small file is checked as a whole; of a large one only
        how far its tables reach, and each row when it is read. For writing, the unique index is brought up to date, which may need
        `keys_of`; see `warnings`. `look` is called before that, to check the entries that the index is made from. Without
        `checked`, the caller must check the store itself.

        Raises NotFound, rule "ledger"; UsageError if the file is not a ledger or has another version; Conflict, rule "locked", if
        another process writes; StorageError, with rule "derived" if derived tables are damaged.
        """
        with ExitStack() as held:
            store = cls._opened(held, Path(directory), write, keys_of)
            if checked:
                store._check_tables()
            if write:
                store.scrubbed = store.kept_number("scrubbed")
                if look is not None:
                    look(store)
                store._unique.open_to_write(store.tree_size)
                store._unique.hold()
                held.callback(store._finish)
            store._held = held.pop_all()
        return store

    @classmethod
    def open_to_replace(cls, directory: Path | str, mend: bool = False) -> Self:
        """Open a store in order to replace its derived tables (`take_over`), whatever their state and version. With `mend`, a
        damaged header of the file is repaired first. Raises what `open` raises."""
        with ExitStack() as held:
            store = cls._opened(held, Path(directory), True, None, older=True, mend=mend)
            held.callback(store._finish)
            store._held = held.pop_all()
        return store

    @classmethod
    def _opened(
        cls, held: ExitStack, directory: Path, write: bool, keys_of: KeysOf | None, older: bool = False, mend: bool = False
    ) -> Self:
        if not holds_store(directory):
            raise NotFound(f"{directory}: does not contain a ledger; make one with `givetrail init`", rule="ledger")
        if write:
            held.enter_context(closing(WriterLock(directory)))
        if mend:
            mend_header(directory / FILE_NAME)
        connection = held.enter_context(closing(Connection(directory / FILE_NAME, write=write, older=older)))
        check_schema(connection, whole=not older)
        store = cls(directory, connection, write, keys_of)
        held.callback(store._unique.close)
        return store

    def _check_tables(self) -> None:
        self.check_length()
        with self.one_commit():
            if self._connection.size_bytes() <= WHOLE_BYTES:
                if self._write:  # the free-space data of a page is not in any row; if it is wrong, a new row could overwrite others
                    self.check_pages()
                check_tables(self._connection, self.tree_size)
            elif self.derived_size != self.tree_size:
                raise damaged(self._connection, "meta", f"covers {self.derived_size} entries of {self.tree_size}")

    def faults(self, state: Iterable[tuple[str, str, bytes]] | None = None) -> list[str]:
        """A sentence for each derived table that is not what was written, or whose rows differ from `state`, if that is given. It
        reads all of them. Call it within `one_commit`."""
        return [damaged(self._connection, *fault).message for fault in faults(self._connection, self.tree_size, state)]

    def append(self, batch: Batch) -> None:
        """See `Store`."""
        with self._connection.transaction():
            _check_first(batch, self.tree_size)
            insert_entries(self._connection, batch)
            insert_derived(self._connection, batch)
            self._connection.all("UPDATE meta SET value = ? WHERE name = 'scrubbed' AND value <> ?1", self.scrubbed)
            # Last, because what is entered there stays if the transaction is rolled back.
            self._unique.add(batch.keys)
        self._settle(batch)

    def differences(self, other: Path) -> dict[str, int]:
        """For each derived table, how many rows differ (missing, extra or changed) from those of the store in another directory,
        which must be closed and have the same entries. Tables without a difference are left out."""
        return differences(self._connection, other / FILE_NAME)

    def take_over(self, other: Path) -> None:
        """Replace what is derived here with what the store in another directory has derived, all or nothing. That store must be
        closed and have the same entries; its unique index is moved here. Readers see either all of the old or all of the new.

        Raises StorageError; then nothing has changed.
        """
        take_over(self._connection, other / FILE_NAME)
        self._unique.replace(other / INDEX_NAME)

    def _settle(self, batch: Batch) -> None:
        """What is due after a commit. The batch is already durable, so a failure here is a warning, not an error."""
        try:
            self._unique.settle(batch.first + len(batch.entries))
            self._connection.limit_wal()
        except StorageError as error:
            self._warn(
                f"{error.where}: everything is recorded, but the disk refused regular maintenance ({error.rule}); "
                "free space and open the ledger again"
            )

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings and len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(sentence)
            warnings.warn(sentence, StoreWarning, stacklevel=2)

    def candidates(self, keys: Sequence[bytes]) -> list[list[tuple[int, int]]]:
        """See `Store`."""
        return self._unique.candidates(keys, self.tree_size)

    def close(self) -> None:
        """See `Store`. A writer leaves a single, complete database file and a unique index that covers it."""
        self._held.close()

    def close_too(self, close: Callable[[], None]) -> None:
        """Have `close` called when the store is closed."""
        self._held.callback(close)

    def _finish(self) -> None:
        try:
            self._unique.settle(self.tree_size, final=True)
            self._connection.checkpoint()
        except StorageError as error:
            tidy = f"{error.where}: everything is there; only tidying up was put off ({error.rule}), and the next opening does it"
            self._warn(error.message if error.rule == "database" else tidy)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _check_first(batch: Batch, size: int) -> None:
    if batch.first != size:
        raise Conflict(
            f"the batch begins at entry {batch.first}, the ledger has {size}; open it again and make the batch again",
            rule="tree-size",
            where=str(batch.first),
        )
