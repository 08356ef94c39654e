"""One connection to a ledger's SQLite file: its pragmas, its transactions, and the one place that maps its errors."""

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
OLDEST_VERSION = 5  # its entries have the same form as now, so everything else can be made from them
MIN_SQLITE = (3, 37, 0)  # STRICT tables

# The write-ahead log is emptied when it has grown to the first figure. If readers prevent that, it is tried again after every
# further step. A checkpoint that waits delays the writer, so it waits for readers a quarter of a second at most.
WAL_LIMIT_BYTES = 16 << 20
WAL_STEP_BYTES = 8 << 20
CHECKPOINT_WAIT_MS = 250
BUSY_WAIT_MS = 5000

# The cost limit of one query, for reading a database that someone else made: steps of SQLite's virtual machine, far more than the
# largest ledger needs, and the length of one value. In a damaged or forged file pages can form a cycle, so that a table never ends.
TICK_STEPS = 10_000  # some tenths of a millisecond
BUDGET_TICKS = 100_000
BYTES_A_TICK = 2000  # a query that scans a whole large file may cost more
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

# If there is no room for the index of its write-ahead log, a database cannot be opened even for reading, and SQLite reports an I/O
# error. An I/O error other than a read error is reported as a full disk if less space than this is free.
LEAST_FREE_BYTES = 64 << 10
PRIMARY = 0xFF  # the bits of an SQLite code that say what failed, without the details
READ_ERRORS = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)
# The files beside a ledger's database. A file with two of them beside it was one, whatever its own header says.
COMPANIONS = ("checkpoint", "keys", "trust.policy", "unique.index")
LATEST_VERSION = 200  # higher than any version there will be

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
    """Turns every sqlite3 error inside it into a StorageError; also text that is not UTF-8, which only damage causes."""

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
    """The extended code of an SQLite error; the generic one if it has none."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)


def _is_full(code: int, path: Path) -> bool:
    """Whether a full disk caused an SQLite error that only says that the disk failed."""
    if code & PRIMARY != sqlite3.SQLITE_IOERR or code in READ_ERRORS:
        return False
    with suppress(OSError):
        disk = os.statvfs(path.parent)
        return disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES
    return False


class Connection:
    """A connection that raises StorageError for whatever SQLite or the disk refuses."""

    def __init__(self, path: Path, *, write: bool, create: bool = False, older: bool = False) -> None:
        """Open the file and set the pragmas. The file must be a ledger; with `older`, also one of an older version; with `create`,
        a new file.

        Raises UsageError for any other file, Conflict if the file to create exists, StorageError.
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
            # First, so that no pragma changes a file that is not ours.
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
        """Whether the current query has used up its budget, or the time that `within` gives is over."""
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
            if found is not None and found != wanted:  # mmap_size returns nothing in builds without it
                raise StorageError(
                    f"{self.path}: {name} is {found} and cannot be made {wanted}; keep the ledger on a local disk",
                    rule="pragma",
                    where=name,
                )

    @contextmanager
    def within(self, is_over: Callable[[], bool]) -> Iterator[None]:
        """Inside the block, reading stops when `is_over` returns true: it raises StorageError, rule "too-long"."""
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
        """Start a query with its own budget."""
        self._ticks = 0
        return self.sqlite.execute(sql, values)

    def one(self, sql: str, *values: object) -> Any:
        """The first row, or None."""
        with self._mapped:
            return self._ask(sql, values).fetchone()

    def value(self, sql: str, *values: object) -> Any:
        """The only value of the first row, or None if there is no row."""
        (value,) = self.one(sql, *values) or (None,)
        return value

    def all(self, sql: str, *values: object) -> list[Any]:
        """All rows."""
        with self._mapped:
            return self._ask(sql, values).fetchall()

    def each(self, sql: str, *values: object) -> Iterator[Any]:
        """Row after row, all from the commit at which the first was read."""
        with self._mapped:
            # Not `yield from`: when the caller stops early, that would close the cursor, perhaps after the database.
            for row in self._ask(sql, values):  # noqa: UP028
                yield row

    def many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run the statement once for every row."""
        with self._mapped:
            self.sqlite.executemany(sql, rows)

    @contextmanager
    def transaction(self, kind: str = "IMMEDIATE") -> Iterator[None]:
        """Commit at the end, or roll back if anything is raised."""
        self.all(f"BEGIN {kind}")
        try:
            yield
            self.all("COMMIT")
        finally:
            if self.sqlite.in_transaction:
                # Report the first error; SQLite may have rolled back by itself.
                with suppress(sqlite3.Error):
                    self.sqlite.rollback()

    def limit_wal(self) -> None:
        """Empty the write-ahead log if it is due."""
        size_bytes = self.wal_bytes()
        if size_bytes >= self._checkpoint_at:
            emptied = self.checkpoint()
            self._checkpoint_at = WAL_LIMIT_BYTES if emptied else size_bytes + WAL_STEP_BYTES

    def size_bytes(self) -> int:
        """The size of the database, without its write-ahead log."""
        return self.path.stat().st_size

    def wal_bytes(self) -> int:
        """The length of the write-ahead log."""
        try:
            return self.path.with_name(self.path.name + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def is_cut_short(self) -> bool:
        """Whether the file lacks pages, or part of one, that no log holds; SQLite would read zeros there. While a log is written
        back, the file may end anywhere."""
        page_bytes, pages = self.value("PRAGMA page_size"), self.value("PRAGMA page_count")
        log_bytes = self.wal_bytes()  # in this order: if the log is empty now, its content is in the file that is measured next
        size_bytes = self.path.stat().st_size
        return log_bytes == 0 and (size_bytes % page_bytes != 0 or size_bytes < pages * page_bytes)

    def checkpoint(self) -> bool:
        """Write what is committed into the database file and empty the log. Returns whether readers allowed it to be emptied."""
        self.all(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}")
        try:
            (busy, _, _) = self.one("PRAGMA wal_checkpoint(TRUNCATE)")
            return not busy
        except StorageError as error:
            if code_of(error.__cause__) != sqlite3.SQLITE_LOCKED:
                raise
            return False  # this connection is still reading rows
        finally:
            self.all(f"PRAGMA busy_timeout={BUSY_WAIT_MS}")

    def close(self) -> None:
        """Close it; closing twice does nothing."""
        with self._held, self._mapped:
            self.sqlite.close()


def _check_files(path: Path) -> None:
    """Refuse a database, or a file beside it that SQLite would open, unless it is a regular file.

    A pipe or a device reports size 0 and can block for ever, so SQLite must not open one. Raises StorageError, UsageError.
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
    """The error for a file whose header does not say that it is a ledger. If a ledger's other files are beside it, it was one."""
    if sum(os.path.lexists(path.with_name(name)) for name in COMPANIONS) >= 2:
        return _damaged(path, "no longer says that it is a ledger")
    return UsageError(f"{path} is not a ledger; give the directory of one", rule="not-a-ledger")


def _damaged(path: Path, why: str) -> StorageError:
    """The error for a database whose header the disk has changed."""
    return StorageError(f"{path} {why}: the file is damaged; {RESTORE}", rule="database", where=str(path))


def _out_of_time() -> StorageError:
    return StorageError("it took longer than there was time for", rule=TOO_LONG)
