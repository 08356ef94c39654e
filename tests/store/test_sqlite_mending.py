"""The entries of a damaged ledger, read one by one and put back; and a copy of its database, made while it is written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import Conflict, NotFound, StorageError
from ledger.store import sqlite_copying as copying
from ledger.store.sqlite import FILE_NAME, SqliteStore
from ledger.store.sqlite_connection import Connection
from ledger.store.sqlite_copying import _refused, copy_database, leave_one_file
from ledger.store.sqlite_mending import Mending
from ledger.store.sqlite_reading import MAX_ENTRY_BYTES
from tests.store.sample import entry, fill, tile, write_again
from tests.store.test_sqlite_connection import as_version


def change(directory: Path, *statements: str) -> None:
    """What the disk does to the database."""
    with closing(sqlite3.connect(directory / FILE_NAME)) as database, database:
        for sql in statements:
            database.execute(sql)


def test_every_entry_that_is_one_is_read_and_no_other(small: Path):
    change(small, "DELETE FROM entries WHERE entry = 1", f"UPDATE entries SET body = zeroblob({MAX_ENTRY_BYTES}) WHERE entry = 2")
    change(small, f"UPDATE entries SET body = zeroblob({MAX_ENTRY_BYTES + 1}) WHERE entry = 3")
    with closing(Mending(small)) as mending:
        assert mending.bodies(0, 5) == {0: entry(0), 2: bytes(MAX_ENTRY_BYTES), 4: entry(4)}
        assert mending.bodies(2, 4) == {2: bytes(MAX_ENTRY_BYTES)}
        assert (list(mending.numbers_from(0)), list(mending.numbers_from(2))) == ([0, 2, 3, 4], [2, 3, 4])
        assert mending.tree_size == 5


def test_entries_are_put_back_all_at_once(small: Path):
    change(small, "DELETE FROM entries WHERE entry = 1", "UPDATE entries SET body = x'00' WHERE entry = 2")
    with closing(Mending(small)) as mending:
        with pytest.raises(StorageError):
            mending.put_back({1: entry(1), 2: None})
        assert mending.bodies(0, 3) == {0: entry(0), 2: b"\0"}
        mending.put_back({1: entry(1), 2: entry(2), 5: entry(5)})
        assert mending.bodies(0, 9) == {index: entry(index) for index in range(6)}
        assert mending.tree_size == 6


def test_the_size_is_the_number_after_the_last_entry(small: Path):
    for kept, size in (("entry < 4", 4), ("entry = 2", 3), ("entry < 0", 0)):
        change(small, f"DELETE FROM entries WHERE NOT {kept}")
        with closing(Mending(small)) as mending:
            assert mending.tree_size == size


def test_a_tile_is_read_as_far_as_it_is_asked_for(small: Path):
    with closing(Mending(small)) as mending:
        assert [mending.tile(0, 0, width) for width in (0, 1, 5, 9)] == [tile(0, size) for size in (0, 1, 5, 5)]
        assert mending.tile(0, 1, 1) == mending.tile(1, 0, 1) == b""
    change(small, "DROP TABLE tiles", "CREATE TABLE tiles (level, number, hashes)", "INSERT INTO tiles VALUES (0, 0, 'text')")
    with closing(Mending(small)) as mending:
        assert mending.tile(0, 0, 1) == b""
    change(small, "DROP TABLE tiles")
    with closing(Mending(small)) as mending:
        assert mending.tile(0, 0, 1) == b""


def test_a_ledger_without_entries_is_not_mended(small: Path):
    change(small, "DROP TABLE entries")
    with pytest.raises(StorageError, match="'entries' is missing"):
        Mending(small)
    as_version(small / FILE_NAME, 0)
    with pytest.raises(StorageError, match="does not exist"):
        Mending(small)


def test_one_process_mends_or_writes(small: Path):
    mending = Mending(small)
    for second in (Mending, write_again):
        with pytest.raises(Conflict) as refused:
            second(small)
        assert refused.value.rule == "locked"
    mending.close()
    mending.close()
    with pytest.raises(StorageError):
        mending.bodies(0, 1)
    Mending(small).close()
    with pytest.raises(NotFound, match="does not contain a ledger") as missing:
        Mending(small / "nowhere")
    assert missing.value.rule == "directory"
    assert not (small / "nowhere").exists()


def with_schema(directory: Path, old: str, new: str) -> None:
    """Another text of the table of the entries, without a change to the table."""
    with closing(sqlite3.connect(directory / FILE_NAME, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema=1")
        words = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'entries'"
        assert database.execute(words, (old, new)).rowcount == 1
        database.execute("PRAGMA schema_version=99")


def without_a_body(directory: Path) -> None:
    """An entry that is NULL, which no SQLite would write into that table."""
    with_schema(directory, " NOT NULL", " /*   */")
    change(directory, "UPDATE entries SET body = NULL WHERE entry = 2")
    with_schema(directory, " /*   */", " NOT NULL")


def test_a_file_whose_rows_are_not_of_their_tables_is_refused(small: Path):
    with closing(Mending(small)) as mending:
        mending.check()
    with SqliteStore.open(small, write=False) as reader:
        reader.check_pages()
        assert reader.entry(2) == entry(2)
    without_a_body(small)
    with closing(Mending(small)) as mending:
        with pytest.raises(StorageError, match="is malformed; make a new ledger from another copy") as refused:
            mending.check()
        assert (refused.value.rule, refused.value.where) == ("database", str(small / FILE_NAME))
        assert 2 not in mending.bodies(0, 5)
    with SqliteStore.open(small, write=False) as reader:
        with pytest.raises(StorageError, match=r"NULL value in entries.body\); .*givetrail restore .*small NEW") as refused:
            reader.check_pages()
        assert refused.value.rule == "database"
        with pytest.raises(StorageError, match="entry 2 does not have the right form"):
            reader.entry(2)
    with pytest.raises(StorageError, match="NULL value"):
        write_again(small)


def test_a_copy_is_of_one_commit_whatever_is_written_meanwhile(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "copy").mkdir()
    said: list[tuple[int, int]] = []
    opened: list[bool] = []

    def connect(path: Path, write: bool) -> Connection:
        opened.append(write)
        return Connection(path, write=write)

    def progress(done: int, all: int) -> None:
        said.append((done, all))
        if done == 2:
            fill(store, 1)

    monkeypatch.setattr(copying, "Connection", connect)
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    pages = (small / FILE_NAME).stat().st_size // 4096
    with write_again(small) as store:
        copy_database(small, tmp_path / "copy", progress)
    assert (said, opened) == ([(number, pages) for number in range(1, pages + 1)], [False])
    with closing(sqlite3.connect(tmp_path / "copy" / FILE_NAME)) as database:
        assert database.execute("SELECT count(*) FROM entries").fetchone() == (5,)


def test_what_reading_leaves_beside_a_copy_is_taken_away(tmp_path: Path):
    for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", f"{FILE_NAME}-journal", "keys"):
        (tmp_path / name).touch()
    leave_one_file(tmp_path)
    leave_one_file(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["keys", FILE_NAME]
    (tmp_path / f"{FILE_NAME}-wal").mkdir()
    with pytest.raises(StorageError) as refused:
        leave_one_file(tmp_path)
    assert refused.value.where == str(tmp_path)


def test_a_copy_that_cannot_be_written_says_where(small: Path, tmp_path: Path):
    with pytest.raises(StorageError, match="cannot be copied") as refused:
        copy_database(small, tmp_path / "nowhere")
    assert (refused.value.rule, refused.value.where) == ("storage", str(tmp_path / "nowhere" / FILE_NAME))


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        (sqlite3.SQLITE_FULL, "disk-full"), (sqlite3.SQLITE_CORRUPT, "database"), (sqlite3.SQLITE_CORRUPT_VTAB, "database"),
        (sqlite3.SQLITE_NOTADB, "database"), (sqlite3.SQLITE_IOERR_WRITE, "storage"), (sqlite3.SQLITE_READONLY, "storage"),
        (None, "storage"),
    ],
)  # fmt: skip
def test_what_stops_a_copy_has_its_rule(tmp_path: Path, code: int | None, rule: str):
    error = sqlite3.OperationalError("what SQLite says")
    if code is not None:
        error.sqlite_errorcode = code
    said = _refused(tmp_path, error)
    assert (said.rule, said.where, str(tmp_path) in said.message) == (rule, str(tmp_path), True)
    assert ("disk full; free space" in said.message) is (rule == "disk-full")
