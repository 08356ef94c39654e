"""What is SQLite's own: pragmas, damaged and foreign files, a full disk, tables that anybody can read."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.errors import Conflict, GiveTrailError, NotFound, StorageError, UsageError
from ledger.store.protocol import Batch
from ledger.store.sqlite import SqliteStore
from ledger.store.sqlite_connection import READER_PRAGMAS, SCHEMA_VERSION, WRITER_PRAGMAS, Connection, _Mapped
from tests.store.sample import batch, check_holds, fill, flip, key, keys_of, write_again

FILE, INDEX = "ledger.sqlite", "unique.index"


def dump(directory: Path) -> list[str]:
    """Every table with every row."""
    with closing(sqlite3.connect(directory / FILE)) as database:
        return list(database.iterdump())


@pytest.mark.parametrize(("write", "pragmas"), [(True, WRITER_PRAGMAS), (False, READER_PRAGMAS)])
def test_pragmas_are_in_force(closed: Path, write: bool, pragmas: dict[str, object]):
    with closing(Connection(closed / FILE, write=write)) as connection:
        assert {name: connection.one(f"PRAGMA {name}")[0] for name in pragmas} == pragmas
    assert pragmas["journal_mode"] == "wal" and pragmas["query_only"] == (not write)
    assert WRITER_PRAGMAS["synchronous"] == 2 and WRITER_PRAGMAS["wal_autocheckpoint"] == 0


def test_another_kind_of_journal_is_refused_and_made_ours_again(closed: Path):
    with closing(sqlite3.connect(closed / FILE)) as database:
        assert database.execute("PRAGMA journal_mode=delete").fetchone() == ("delete",)
    for write in (False, True):
        with pytest.raises(StorageError, match="the head of the file is damaged .byte 18 is 1, but must be 2") as refused:
            SqliteStore.open(closed, write=write)
        assert refused.value.rule == "database"
    SqliteStore.open_to_replace(closed, mend=True).close()
    with write_again(closed) as store:
        check_holds(store, 700)


def test_tables_are_strict_and_open_to_any_tool(closed: Path):
    with closing(sqlite3.connect(closed / FILE)) as database:
        tables = {row[1]: row[5] for row in database.execute("PRAGMA table_list") if not row[1].startswith("sqlite_")}
        assert tables == dict.fromkeys(
            ["entries", "meta", "tiles", "state", "tapes", "flows", "spans", "claims", "once", "history", "mentions"], 1
        )
        assert database.execute("SELECT count(*), max(entry) FROM entries").fetchone() == (700, 699)
        units = "SELECT name, sum(stop - start) FROM flows JOIN tapes USING (tape) WHERE sign = -1 GROUP BY tape"
        assert database.execute(units).fetchall() == [("hope-school/CNY", 3500)]


def made_beside(directory: Path, step: int, size: int = 700) -> Path:
    """A closed store of samples, in groups of `step`."""
    with SqliteStore.create(directory, keys_of=keys_of, lasting=False) as store:
        for first in range(0, size, step):
            fill(store, min(step, size - first))
    return directory


def test_other_groups_give_the_same_tables(closed: Path, tmp_path: Path):
    beside = made_beside(tmp_path / "beside", 33)
    assert dump(beside) == dump(closed)
    with SqliteStore.open_to_replace(closed) as store:
        assert store.differences(beside) == {}


def test_what_was_made_beside_takes_the_place_of_what_is_damaged(closed: Path, tmp_path: Path):
    before = dump(closed)
    beside = made_beside(tmp_path / "beside", 128)
    with closing(sqlite3.connect(closed / FILE)) as database, database:
        database.execute("UPDATE flows SET stop = stop + 1 WHERE start % 70 = 0")
        database.execute("DELETE FROM claims WHERE by_entry < 3")
        database.execute("INSERT INTO mentions VALUES ('fund:9', 1, 1, 0)")
        database.execute("DELETE FROM meta")
    (closed / INDEX).write_bytes(b"garbage")
    with SqliteStore.open_to_replace(closed) as store:
        assert store.differences(beside) == {"flows": 100, "claims": 3, "mentions": 1}
        store.take_over(beside)
        assert store.differences(made_beside(tmp_path / "more", 256)) == {}
    assert dump(closed) == before
    use(closed)
    with write_again(closed) as store:
        assert store.warnings == []
        fill(store, 5)
        check_holds(store, 705)


def test_a_reader_sees_all_of_the_old_or_all_of_the_new(closed: Path, tmp_path: Path):
    beside = made_beside(tmp_path / "beside", 128)
    with SqliteStore.open(closed, write=False) as reader:
        with reader.one_commit():
            with SqliteStore.open_to_replace(closed) as store:
                store.take_over(beside)
            check_holds(reader, 700)
        check_holds(reader, 700)


def test_a_reader_cannot_write(closed: Path):
    with SqliteStore.open(closed, write=False) as reader:
        with pytest.raises(StorageError) as refused:
            reader.append(batch(700, 1))
        assert refused.value.rule == "read-only"
        with pytest.raises(StorageError):
            reader.take_over(closed)
        check_holds(reader, 700)


def test_a_store_is_made_once(closed: Path):
    with pytest.raises(Conflict) as refused:
        SqliteStore.create(closed)
    assert refused.value.rule == "exists"
    with SqliteStore.open(closed, write=False) as reader:
        check_holds(reader, 700)


def test_no_ledger(tmp_path: Path):
    for directory in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotFound) as refused:
            SqliteStore.open(directory, write=False)
        assert refused.value.rule == "ledger"


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("CREATE TABLE photos (name TEXT)")
    before = (tmp_path / FILE).read_bytes()
    for write in (True, False):
        with pytest.raises(UsageError) as refused:
            SqliteStore.open(tmp_path, write=write)
        assert refused.value.rule == "not-a-ledger"
    with pytest.raises(Conflict):
        SqliteStore.create(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_later_version_is_refused(closed: Path):
    with closing(sqlite3.connect(closed / FILE)) as database:
        database.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    for open_it in (lambda: SqliteStore.open(closed, write=False), lambda: SqliteStore.open_to_replace(closed)):
        with pytest.raises(UsageError) as refused:
            open_it()
        assert refused.value.rule == "store-version"
        assert f"version {SCHEMA_VERSION + 1}" in refused.value.message and "install" in refused.value.message


@pytest.mark.parametrize("version", [0, -1, 2**31 - 1])
def test_a_version_that_never_was_is_refused(closed: Path, version: int):
    with closing(sqlite3.connect(closed / FILE)) as database:
        database.execute(f"PRAGMA user_version={version}")
    with pytest.raises(StorageError, match="does not exist: the file is damaged; .*givetrail restore") as refused:
        SqliteStore.open_to_replace(closed)
    assert refused.value.rule == "database"


def test_another_name_of_the_kind_of_file_is_damage_where_the_rest_of_a_ledger_is(closed: Path):
    """The file says what kind it is in four bytes."""
    for at in range(68, 72):
        flip(closed / FILE, at, b"\xa5")
    with pytest.raises(UsageError, match="is not a ledger"):
        SqliteStore.open(closed, write=False)
    (closed / "checkpoint").touch()
    for write in (True, False):
        with pytest.raises(StorageError, match="the file is damaged; .*givetrail restore") as refused:
            SqliteStore.open(closed, write=write)
        assert refused.value.rule == "database"


def test_a_changed_byte_of_the_header_sends_nobody_elsewhere(closed: Path):
    """The ledger opens, or the message says what to do with a file that is damaged."""
    (closed / "checkpoint").touch()
    before, refused = (closed / FILE).read_bytes(), 0
    for at in range(100):
        for change in (1 << at % 8, 0xFF):
            flip(closed / FILE, at, bytes([before[at] ^ change]))
            try:
                SqliteStore.open(closed, write=False).close()
            except (StorageError, UsageError) as error:
                assert "givetrail restore" in error.message or "givetrail rebuild" in error.message, (at, change, error.message)
                refused += 1
            (closed / FILE).write_bytes(before)
    assert refused > 50
    use(closed)


def test_an_emptied_file_is_damage_where_the_rest_of_a_ledger_is(closed: Path):
    (closed / FILE).write_bytes(b"")
    (closed / "trust.policy").touch()
    with pytest.raises(StorageError, match="the file is damaged; .*givetrail restore"):
        SqliteStore.open(closed, write=False)


def use(directory: Path) -> None:
    """Open and read all."""
    with SqliteStore.open(directory, write=False) as reader:
        reader.check()
        check_holds(reader, 700)


@pytest.mark.parametrize("kept", [100, 4096, 5000, 0.3, 0.6, 0.99, -4096, -1])
def test_a_truncated_database_is_named(closed: Path, kept: float):
    path = closed / FILE
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(int(kept * size) if isinstance(kept, float) else kept % size)
    with pytest.raises(StorageError) as refused:
        use(closed)
    assert refused.value.rule == "database"
    assert str(path) in refused.value.message


@pytest.mark.parametrize("offset", [0, 16, 100, 4096, 3 * 4096, 20 * 4096])
def test_a_garbled_database_is_named(closed: Path, offset: int):
    flip(closed / FILE, offset, b"\xa5" * 500)
    with pytest.raises(GiveTrailError) as refused:
        use(closed)
    assert isinstance(refused.value, StorageError)
    assert str(closed / FILE) in refused.value.message


@pytest.mark.parametrize("content", [b"", b"x", b"no database at all\n" * 9])
def test_a_file_without_a_database_is_no_ledger(closed: Path, content: bytes):
    (closed / FILE).write_bytes(content)
    with pytest.raises((UsageError, StorageError)) as refused:
        use(closed)
    assert refused.value.rule in ("not-a-ledger", "database")
    assert str(closed / FILE) in refused.value.message


def test_a_gap_in_the_entries_is_found(closed: Path):
    with closing(sqlite3.connect(closed / FILE)) as database, database:
        database.execute("DELETE FROM entries WHERE entry BETWEEN 3 AND 400")
    with SqliteStore.open(closed, write=False) as reader:
        for read in (reader.check, lambda: reader.entry(3), lambda: list(reader.entries(0, 10))):
            with pytest.raises(StorageError) as refused:
                read()
            assert refused.value.rule == "database"


def test_a_lost_log_leaves_an_older_whole(tmp_path: Path):
    """Without its write-ahead log a database is what it was at the last checkpoint, and the unique index follows."""
    with SqliteStore.create(tmp_path / "a", keys_of=keys_of) as store:
        fill(store, 40)
        store._connection.checkpoint()
        fill(store, 20)
        shutil.copytree(tmp_path / "a", tmp_path / "b", ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    with write_again(tmp_path / "b") as store:
        check_holds(store, 40)
        fill(store, 3)
        check_holds(store, 43)


@contextmanager
def full_disk(store: SqliteStore) -> Iterator[None]:
    """SQLite's own limit of pages: it answers SQLITE_FULL, as it does when the disk is full."""
    (used,) = store._connection.one("PRAGMA page_count")
    (before,) = store._connection.one("PRAGMA max_page_count")
    store._connection.one(f"PRAGMA max_page_count={used + 2}")
    yield
    store._connection.one(f"PRAGMA max_page_count={before}")


@pytest.mark.parametrize(
    ("folder", "code", "rule"),
    [
        ("/proc", sqlite3.SQLITE_IOERR_SHMSIZE, "disk-full"),
        ("/proc", sqlite3.SQLITE_IOERR_WRITE, "disk-full"),
        ("/proc", sqlite3.SQLITE_IOERR_READ, "storage"),
        ("/proc", sqlite3.SQLITE_CORRUPT, "database"),
        (".", sqlite3.SQLITE_IOERR_SHMSIZE, "storage"),
        ("nowhere", sqlite3.SQLITE_IOERR_SHMSIZE, "storage"),
    ],
)
def test_an_error_of_writing_on_a_disk_without_room_is_a_full_disk(tmp_path: Path, folder: str, code: int, rule: str):
    """SQLite does not say why it could not write. The system's own folder of processes never has room."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    with pytest.raises(StorageError) as refused, _Mapped(tmp_path / folder / FILE):
        raise error
    assert refused.value.rule == rule


def test_disk_full(tmp_path: Path):
    with SqliteStore.create(tmp_path, keys_of=keys_of) as store:
        fill(store, 60)
        with full_disk(store):
            for _ in range(3):
                with pytest.raises(StorageError) as refused:
                    store.append(batch(60, 300))
                assert refused.value.rule == "disk-full"
                assert refused.value.message.endswith("cannot be written: disk full; free space")
                check_holds(store, 60)
        with SqliteStore.open(tmp_path, write=False) as reader:
            check_holds(reader, 60)
        fill(store, 30)
        check_holds(store, 90)
    with write_again(tmp_path) as store:
        assert store.warnings == []
        check_holds(store, 90)


@contextmanager
def files_limited_to(size_bytes: int) -> Iterator[None]:
    """No file of this process can grow beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("more_bytes", [0, 1024, 5000, 100_000, 400_000])
def test_a_file_that_cannot_grow(tmp_path: Path, more_bytes: int):
    """The system refuses in the midst of the log, of the database or of the index."""
    with SqliteStore.create(tmp_path, keys_of=keys_of) as store:
        fill(store, 60)
        with files_limited_to((tmp_path / "unique.index").stat().st_size + more_bytes):
            with pytest.raises(StorageError):
                store.append(batch(60, 900))
        check_holds(store, 60)
        fill(store, 600)
        check_holds(store, 660)
    with write_again(tmp_path) as store:
        assert store.warnings == []
        check_holds(store, 660)


def test_an_index_that_cannot_grow(tmp_path: Path):
    """Many keys and next to no entries, so that the index is what hits the limit, in the midst of a split."""
    keys = [(key(number, 0), 1, number % 256) for number in range(5000)]
    with SqliteStore.create(tmp_path, keys_of=keys_of) as store:
        fill(store, 1)
        with files_limited_to(64_500):
            with pytest.raises(StorageError) as refused:
                store.append(Batch(1, [b"x"], keys=keys))
            assert "unique.index" in refused.value.message
        check_holds(store, 1)
        store.append(Batch(1, [b"x"], keys=keys))
        places = store.candidates([digest for digest, _, _ in keys])
        assert all((1, number % 256) in found for number, found in enumerate(places))


def test_what_fails_after_a_commit_is_a_warning(tmp_path: Path):
    with SqliteStore.create(tmp_path, keys_of=keys_of) as store:
        fill(store, 600)
        store._connection.checkpoint()
        store._connection._checkpoint_at = 0  # due after every commit
        with files_limited_to((tmp_path / FILE).stat().st_size):
            fill(store, 100)
            assert ["everything is recorded" in warning for warning in store.warnings] == [True]
        check_holds(store, 700)
        fill(store, 10)
    with write_again(tmp_path) as store:
        check_holds(store, 710)
