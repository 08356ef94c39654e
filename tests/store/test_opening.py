"""How a store is made, opened, written and closed: what is looked at, what is refused, and what is left for the next one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import Conflict, NotFound, StorageError
from ledger.store import sqlite
from ledger.store import unique_keys as uniqueness
from ledger.store.hash_index import HashIndex
from ledger.store.protocol import Batch, StoreWarning
from ledger.store.sqlite import FILE_NAME, MAX_WARNINGS, SqliteStore
from ledger.store.sqlite_header import Header
from tests.store.sample import batch, check_exact, check_holds, fill, key, keys_of, write_again
from tests.store.test_sqlite_mending import change

INDEX = "unique.index"


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """Whatever was opened or refused, every file is closed at the end, so its locks are given up."""
    yield
    assert Header._open == {}


def test_batches_begin_where_the_ledger_ends(small: Path):
    with write_again(small) as store:
        for first in (0, 4, 6, -1):
            with pytest.raises(Conflict) as refused:
                store.append(batch(first, 1) if first >= 0 else Batch(first=-1))
            assert (refused.value.rule, refused.value.where) == ("tree-size", str(first))
            assert store.tree_size == 5
        store.append(batch(5, 2))
        assert store.tree_size == 7


def test_who_opens_may_look_at_the_entries_before_anything_is_made_of_them(small: Path):
    (small / INDEX).unlink()
    seen: list[int] = []

    def look(store: SqliteStore) -> None:
        seen.append(store.tree_size)
        raise StorageError("rotten", rule="entry")

    with pytest.raises(StorageError, match="rotten"):
        SqliteStore.open(small, write=True, keys_of=keys_of, look=look)
    assert seen == [5] and not (small / INDEX).exists()
    SqliteStore.open(small, write=False, keys_of=keys_of, look=look).close()
    assert seen == [5], "who only reads makes nothing of them"


def test_how_far_entries_were_compared_is_kept_with_the_next_batch(small: Path):
    with write_again(small) as store:
        assert store.scrubbed == 0
        store.scrubbed = 4
    with write_again(small) as store:
        assert store.scrubbed == 0
        store.scrubbed = 4
        fill(store, 1)
        assert store.kept_number("scrubbed") == 4
        store.scrubbed = 2
        fill(store, 1)
    with write_again(small) as store:
        assert store.scrubbed == 2
    with SqliteStore.open(small, write=False) as reader:
        assert reader.scrubbed == 0


def test_a_store_that_need_not_last_is_not_brought_to_the_disk(tmp_path: Path):
    for lasting, wanted in ((True, 2), (False, 0)):
        with SqliteStore.create(tmp_path / str(lasting), lasting=lasting) as store:
            assert store._connection.one("PRAGMA synchronous") == (wanted,)


def test_a_new_store_is_held_and_filled_and_can_be_opened_again(tmp_path: Path):
    with SqliteStore.create(tmp_path / "a" / "b", keys_of=keys_of) as store:
        with pytest.raises(Conflict) as refused:
            SqliteStore.create(tmp_path / "a" / "b")
        assert refused.value.rule == "locked"
        with SqliteStore.open(tmp_path / "a" / "b", write=False) as reader:
            fill(store, 3)
            check_exact(reader, range(3))
    assert sorted(os.listdir(tmp_path / "a" / "b")) == [FILE_NAME, "lock", INDEX]
    with pytest.raises(Conflict) as refused:
        SqliteStore.create(tmp_path / "a" / "b")
    assert refused.value.rule == "exists"
    with write_again(tmp_path / "a" / "b") as store:
        check_holds(store, 3)


def test_a_writer_holds_the_index_and_leaves_it_covered(small: Path):
    with write_again(small) as store:
        fill(store, 1)
        with closing(HashIndex(small / INDEX, write=False)) as index:
            assert (index.covered, index.holds(6)) == (5, True)
        with SqliteStore.open(small, write=False) as reader:
            check_exact(reader, range(6))
    with closing(HashIndex(small / INDEX, write=False)) as index:
        assert (index.covered, index.holds(6), index.holds(7)) == (6, True, False)
    assert not (small / f"{FILE_NAME}-wal").exists()


def test_a_small_file_is_gone_through_and_a_large_one_row_by_row(small: Path, monkeypatch: pytest.MonkeyPatch):
    size = (small / FILE_NAME).stat().st_size
    change(small, "UPDATE flows SET stop = stop + 1")
    assert (small / FILE_NAME).stat().st_size == size
    for whole, refused in ((size, True), (size + 1, True), (size - 1, False)):
        monkeypatch.setattr(sqlite, "WHOLE_BYTES", whole)
        for write in (False, True):
            if refused:
                with pytest.raises(StorageError, match="table flows"):
                    SqliteStore.open(small, write=write, keys_of=keys_of)
            else:
                SqliteStore.open(small, write=write, keys_of=keys_of).close()
    monkeypatch.setattr(sqlite, "WHOLE_BYTES", 0)
    for derived in (4, 6):
        change(small, f"UPDATE meta SET value = {derived} WHERE name = 'derived_size'")
        with pytest.raises(StorageError, match=f"table meta: covers {derived} entries of 5"):
            SqliteStore.open(small, write=False)
        SqliteStore.open(small, write=False, checked=False).close()


def test_a_file_that_was_cut_short_is_not_opened(small: Path):
    """Here a page has begun that does not end."""
    with (small / FILE_NAME).open("ab") as file:
        file.write(b"x")
    for write in (False, True):
        with pytest.raises(StorageError, match="it is cut short") as refused:
            SqliteStore.open(small, write=write, keys_of=keys_of)
        assert (refused.value.rule, refused.value.where) == ("database", str(small / FILE_NAME))


def test_where_nothing_is_nothing_is_opened_and_nothing_made(tmp_path: Path):
    for open_it in (lambda: SqliteStore.open(tmp_path, write=True), lambda: SqliteStore.open_to_replace(tmp_path, mend=True)):
        with pytest.raises(NotFound, match="does not contain a ledger; make one with `givetrail init`") as missing:
            open_it()
        assert missing.value.rule == "ledger"
    assert os.listdir(tmp_path) == []


def test_a_damaged_header_is_mended_where_that_is_asked_for(small: Path):
    with (small / FILE_NAME).open("r+b") as file:
        file.seek(18)
        file.write(b"\1")
    for open_it in (lambda: SqliteStore.open_to_replace(small), lambda: SqliteStore.open(small, write=True)):
        with pytest.raises(StorageError, match="byte 18 is 1, but must be 2"):
            open_it()
    SqliteStore.open_to_replace(small, mend=True).close()
    with write_again(small) as store:
        check_holds(store, 5)


def test_a_store_to_be_replaced_is_locked_whatever_is_in_it(small: Path):
    change(small, "DELETE FROM meta", "DELETE FROM flows", "DROP TABLE spans")
    with SqliteStore.open_to_replace(small) as store:
        with pytest.raises(Conflict):
            SqliteStore.open_to_replace(small)
        assert store.tree_size == 5


def test_the_unique_index_of_another_takes_the_place_of_this_one(small: Path, tmp_path: Path):
    with SqliteStore.create(tmp_path / "other", keys_of=keys_of) as store:
        fill(store, 5)
    made = (tmp_path / "other" / INDEX).read_bytes()
    (small / INDEX).write_bytes(b"garbage")
    with SqliteStore.open_to_replace(small) as store:
        store.take_over(tmp_path / "other")
    assert (small / INDEX).read_bytes() == made and not (tmp_path / "other" / INDEX).exists()
    with write_again(small) as store:
        assert store.warnings == []
        check_holds(store, 5)
    with SqliteStore.open_to_replace(small) as store, pytest.raises(StorageError) as refused:
        store.take_over(tmp_path / "other")
    assert refused.value.where == str(small / INDEX)


def test_a_warning_is_given_once_and_there_is_a_most(small: Path):
    with write_again(small) as store, pytest.warns(StoreWarning) as warned:
        for number in range(MAX_WARNINGS + 5):
            store._warn(f"sentence {number}")
            store._warn(f"sentence {number}")
        assert store.warnings == [f"sentence {number}" for number in range(MAX_WARNINGS)]
        assert [str(one.message) for one in warned] == store.warnings


def test_what_fails_after_a_commit_or_at_the_end_is_a_warning(small: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*asked: object, **how: object) -> None:
        raise StorageError("the disk refuses", rule="disk-full", where="the file")

    with pytest.warns(StoreWarning):
        with write_again(small) as store:
            with monkeypatch.context() as disk:
                disk.setattr(store._connection, "limit_wal", refuse)
                fill(store, 1)
            words = "the file: everything is recorded, but the disk refused regular maintenance (disk-full)"
            assert store.warnings == [f"{words}; free space and open the ledger again"]
            store.close_too(lambda: closed.append(True))
            closed: list[bool] = []
            monkeypatch.setattr(store._connection, "checkpoint", refuse)
        words = "the file: everything is there; only tidying up was put off (disk-full), and the next opening does it"
        assert (store.warnings[1:], closed) == ([words], [True])
    monkeypatch.undo()
    with write_again(small) as store:
        check_holds(store, 6)


def test_the_index_is_synced_as_soon_as_enough_was_added_and_at_the_end(small: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uniqueness, "SYNC_EVERY", 6)

    def covered() -> int:
        with closing(HashIndex(small / INDEX, write=False)) as index:
            return index.covered

    with write_again(small) as store:
        fill(store, 1)
        assert covered() == 5
        fill(store, 1)
        assert covered() == 7, "two entries have the six keys"
        fill(store, 1)
    assert covered() == 8
    before = (small / INDEX).stat().st_mtime_ns
    with write_again(small):
        pass
    assert (small / INDEX).stat().st_mtime_ns == before, "what is covered is not synced again"


def test_an_index_is_made_again_or_caught_up_in_parts_of_any_size(small: Path, monkeypatch: pytest.MonkeyPatch):
    older = (small / INDEX).read_bytes()
    with write_again(small) as store:
        fill(store, 4)
    for keys in (1, 4, 5, 27, 28):
        monkeypatch.setattr(uniqueness, "REPLAY_KEYS", keys)
        for damage in (b"garbage", older):
            (small / INDEX).write_bytes(damage)
            if damage == older:
                with SqliteStore.open(small, write=False) as reader, pytest.raises(StorageError, match="may lack keys") as refused:
                    reader.candidates([key(1, 0)])
                assert (refused.value.rule, refused.value.where) == ("unique-index", str(small / INDEX))
                with pytest.raises(StorageError, match="covers 5 of 9 entries; open the ledger with a function") as refused:
                    SqliteStore.open(small, write=True)
                assert (refused.value.rule, refused.value.where) == ("unique-index", str(small / INDEX))
                write_again(small).close()
            else:
                with pytest.warns(StoreWarning, match="made again from 9 entries"):
                    write_again(small).close()
            with SqliteStore.open(small, write=False) as reader:
                check_holds(reader, 9)


def test_an_empty_ledger_has_its_index_made_again_without_a_word(tmp_path: Path):
    SqliteStore.create(tmp_path, keys_of=keys_of).close()
    (tmp_path / INDEX).unlink()
    with SqliteStore.open(tmp_path, write=True) as store:
        assert store.warnings == [] and store.candidates([key(0, 0)]) == [[]]
        fill(store, 1)
        check_exact(store, [0])


def test_keys_are_of_a_record_from_0_to_255_and_of_an_entry_below_the_size(small: Path):
    with write_again(small) as store:
        keys = [(b"k" * 16, 5, 0), (b"k" * 16, 5, 255), (b"k" * 16, 6, 1), (b"k" * 16, 7, 0), (b"k" * 16, 2**40, 3)]
        store.append(batch(5, 2)._replace(keys=keys))
        assert store.candidates([b"k" * 16, b"l" * 16]) == [[(5, 0), (5, 255), (6, 1)], []]
        assert store.candidates([]) == []


def test_a_mark_of_another_history_is_not_trusted(small: Path, tmp_path: Path):
    with SqliteStore.create(tmp_path / "other") as store:
        store.append(Batch(first=0, entries=[b"other"] * 5))
    other = (tmp_path / "other" / INDEX).read_bytes()
    (small / INDEX).write_bytes(other)
    with SqliteStore.open(small, write=False) as reader, pytest.raises(StorageError, match="may lack keys"):
        reader.candidates([key(1, 0)])
    with pytest.warns(StoreWarning, match="belongs to another history of this ledger; it has been made again from 5 entries"):
        write_again(small).close()
    with closing(sqlite3.connect(small / FILE_NAME)) as database, database:
        database.execute("DELETE FROM entries WHERE entry >= 3")
        database.execute("UPDATE meta SET value = 3 WHERE name = 'derived_size'")
    with SqliteStore.open(small, write=False, checked=False) as reader:
        assert reader.candidates([key(1, 0), key(4, 0)]) == [[(1, 0)], []], (
            "it covers more than there is, as while a writer commits"
        )
