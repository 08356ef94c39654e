"""One connection: what it asks of a file, what a question may cost, and what each error of SQLite is called."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import Conflict, StorageError, UsageError
from ledger.store import sqlite_connection as connections
from ledger.store.sqlite import FILE_NAME
from ledger.store.sqlite_connection import (
    BUSY_WAIT_MS,
    CHECKPOINT_WAIT_MS,
    LATEST_VERSION,
    OLDEST_VERSION,
    SCHEMA_VERSION,
    WAL_LIMIT_BYTES,
    WAL_STEP_BYTES,
    Connection,
    _Mapped,
)
from ledger.store.sqlite_header import Header

LONG = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) SELECT count(*) FROM n"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT count(*) FROM n"


@pytest.fixture
def path(small: Path) -> Path:
    return small / FILE_NAME


def refused(path: Path, **how: bool) -> StorageError | UsageError | Conflict:
    """Why the file is not opened; nothing stays open."""
    with pytest.raises((StorageError, UsageError, Conflict)) as error:
        Connection(path, **{"write": False, **how})
    assert Header._open == {}
    return error.value


def as_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version={version}")


@pytest.mark.parametrize(
    ("version", "older", "rule", "remedy"),
    [
        (0, True, "database", "givetrail restore"), (OLDEST_VERSION, True, "", ""), (SCHEMA_VERSION, False, "", ""),
        (OLDEST_VERSION - 1, True, "database", "givetrail restore"), (SCHEMA_VERSION + 1, False, "store-version", "install"),
        (SCHEMA_VERSION + 1, True, "store-version", "install"), (LATEST_VERSION, False, "store-version", "install"),
        (LATEST_VERSION + 1, False, "database", "givetrail restore"), (-1, False, "database", "givetrail restore"),
    ],
)  # fmt: skip
def test_each_version_is_opened_or_told_what_to_do(path: Path, version: int, older: bool, rule: str, remedy: str):
    as_version(path, version)
    if not rule:
        Connection(path, write=False, older=older).close()
        assert Header._open == {}
        return
    error = refused(path, older=older)
    assert error.rule == rule and remedy in error.message and f"version {version}" in error.message
    assert isinstance(error, StorageError if rule == "database" else UsageError)


@pytest.mark.parametrize(
    ("beside", "rule"), [([], "not-a-ledger"), (["keys"], "not-a-ledger"), (["keys", "checkpoint"], "database")]
)
def test_another_application_is_damage_where_two_things_of_a_ledger_are_beside_it(path: Path, beside: list[str], rule: str):
    (path.parent / "unique.index").unlink()
    for name in beside:
        (path.parent / name).touch()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA application_id=7")
    assert refused(path).rule == rule
    path.write_bytes(b"")
    assert refused(path).rule == rule


def test_a_file_is_made_where_there_is_none_and_only_there(path: Path, tmp_path: Path):
    before = path.read_bytes()
    error = refused(path, write=True, create=True)
    assert (type(error), error.rule, error.where) == (Conflict, "exists", str(path))
    assert path.read_bytes() == before
    with closing(Connection(tmp_path / "new", write=True, create=True)) as connection:
        assert connection.one("PRAGMA page_size") == (4096,)
    assert "cannot be opened" in refused(tmp_path / "nowhere").message


def test_an_older_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "MIN_SQLITE", sqlite3.sqlite_version_info)
    Connection(path, write=False).close()
    monkeypatch.setattr(connections, "MIN_SQLITE", (*sqlite3.sqlite_version_info, 1))
    assert (refused(path).rule, "too old" in refused(path).message) == ("database", True)


def test_a_pragma_that_is_not_obeyed_is_named(path: Path, monkeypatch: pytest.MonkeyPatch):
    for kind in ("READER_PRAGMAS", "WRITER_PRAGMAS"):
        monkeypatch.setattr(connections, kind, {**getattr(connections, kind), "page_size": 8192})
    for write in (False, True):
        error = refused(path, write=write)
        assert (error.rule, error.where) == ("pragma", "page_size") and "is 4096 and cannot be made 8192" in error.message


def test_a_pragma_that_is_not_known_to_this_sqlite_is_passed_over(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "READER_PRAGMAS", {**connections.READER_PRAGMAS, "of_another_time": 1})
    Connection(path, write=False).close()


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal", ""])
def test_a_pipe_in_the_place_of_a_file_is_not_opened(path: Path, end: str, tmp_path: Path):
    """Also beside the file that a link leads to, since SQLite follows links."""
    if not end:
        path.unlink()
    os.mkfifo(f"{path}{end}")
    (tmp_path / "link").symlink_to(path)
    for name in (path, tmp_path / "link"):
        error = refused(name)
        assert (type(error), error.rule) == (StorageError, "database") and "it is a pipe" in error.message
        assert error.where == (f"{path}{end}" if end else str(name))


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the system has no files of the kernel")
def test_a_file_of_the_kernel_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It says that it is empty, and to read it can wait for ever."""
    (tmp_path / "link").symlink_to("/proc/self/maps")
    monkeypatch.setattr(connections, "Header", lambda path: pytest.fail("it was opened"))
    assert refused(tmp_path / "link").rule == "not-a-ledger"


def test_a_name_that_leads_nowhere_is_told(tmp_path: Path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    error = refused(tmp_path / "loop")
    assert error.rule == "database" and "cannot be read" in error.message


def test_a_question_has_its_budget_and_not_a_step_more(path: Path):
    with closing(Connection(path, write=False)) as connection:
        asked: list[int] = []
        with connection.within(lambda: asked.append(0) is not None):
            for ask in (connection.one, connection.all, lambda sql: list(connection.each(sql))):
                asked.clear()
                assert ask(LONG) in ((20000,), [(20000,)])
                assert connection._ticks == len(asked) > 5
        for ask in (connection.one, connection.all, lambda sql: list(connection.each(sql))):
            connection._budget_ticks = len(asked)
            assert ask(LONG) and ask(LONG)
            connection._budget_ticks = len(asked) - 1
            with pytest.raises(StorageError, match="a query does not end") as error:
                ask(LONG)
            assert error.value.rule == "database"


def test_a_writer_trusts_its_own_file(path: Path):
    with closing(Connection(path, write=True)) as connection:
        connection._budget_ticks = 0
        assert connection.one(LONG) == (20000,) and connection._ticks == 0


def test_the_budget_grows_with_the_file(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    size = path.stat().st_size
    for least, wanted in ((10, size // 7), (size // 7 + 1, size // 7 + 1)):
        monkeypatch.setattr(connections, "BUDGET_TICKS", least)
        monkeypatch.setattr(connections, "BYTES_A_TICK", 7)
        with closing(Connection(path, write=False)) as connection:
            assert connection._budget_ticks == wanted
    with closing(Connection(tmp_path / "new", write=True, create=True)) as connection:
        assert connection._budget_ticks == size // 7 + 1


def test_a_value_has_a_largest_size_for_who_reads(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "VALUE_BYTES", 10_000)
    with closing(Connection(path, write=False)) as connection:
        assert connection.one("SELECT length(zeroblob(10000))") == (10_000,)
        with pytest.raises(StorageError, match="a value is too large") as error:
            connection.one("SELECT hex(zeroblob(9000))")
        assert error.value.rule == "database"
    with closing(Connection(path, write=True)) as connection:
        assert connection.one("SELECT length(hex(zeroblob(9000)))") == (18_000,)


def test_reading_ends_when_the_time_is_over(path: Path):
    with closing(Connection(path, write=False)) as connection:
        connection.check_time()
        with connection.within(lambda: False):
            connection.check_time()
            assert connection.one(LONG) == (20000,)
        with connection.within(lambda: True):
            for ask in (connection.check_time, lambda: connection.one(ENDLESS)):
                with pytest.raises(StorageError) as error:
                    ask()
        connection.check_time()
        assert connection.one(LONG) == (20000,)
        for budget, rule in ((1, "too-long"), (0, "database")):
            connection._budget_ticks = budget
            with pytest.raises(StorageError) as error, connection.within(lambda: True):
                connection.one(ENDLESS)
            assert error.value.rule == rule
        with pytest.raises(StorageError, match="no such table") as error, connection.within(lambda: False):
            connection.one("SELECT 1 FROM nowhere")
        assert error.value.rule == "database"


def test_who_asks_whether_the_time_is_over_is_told_so(path: Path):
    with closing(Connection(path, write=False)) as connection, connection.within(lambda: True):
        with pytest.raises(StorageError, match="took longer") as error:
            connection.check_time()
        assert error.value.rule == "too-long"


def test_a_transaction_is_all_or_nothing(path: Path):
    with closing(Connection(path, write=True)) as connection, closing(Connection(path, write=False)) as other:
        with connection.transaction():
            connection.many("UPDATE meta SET value = ? WHERE name = 'scrubbed'", [(3,), (4,)])
            assert other.one("SELECT value FROM meta WHERE name = 'scrubbed'") == (0,)
        assert other.one("SELECT value FROM meta WHERE name = 'scrubbed'") == (4,)
        with pytest.raises(KeyError), connection.transaction():
            connection.all("UPDATE meta SET value = 5 WHERE name = 'scrubbed'")
            raise KeyError
        assert not connection.sqlite.in_transaction
        assert connection.one("SELECT value FROM meta WHERE name = 'scrubbed'") == (4,)
        with pytest.raises(StorageError, match="read-only|readonly|can only be read"), other.transaction():
            raise AssertionError("nobody reads with a lock to write")


def test_the_log_is_emptied_when_it_is_due_and_later_where_a_reader_holds_it(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "CHECKPOINT_WAIT_MS", 1)
    with closing(Connection(path, write=True)) as connection, closing(Connection(path, write=False)) as reader:
        connection.all("UPDATE meta SET value = 1 WHERE name = 'scrubbed'")
        size = connection.wal_bytes()
        assert size > 4096 and size == (path.parent / f"{FILE_NAME}-wal").stat().st_size
        connection._checkpoint_at = size + 1
        connection.limit_wal()
        assert (connection.wal_bytes(), connection._checkpoint_at) == (size, size + 1)
        with reader.transaction("DEFERRED"):
            reader.one("SELECT * FROM meta")
            connection.all("UPDATE meta SET value = 2 WHERE name = 'scrubbed'")
            size = connection.wal_bytes()
            connection._checkpoint_at = size
            connection.limit_wal()
            assert (connection.wal_bytes(), connection._checkpoint_at) == (size, size + WAL_STEP_BYTES)
        connection._checkpoint_at = size
        connection.limit_wal()
        assert (connection.wal_bytes(), connection._checkpoint_at) == (0, WAL_LIMIT_BYTES)


def test_a_checkpoint_waits_for_readers_a_little_and_for_who_reads_itself_not_at_all(path: Path):
    with closing(Connection(path, write=True)) as connection:
        said: list[str] = []
        connection.sqlite.set_trace_callback(said.append)
        assert connection.checkpoint() is True
        connection.sqlite.set_trace_callback(None)
        waits = [f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}", f"PRAGMA busy_timeout={BUSY_WAIT_MS}"]
        assert said == [waits[0], "PRAGMA wal_checkpoint(TRUNCATE)", waits[1]]
        rows = connection.each("SELECT * FROM meta")
        next(rows)
        assert connection.checkpoint() is False
        rows.close()
    with pytest.raises(StorageError, match="closed"):
        connection.checkpoint()


def test_a_file_that_lost_an_end_is_cut_short_and_no_other(path: Path):
    whole = path.read_bytes()
    for content, is_cut in ((whole, False), (whole[:-1], True), (whole[:-4095], True), (whole + b"x", True)):
        path.write_bytes(content)
        with closing(Connection(path, write=False)) as connection:
            assert connection.is_cut_short() is is_cut
            assert connection.size_bytes() == len(content)
    path.write_bytes(whole[:-4096])
    pages = len(whole) // 4096
    assert f"(it should have {pages} pages, but has {pages - 1}); run `givetrail rebuild`" in refused(path).message
    path.write_bytes(whole)
    with closing(Connection(path, write=True)) as connection:
        connection.all("UPDATE meta SET value = 1 WHERE name = 'scrubbed'")
        with path.open("ab") as file:
            file.write(b"x")
        assert connection.wal_bytes() > 0 and connection.is_cut_short() is False
    connection.path = path.with_name("nowhere")
    assert connection.wal_bytes() == 0


def test_a_connection_goes_from_one_thread_to_another_and_ends_for_all(path: Path):
    connection, answers = Connection(path, write=False), []
    thread = threading.Thread(target=lambda: answers.append(connection.one("SELECT count(*) FROM entries")))
    thread.start()
    thread.join()
    assert answers == [(5,)]
    connection.close()
    connection.close()
    with pytest.raises(StorageError):
        connection.one("SELECT 1")


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        (sqlite3.SQLITE_FULL, "disk-full"), (sqlite3.SQLITE_CORRUPT, "database"), (sqlite3.SQLITE_CORRUPT_INDEX, "database"),
        (sqlite3.SQLITE_NOTADB, "database"), (sqlite3.SQLITE_IOERR_READ, "storage"), (sqlite3.SQLITE_CANTOPEN, "storage"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "storage"), (sqlite3.SQLITE_READONLY, "read-only"), (sqlite3.SQLITE_TOOBIG, "database"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "read-only"), (sqlite3.SQLITE_INTERRUPT, "database"), (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "busy"), (sqlite3.SQLITE_CONSTRAINT, "database"), (None, "database"),
    ],
)  # fmt: skip
def test_each_error_of_sqlite_has_its_rule(path: Path, code: int | None, rule: str):
    error = sqlite3.OperationalError("what SQLite says")
    if code is not None:
        error.sqlite_errorcode = code
    with pytest.raises(StorageError) as refused, _Mapped(path):
        raise error
    known = connections._MESSAGES.get(-1 if code is None else code % 256, connections._OTHER)
    assert refused.value.message == known[1].format(path=path, error=error, restore=connections.RESTORE)
    assert (refused.value.rule, refused.value.where, refused.value.__cause__) == (rule, str(path), error)


def test_text_that_is_damaged_is_an_error_of_the_file_and_other_errors_are_not(path: Path):
    with pytest.raises(StorageError) as refused, _Mapped(path):
        b"\xff".decode()
    assert refused.value.rule == "database"
    with pytest.raises(KeyError), _Mapped(path):
        raise KeyError


def test_a_disk_is_full_below_the_least_that_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The system's folder of processes has no room at all."""
    code = sqlite3.SQLITE_IOERR_SHMSIZE
    for least, full in ((0, False), (1, True)):
        monkeypatch.setattr(connections, "LEAST_FREE_BYTES", least)
        assert connections._is_full(code, Path("/proc/x")) is full
    disk = os.statvfs(tmp_path)
    monkeypatch.setattr(connections, "LEAST_FREE_BYTES", disk.f_blocks * disk.f_frsize + 1)
    assert connections._is_full(code, tmp_path / "x") is True
    monkeypatch.setattr(connections, "LEAST_FREE_BYTES", disk.f_bavail * disk.f_frsize // 2)
    assert connections._is_full(code, tmp_path / "x") is False
    assert connections._is_full(sqlite3.SQLITE_IOERR, Path("/proc/x")) is True
    assert connections._is_full(sqlite3.SQLITE_IOERR_READ, Path("/proc/x")) is False
    assert connections._is_full(sqlite3.SQLITE_CORRUPT, Path("/proc/x")) is False
    assert connections._is_full(code, tmp_path / "nowhere" / "x") is False
