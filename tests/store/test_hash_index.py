"""The unique index against a dict, through splits, crashes and damage."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import StorageError
from ledger.store.hash_index import UniqueIndex
from ledger.store.index_bucket import BUCKET_BYTES, CAPACITY, MAX_DEPTH, blank, is_bucket, is_whole, locators, put, seal, split
from ledger.store.index_file import NO_MARK
from tests.store.sample import flip, key

SEED = 7

# Keys that share few bits, many bits, all bits that can be split, and the whole half that is kept.
stems = st.one_of(
    st.binary(min_size=8, max_size=8),
    st.integers(0, 40).map(lambda number: number.to_bytes(8, "big")),
    st.integers(0, 40).map(lambda number: (number << 54).to_bytes(8, "big")),
    st.sampled_from([b"\0" * 8, b"\xff" * 8, b"\0\0\0\1" + b"\0" * 4]),
)
pairs = st.lists(st.tuples(stems.map(lambda stem: stem + b"-" * 8), st.integers(0, 2**60)), max_size=60)
steps = st.lists(st.tuples(pairs, st.sampled_from(["go on", "again", "sync", "open"])), max_size=8)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """New paths, one after the other."""
    return (tmp_path / str(number) for number in count())


class Expected:
    """What an index has to answer."""

    def __init__(self) -> None:
        self.places: dict[bytes, set[int]] = {}

    def add(self, added: list[tuple[bytes, int]]) -> None:
        for digest, locator in added:
            self.places.setdefault(digest[:8], set()).add(locator)

    def check(self, index: UniqueIndex) -> None:
        asked = [stem + b"other..." for stem in self.places] + [b"absent key 16 by"]
        wanted = [*self.places.values(), set()]
        assert [set(found) for found in index.find(asked)] == wanted


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4), st.integers(0, 12), steps)
def test_it_answers_as_a_dict_does(fresh: Iterator[Path], capacity: int, max_depth: int, steps: list):
    path, expected = next(fresh), Expected()
    index = UniqueIndex.create(path, capacity, max_depth)
    reader = UniqueIndex(path, write=False)
    for added, then in steps:
        index.add(added, again=then == "again")
        expected.add(added)
        if then == "again":
            before = path.stat().st_size
            index.add(added, again=True)
            assert path.stat().st_size == before
        if then in ("sync", "open"):
            index.sync(len(added), b"m" * 32)
        if then == "open":
            index.close()
            index = UniqueIndex(path, write=True, capacity=capacity, max_depth=max_depth)
            assert (index.covered, index.mark) == (len(added), b"m" * 32)
        expected.check(index)
        expected.check(reader)
    index.close()
    reader.close()


def test_what_is_added_again_is_not_entered_twice(tmp_path: Path):
    added = [(key(number, 0), number) for number in range(300)]
    with closing(UniqueIndex.create(tmp_path / "index")) as index:
        index.add(added)
        index.add(added[:200], again=True)
        index.add([(key(0, 0), 999)], again=True)
        assert index.find([digest for digest, _ in added]) == [[0, 999], *([number] for number in range(1, 300))]


def test_more_keys_of_one_beginning_than_a_bucket_holds(tmp_path: Path):
    alike = [(b"\xab" * 8 + bytes([0, number]) * 4, number) for number in range(3 * CAPACITY)]
    path = tmp_path / "index"
    index = UniqueIndex.create(path)
    index.add(alike)
    for opened in (index, UniqueIndex(path, write=True), UniqueIndex(path, write=False)):
        assert sorted(opened.find([alike[5][0]])[0]) == list(range(3 * CAPACITY))
        assert opened.find([b"\xab" * 7 + bytes(9)]) == [[]]
        opened.close()
    # One split for each bit that may tell keys apart, and two continuations.
    assert path.stat().st_size == (1 + 1 + MAX_DEPTH + 2) * BUCKET_BYTES


def test_a_stem_across_two_slots_is_not_found():
    bucket = blank(0, 0)
    put(bucket, b"aaaabbbb", 1)
    put(bucket, b"ccccdddd", 2)
    assert locators(bucket, b"bbbbcccc") == []
    assert locators(bucket, b"ccccdddd") == [2]
    assert locators(bucket, bytes(8)) == []
    put(bucket, bytes(8), 3)
    assert locators(bucket, bytes(8)) == [3]


def test_a_split_loses_nothing():
    bucket = blank(3, 0b101)
    for number in range(CAPACITY):
        put(bucket, bytes([0b10100000 + number % 32]) + bytes([number]) * 7, number)
    zeros, ones = split(bucket)
    assert zeros[8:12] == b"\0\0\0" + bytes([0b1010]) and ones[8:12] == b"\0\0\0" + bytes([0b1011])
    for number in range(CAPACITY):
        stem = bytes([0b10100000 + number % 32]) + bytes([number]) * 7
        assert locators((zeros, ones)[number % 32 >= 16], stem) == [number]
        assert locators((ones, zeros)[number % 32 >= 16], stem) == []


def test_every_flipped_bit_of_a_bucket_is_noticed():
    bucket = blank(1, 1)
    put(bucket, b"abcdefgh", 77)
    sound = bytes(seal(bucket))
    assert is_bucket(sound) and is_whole(sound)
    for at in range(BUCKET_BYTES):
        for bit in range(8):
            flipped = bytearray(sound)
            flipped[at] ^= 1 << bit
            assert not is_whole(bytes(flipped))


def test_a_split_that_was_not_finished_is_finished(tmp_path: Path):
    """At every split of a growing index: the file as it is between the two writes of the split."""
    path, expected, finished = tmp_path / "index", Expected(), 0
    index = UniqueIndex.create(path, capacity=3)
    for number in range(150):
        before = path.read_bytes()
        index.add([(key(number, 0), number)])
        if path.stat().st_size == len(before) + BUCKET_BYTES:
            half = tmp_path / "half"
            half.write_bytes(before + path.read_bytes()[-BUCKET_BYTES:])
            for write in (False, True, True):
                with closing(UniqueIndex(half, write=write, capacity=3)) as opened:
                    expected.check(opened)
            finished += 1
        expected.add([(key(number, 0), number)])
    assert finished > 20
    index.close()


def crash(path: Path, versions: list[list[bytes]], chance: random.Random) -> None:
    """Write what a power cut may leave: of each block one of its versions since the last sync, of new ones perhaps none."""
    kept = [chance.choice(block) for block in versions]
    if chance.random() < 0.3:
        del kept[chance.randrange(1, len(kept) + 1) :]
    path.write_bytes(b"".join(kept))


def test_after_a_power_cut_all_synced_keys_are_there_or_the_file_is_refused(tmp_path: Path):
    chance, path, after = random.Random(SEED), tmp_path / "index", tmp_path / "after"
    taken = refused = 0
    for _ in range(150):
        index, expected = UniqueIndex.create(path, capacity=3), Expected()
        old = [(chance.randbytes(16), number) for number in range(chance.randrange(40))]
        index.add(old)
        expected.add(old)
        index.sync(1, NO_MARK)
        versions = [[block] for block in blocks(path)]
        for number in range(chance.randrange(1, 12)):
            index.add([(chance.randbytes(16), 1000 + number)])
            for at, block in enumerate(blocks(path)):
                if at == len(versions):
                    versions.append([bytes(BUCKET_BYTES), block])
                elif block != versions[at][-1]:
                    versions[at].append(block)
        index.close()
        crash(after, versions, chance)
        try:
            with closing(UniqueIndex(after, write=True, capacity=3)) as opened:
                for digest, locator in old:
                    assert locator in opened.find([digest])[0]
            taken += 1
        except StorageError as error:
            assert error.rule == "unique-index"
            refused += 1
    assert taken > 30 and refused > 30


def blocks(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [content[at : at + BUCKET_BYTES] for at in range(0, len(content), BUCKET_BYTES)]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "filled"
    with closing(UniqueIndex.create(path)) as index:
        index.add([(key(number, 0), number) for number in range(3000)])
        index.sync(3000, b"m" * 32)
    return path


@pytest.mark.parametrize("at", [0, 10, 20, 50, 58])
def test_a_damaged_beginning_is_refused(filled: Path, at: int):
    flip(filled, at, b"\xa5")
    for write in (True, False):
        with pytest.raises(StorageError) as refused:
            UniqueIndex(filled, write=write)
        assert refused.value.rule == "unique-index"
        assert str(filled) in refused.value.message


@pytest.mark.parametrize("content", [b"\xa5" * 3000, bytes(BUCKET_BYTES), b"\1"])
def test_a_damaged_bucket_is_refused(filled: Path, content: bytes):
    flip(filled, 20 * BUCKET_BYTES + 6, content)
    with pytest.raises(StorageError) as refused:
        UniqueIndex(filled, write=True)
    assert refused.value.rule == "unique-index"


@pytest.mark.parametrize("size", [0, 100, 1024, 1500, 2048, 30 * BUCKET_BYTES, -BUCKET_BYTES, -1])
def test_a_truncated_file_is_refused(filled: Path, size: int):
    with filled.open("r+b") as file:
        file.truncate(size % filled.stat().st_size if size else 0)
    with pytest.raises(StorageError) as refused:
        UniqueIndex(filled, write=True)
    assert refused.value.rule == "unique-index"


def test_a_reader_of_a_file_that_lost_buckets_refuses_the_keys_in_them(filled: Path):
    with filled.open("r+b") as file:
        file.truncate(filled.stat().st_size // 2 // BUCKET_BYTES * BUCKET_BYTES)
    answers = []
    with closing(UniqueIndex(filled, write=False)) as reader:
        for number in range(3000):
            try:
                assert reader.find([key(number, 0)]) == [[number]]
                answers.append("found")
            except StorageError as error:
                assert "has lost buckets" in error.message
                answers.append("refused")
    assert 1000 < answers.count("refused") < 2000


def test_a_reader_follows_the_writer_and_its_replacement(tmp_path: Path):
    path, expected = tmp_path / "index", Expected()
    index = UniqueIndex.create(path)
    reader = UniqueIndex(path, write=False)
    for first in range(0, 3000, 500):
        added = [(key(number, 0), number) for number in range(first, first + 500)]
        index.add(added)
        expected.add(added)
        expected.check(reader)
    index.close()
    with closing(UniqueIndex.create(path)) as other:
        other.add([(key(0, 0), 5)])
        assert reader.find([key(0, 0), key(1, 0)]) == [[5], []]
    reader.close()


def test_a_reader_knows_how_far_it_may_trust(tmp_path: Path):
    path = tmp_path / "index"
    index = UniqueIndex.create(path)
    with closing(UniqueIndex(path, write=False)) as reader:
        assert reader.holds(0) and not reader.holds(1)
        index.hold()
        assert reader.holds(1)
        index.sync(5, NO_MARK)
        index.close()
        assert reader.holds(5) and not reader.holds(6)


def test_a_missing_file(tmp_path: Path):
    with pytest.raises(StorageError) as refused:
        UniqueIndex(tmp_path / "nothing", write=True)
    assert refused.value.rule == "unique-index"


@pytest.mark.long
def test_half_a_million_keys(tmp_path: Path):
    with closing(UniqueIndex.create(tmp_path / "index")) as index:
        for first in range(0, 500_000, 8192):
            digests = [key(number, 0) for number in range(first, first + 8192)]
            assert index.find(digests) == [[]] * 8192
            index.add([(digest, number) for number, digest in enumerate(digests, first)])
        assert index.find([key(number, 0) for number in range(500_000)]) == [[number] for number in range(500_000)]
