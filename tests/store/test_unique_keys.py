"""The unique index of a store stays exact, whatever becomes of its file."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import StorageError
from ledger.store import unique_keys as uniqueness
from ledger.store.hash_index import UniqueIndex
from ledger.store.index_bucket import BUCKET_BYTES
from ledger.store.protocol import Batch
from ledger.store.sqlite import SqliteStore
from tests.store.sample import check_exact, check_holds, fill, flip, key, keys_of, write_again

INDEX = "unique.index"


def remove(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garble(path: Path) -> None:
    path.write_bytes(bytes(byte ^ 0xA5 for byte in path.read_bytes()))


def zero_a_bucket(path: Path) -> None:
    flip(path, 5 * BUCKET_BYTES, bytes(BUCKET_BYTES))


def lose_a_slot(path: Path) -> None:
    flip(path, 5 * BUCKET_BYTES + 24, bytes(8))


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def begin_otherwise(path: Path) -> None:
    flip(path, 0, b"Something else")


def put_another_ledgers(path: Path) -> None:
    """An index that is sound, but of a ledger with as many other entries."""
    other = path.parent.parent / "other"
    with SqliteStore.create(other, keys_of=keys_of) as store:
        keys = [(key(10_000 + index, 0), index, 0) for index in range(700)]
        store.append(Batch(0, [b"other %d" % index for index in range(700)], keys=keys))
    shutil.copy(other / INDEX, path)


@pytest.mark.parametrize(
    "damage", [remove, empty, garble, zero_a_bucket, lose_a_slot, cut, begin_otherwise, put_another_ledgers]
)
def test_a_damaged_index_is_made_again(closed: Path, damage):
    damage(closed / INDEX)
    with write_again(closed) as store:
        (warning,) = store.warnings
        assert str(closed / INDEX) in warning and "made again from 700 entries" in warning
        check_holds(store, 700)
        fill(store, 10)
    with write_again(closed) as store:
        assert store.warnings == []
        check_holds(store, 710)


@pytest.mark.parametrize("damage", [remove, empty, garble, begin_otherwise, put_another_ledgers])
def test_a_reader_refuses_a_damaged_index_and_only_that(closed: Path, damage):
    damage(closed / INDEX)
    with SqliteStore.open(closed, write=False) as reader:
        assert reader.tree_size == 700
        with pytest.raises(StorageError) as refused:
            reader.candidates([key(1, 0)])
        assert refused.value.rule == "unique-index"
        assert "open the ledger for writing once" in refused.value.message


def test_an_index_cannot_be_made_again_without_knowing_the_keys(closed: Path):
    (closed / INDEX).unlink()
    with pytest.raises(StorageError) as refused:
        SqliteStore.open(closed, write=True)
    assert "keys_of" in refused.value.message
    with write_again(closed) as store:
        check_holds(store, 700)


def test_an_older_index_is_brought_up_to_date(closed: Path, tmp_path: Path):
    shutil.copy(closed / INDEX, tmp_path / "older")
    with write_again(closed) as store:
        fill(store, 500)
    shutil.copy(tmp_path / "older", closed / INDEX)
    with SqliteStore.open(closed, write=False) as reader, pytest.raises(StorageError):
        reader.candidates([key(1, 0)])
    with write_again(closed) as store:
        assert store.warnings == []
        check_holds(store, 1200)


def test_an_older_database_is_not_served_by_a_newer_index(closed: Path, tmp_path: Path):
    shutil.copy(closed / "ledger.sqlite", tmp_path / "older")
    with write_again(closed) as store:
        fill(store, 500)
    shutil.copy(tmp_path / "older", closed / "ledger.sqlite")
    with write_again(closed) as store:
        assert "another history" in store.warnings[0]
        check_holds(store, 700)


def test_slots_of_entries_that_were_never_committed_do_no_harm(closed: Path):
    """What a crash between index and database leaves: keys at places that are free, or that others take later."""
    index = UniqueIndex(closed / INDEX, write=True)
    index.add([(key(5000, 0), 700 << 8), (key(5001, 0), 9000 << 8), (key(700, 1), 700 << 8 | 1)])
    index.close()
    with write_again(closed) as store:
        assert store.candidates([key(5000, 0), key(5001, 0), key(700, 1)]) == [[], [], []]
        fill(store, 1)
        check_exact(store, [0, 699, 700])
        # The place is taken by another entry now; who reads it sees that it does not hold this key.
        assert store.candidates([key(5000, 0)]) == [[(700, 0)]]


def covered(directory: Path) -> int:
    with closing(UniqueIndex(directory / INDEX, write=False)) as seen:
        return seen.covered


def test_the_index_is_synced_from_time_to_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uniqueness, "SYNC_EVERY", 300)
    with SqliteStore.create(tmp_path / "a", keys_of=keys_of) as store:
        fill(store, 90)
        assert covered(tmp_path / "a") == 0
        fill(store, 90)
        assert covered(tmp_path / "a") == 180
        fill(store, 20)
        shutil.copytree(tmp_path / "a", tmp_path / "b")
    with write_again(tmp_path / "b") as store:
        assert store.warnings == []
        check_holds(store, 200)
