"""One connection to a ledger's SQLite file: its pragmas, its transactions, and the one place where its errors are mapped."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from ..disk.regular import check_regular
from ..errors import Conflict, GiveTrailError, StorageError, UsageError
from .sqlite_checksum import CRC
from .sqlite_header import APPLICATION, PAGE_BYTES, Header

APPLICATION_ID = int.from_bytes(APPLICATION)
SCHEMA_VERSION = 5
OLDEST_VERSION = 1  # its entries are as they are now, so all else can be made from them
MIN_SQLITE = (3, 37, 0)  # STRICT tables

# The write-ahead log is emptied when it has grown to the first figure, and where readers prevent that, again after every
# further step. A waiting checkpoint holds up the writer, so it gives the readers a quarter of a second, and no more.
WAL_LIMIT_BYTES = 16 << 20
WAL_STEP_BYTES = 8 << 20
CHECKPOINT_WAIT_MS = 250
BUSY_WAIT_MS = 5000

# What one question may cost whoever reads a database that others made: steps of SQLite's machine, far above what the largest ledger
# asks for, and the length of one value. A file can hold pages that lead back to themselves, so that a table never ends.
TICK_STEPS = 10_000  # some tenths of a millisecond
BUDGET_TICKS = 100_000
BYTES_A_TICK = 2000  # a question that goes through a whole large file may cost more
VALUE_BYTES = 64 << 20
BESIDE = ("", "-wal", "-shm", "-journal")

_BOTH = {"journal_mode": "wal", "mmap_size": 0, "trusted_schema": 0, "cell_size_check": 1, "busy_timeout": BUSY_WAIT_MS}
WRITER_PRAGMAS = _BOTH | {
    "synchronous": 2,  # FULL: a commit that returns is on the disk
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "wal_autocheckpoint": 0,
    "cache_size": -16384,  # KiB
    "query_only": 0,
}
READER_PRAGMAS = _BOTH | {"cache_size": -8192, "query_only": 1}

# A database cannot be opened, not even to be read, where there is no room for the index of its write-ahead log, and SQLite calls
# that an I/O error: one that is no error of reading is of a full disk where less than that is free.
LEAST_FREE_BYTES = 64 << 10
PRIMARY = 0xFF  # the bits of a code of SQLite that say what failed, without the details
READ_ERRORS = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)
# What lies beside the database of a ledger. A file with two of them beside it was one, whatever it says of itself.
COMPANIONS = ("checkpoint", "keys", "trust.policy", "unique.index")
LATEST_VERSION = 200  # beyond any that there will be

RESTORE = "make a ledger from the newest backup with `givetrail restore COPY DIR`"
_DISK_FULL = ("disk-full", "{path}: cannot be read or written: disk full; free space")
_MESSAGES = {
    sqlite3.SQLITE_FULL: ("disk-full", "{path}: cannot be written: disk full; free space"),
    sqlite3.SQLITE_CORRUPT: ("database", "{path} is malformed ({error}); {restore}"),
    sqlite3.SQLITE_NOTADB: ("database", "{path} is malformed or not a database; {restore}"),
    sqlite3.SQLITE_IOERR: ("storage", "{path}: cannot be read or written: {error}; check the disk"),
    sqlite3.SQLITE_CANTOPEN: ("storage", "{path} cannot be opened; check the disk, and the permission to write in its folder"),
    sqlite3.SQLITE_READONLY: ("read-only", "{path} can only be read ({error}); check its permissions and the disk"),
    sqlite3.SQLITE_INTERRUPT: ("database", "{path} is malformed, because a query does not end; {restore}"),
    sqlite3.SQLITE_TOOBIG: ("database", "{path} is malformed: a value is too large; {restore}"),
    sqlite3.SQLITE_BUSY: ("busy", "{path} is in use by another process ({error}); wait for it to end"),
}
TOO_LONG = "too-long"
_OTHER = ("database", "{path}: {error}; check the disk; if it is sound, {restore}")


class _Mapped:
    """Every sqlite3 error raised within leaves as a StorageError; so does text that is not UTF-8, which only damage makes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, sqlite3.Error | UnicodeDecodeError):
            code = code_of(error)
            rule, message = _DISK_FULL if _is_full(code, self._path) else _MESSAGES.get(code & PRIMARY, _OTHER)
            text = message.format(path=self._path, error=error, restore=RESTORE)
            raise StorageError(text, rule=rule, where=str(self._path)) from error


def code_of(error: BaseException | None) -> int:
    """The code of an error of SQLite, with its details; where it has none, that which says the least."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)


def _is_full(code: int, path: Path) -> bool:
    """Whether an error of SQLite comes of a full disk, though it says only that the disk failed."""
    if code & PRIMARY != sqlite3.SQLITE_IOERR or code in READ_ERRORS:
        return False
    with suppress(OSError):
        disk = os.statvfs(path.parent)
        return disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES
    return False


class Connection:
    """Raises StorageError for whatever SQLite or the disk refuses."""

    def __init__(self, path: Path, *, write: bool, create: bool = False, older: bool = False) -> None:
        """Open the file and set the pragmas: a ledger, with `older` also one of an older version, or with `create` one that has
        nothing in it yet.

        Raises UsageError for another file, Conflict for one that was to be created and is there, StorageError.
        """
        if sqlite3.sqlite_version_info < MIN_SQLITE:
            raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or later is needed", rule="database")
        self.path = path
        self._ticks = 0
        self._mapped = _Mapped(path)
        if not create:
            _check_files(path)
        self._budget_ticks = max(BUDGET_TICKS, path.stat().st_size // BYTES_A_TICK) if path.exists() else BUDGET_TICKS
        self._checkpoint_at = WAL_LIMIT_BYTES
        self._is_over: Callable[[], bool] | None = None
        self._held = ExitStack()
        mode = "rwc" if create else "rw" if write else "ro"
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        with self._mapped:
            self.sqlite = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            self.sqlite.create_function(CRC, 1, zlib.crc32, deterministic=True)
        if not write:
            self.sqlite.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES)
            self.sqlite.set_progress_handler(self._tick, TICK_STEPS)
        try:
            # First, so that no pragma changes a file that is somebody else's.
            if create:
                self._check_blank()
                self.all(f"PRAGMA page_size={PAGE_BYTES}")
            else:
                header = Header(path)
                self._held.callback(header.close)
                header.check()
                self._check_identity(OLDEST_VERSION if older else SCHEMA_VERSION)
            self._set_pragmas(WRITER_PRAGMAS if write else READER_PRAGMAS, write)
        except (StorageError, UsageError, Conflict):
            self.close()
            raise

    def _tick(self) -> bool:
        """Whether the question that is being answered has used up its budget, or the time that `within` gives."""
        self._ticks += 1
        return self._ticks > self._budget_ticks or (self._is_over is not None and self._is_over())

    def _check_identity(self, oldest: int) -> None:
        application, version = self.value("PRAGMA application_id"), self.value("PRAGMA user_version")
        if application != APPLICATION_ID:
            raise _no_ledger(self.path)
        if not OLDEST_VERSION <= version <= LATEST_VERSION:
            raise _damaged(self.path, f"is in version {version}, which does not exist")
        words = f"{self.path} is in version {version}, but this program knows version {SCHEMA_VERSION}"
        if version < oldest:
            raise UsageError(f"{words}; run `givetrail rebuild`, which brings it to that", rule="store-version")
        if version > SCHEMA_VERSION:
            remedy = f"install a later program; if there is none, the file is damaged: {RESTORE}"
            raise UsageError(f"{words}; {remedy}", rule="store-version")

    def _check_blank(self) -> None:
        if self.value("SELECT count(*) FROM sqlite_master"):
            raise Conflict(f"{self.path} already exists; give another directory", rule="exists", where=str(self.path))

    def _set_pragmas(self, pragmas: dict[str, Any], write: bool) -> None:
        for name, wanted in pragmas.items():
            if write or name != "journal_mode":
                self.all(f"PRAGMA {name}={wanted}")
            found = self.value(f"PRAGMA {name}")
            if found is not None and found != wanted:  # mmap_size answers nothing where it is compiled out
                raise StorageError(
                    f"{self.path}: {name} is {found} and cannot be made {wanted}; keep the ledger on a local disk",
                    rule="pragma",
                    where=name,
                )

    @contextmanager
    def within(self, is_over: Callable[[], bool]) -> Iterator[None]:
        """Within it reading ends when the time `is_over`: it raises StorageError, rule "too-long"."""
        self._is_over = is_over
        try:
            yield
        except StorageError as error:
            interrupted = code_of(error.__cause__) == sqlite3.SQLITE_INTERRUPT
            if interrupted and self._ticks <= self._budget_ticks:
                raise _out_of_time() from error
            raise
        finally:
            self._is_over = None

    def check_time(self) -> None:
        """Raises StorageError, rule "too-long", when the time that `within` gives is over."""
        if self._is_over is not None and self._is_over():
            raise _out_of_time()

    def _ask(self, sql: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        """Begin a question, with a budget of its own."""
        self._ticks = 0
        return self.sqlite.execute(sql, values)

    def one(self, sql: str, *values: object) -> Any:
        """The first row, or None."""
        with self._mapped:
            return self._ask(sql, values).fetchone()

    def value(self, sql: str, *values: object) -> Any:
        """The one value of the first row, or None where there is no row."""
        (value,) = self.one(sql, *values) or (None,)
        return value

    def all(self, sql: str, *values: object) -> list[Any]:
        """All rows."""
        with self._mapped:
            return self._ask(sql, values).fetchall()

    def each(self, sql: str, *values: object) -> Iterator[Any]:
        """Row after row, all of the commit at which the first was read."""
        with self._mapped:
            # Not `yield from`: that would close the cursor of who stops early, maybe after the database.
            for row in self._ask(sql, values):  # noqa: UP028
                yield row

    def many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run it once for every row."""
        with self._mapped:
            self.sqlite.executemany(sql, rows)

    @contextmanager
    def transaction(self, kind: str = "IMMEDIATE") -> Iterator[None]:
        """Commit at the end, or roll back when anything is raised."""
        self.all(f"BEGIN {kind}")
        try:
            yield
            self.all("COMMIT")
        finally:
            if self.sqlite.in_transaction:
                # What was raised before is the news; SQLite may have rolled back by itself.
                with suppress(sqlite3.Error):
                    self.sqlite.rollback()

    def limit_wal(self) -> None:
        """Empty the write-ahead log when it is due."""
        size_bytes = self.wal_bytes()
        if size_bytes >= self._checkpoint_at:
            emptied = self.checkpoint()
            self._checkpoint_at = WAL_LIMIT_BYTES if emptied else size_bytes + WAL_STEP_BYTES

    def size_bytes(self) -> int:
        """How large the database is, without its write-ahead log."""
        return self.path.stat().st_size

    def wal_bytes(self) -> int:
        """How long the write-ahead log is."""
        try:
            return self.path.with_name(self.path.name + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def is_cut_short(self) -> bool:
        """Whether the file lacks pages, or a part of one, that no log holds; SQLite reads zeros there. While a log is written back
        the file may end anywhere."""
        page_bytes, pages = self.value("PRAGMA page_size"), self.value("PRAGMA page_count")
        log_bytes = self.wal_bytes()  # in this order: a log found empty has gone into the file that is measured next
        size_bytes = self.path.stat().st_size
        return log_bytes == 0 and (size_bytes % page_bytes != 0 or size_bytes < pages * page_bytes)

    def checkpoint(self) -> bool:
        """Bring what is committed into the database file and empty the log. Whether readers let it be emptied."""
        self.all(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}")
        try:
            (busy, _, _) = self.one("PRAGMA wal_checkpoint(TRUNCATE)")
            return not busy
        except StorageError as error:
            if code_of(error.__cause__) != sqlite3.SQLITE_LOCKED:
                raise
            return False  # this very connection is still reading rows
        finally:
            self.all(f"PRAGMA busy_timeout={BUSY_WAIT_MS}")

    def close(self) -> None:
        """Close it; closing twice does nothing."""
        with self._held, self._mapped:
            self.sqlite.close()


def _check_files(path: Path) -> None:
    """Refuse a database, or a file beside it that SQLite would open, which is a pipe, a device or anything else but a file.

    Files of the kernel say that they are empty, and can wait for ever: SQLite is not to open one. Raises StorageError, UsageError.
    """
    for end in BESIDE:
        name = os.path.realpath(path) + end if end else str(path)
        try:
            check_regular(name)
        except FileNotFoundError:
            continue
        except OSError as error:
            words = f"{name}: cannot be read: {error.strerror}; {RESTORE}"
            raise StorageError(words, rule="database", where=name) from None
    if os.path.exists(path) and os.path.getsize(path) == 0:
        raise _no_ledger(path)


def _no_ledger(path: Path) -> GiveTrailError:
    """What to raise for a file that does not say of itself that it is a ledger: with what belongs to one beside it, it was one."""
    if sum(os.path.lexists(path.with_name(name)) for name in COMPANIONS) >= 2:
        return _damaged(path, "no longer says that it is a ledger")
    return UsageError(f"{path} is not a ledger; give the directory of one", rule="not-a-ledger")


def _damaged(path: Path, why: str) -> StorageError:
    """What to raise for a database whose header the disk has changed."""
    return StorageError(f"{path} {why}: the file is damaged; {RESTORE}", rule="database", where=str(path))


def _out_of_time() -> StorageError:
    return StorageError("it took longer than there was time for", rule=TOO_LONG)
