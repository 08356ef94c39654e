"""The parts of the unique index, each by itself: a bucket, the file of buckets, and the directory from keys to buckets."""

from __future__ import annotations

import errno
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import StorageError
from ledger.store import index_file as bucketfile
from ledger.store.hash_index import UniqueIndex
from ledger.store.index_bucket import (
    BUCKET_BYTES,
    CAPACITY,
    MAX_DEPTH,
    blank,
    is_bucket,
    is_whole,
    locators,
    place,
    put,
    seal,
    split,
)
from ledger.store.index_file import NO_MARK, READ_BLOCKS, BucketFile
from ledger.store.index_map import Directory
from tests.store.sample import flip

MARK = b"m" * 32


def test_a_bucket_has_its_bytes():
    bucket = blank(3, 5, 9)
    assert bucket == struct.pack(">IHBBII", 0, 0x4754, 3, 0, 5, 9) + bytes(BUCKET_BYTES - 16)
    assert blank(3, 5)[12:16] == bytes(4)
    put(bucket, b"abcdefgh" + b"the rest", 0x0102)
    put(bucket, b"ABCDEFGH", 2**60)
    assert (bucket[7], bucket[16:32], bucket[520:536]) == (2, b"abcdefghABCDEFGH", struct.pack(">QQ", 0x0102, 2**60))
    assert place(bucket) == (3, 5, 9)
    sealed = seal(bytearray(bucket))
    assert sealed[:4] == zlib.crc32(bytes(bucket[4:])).to_bytes(4) and sealed[4:] == bucket[4:]
    assert is_whole(bytes(sealed)) is True and is_whole(bytes(bucket)) is False


def test_every_slot_of_a_full_bucket_is_found_and_none_beyond():
    bucket = blank(0, 0)
    for number in range(CAPACITY):
        assert locators(bytes(bucket), number.to_bytes(8)) == []
        put(bucket, number.to_bytes(8), number + 1000)
        assert locators(bytes(bucket), number.to_bytes(8)) == [number + 1000]
    assert [locators(bytes(bucket), number.to_bytes(8)) for number in range(CAPACITY)] == [[n + 1000] for n in range(CAPACITY)]
    bucket[7] = CAPACITY - 1
    assert locators(bytes(bucket), (CAPACITY - 1).to_bytes(8)) == []


def test_all_slots_of_one_stem_are_found():
    bucket = blank(0, 0)
    for number in range(3):
        put(bucket, b"\0" * 8, number)
    assert locators(bytes(bucket), b"\0" * 8) == [0, 1, 2]


@pytest.mark.parametrize(
    ("depth", "count", "prefix", "good"),
    [
        (0, 0, 0, True), (MAX_DEPTH, CAPACITY, 2**MAX_DEPTH - 1, True), (1, 1, 1, True), (0, 0, 1, False), (1, 0, 2, False),
        (MAX_DEPTH, 0, 2**MAX_DEPTH, False), (MAX_DEPTH + 1, 0, 0, False), (0, CAPACITY + 1, 0, False),
    ],
)  # fmt: skip
def test_a_bucket_is_of_a_place_that_there_can_be(depth: int, count: int, prefix: int, good: bool):
    assert is_bucket(struct.pack(">IHBBII", 0, 0x4754, depth, count, prefix, 0)) is good
    assert is_bucket(struct.pack(">IHBBII", 0, 0x4755, depth, count, prefix, 0)) is False


@pytest.mark.parametrize("depth", [0, 1, 7, 8, 9, 15, 16, 21])
def test_a_split_parts_by_the_next_bit(depth: int):
    """The stems differ in that bit alone; what is split keeps its order, and the halves continue nothing."""
    prefix, low = (1 << depth) - 1, (1 << 63 - depth) - 1
    stems = [(prefix << 64 - depth | bit << 63 - depth | low).to_bytes(8) for bit in (0, 1, 1)]
    bucket = blank(depth, prefix, parent=4)
    for number, stem in enumerate(stems):
        put(bucket, stem, number)
    zeros, ones = split(bytes(bucket))
    assert place(zeros) == (depth + 1, prefix * 2, 0) and place(ones) == (depth + 1, prefix * 2 + 1, 0)
    assert (zeros[7], zeros[16:24], zeros[520:528]) == (1, stems[0], bytes(8))
    assert (ones[7], ones[16:32], ones[520:536]) == (2, stems[1] * 2, struct.pack(">QQ", 1, 2))
    assert len(zeros) == len(ones) == BUCKET_BYTES and not any(zeros[24:520]) and not any(ones[536:])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def file(path: Path) -> BucketFile:
    """An open file of three buckets."""
    BucketFile.make(path)
    file = BucketFile(path, write=True)
    for number in (2, 3):
        file.write(number, bytes([number]) * BUCKET_BYTES)
    return file


def test_a_new_file_has_one_empty_bucket(path: Path):
    BucketFile.make(path)
    cover = b"GiveTrail uniq 1" + bytes(8) + NO_MARK
    first = cover + zlib.crc32(cover).to_bytes(4) + bytes(BUCKET_BYTES - 60)
    assert path.read_bytes() == first + seal(blank(0, 0))
    with closing(BucketFile(path, write=False)) as file:
        assert (file.cover(), file.block_count()) == ((0, NO_MARK), 2)


def test_blocks_are_read_where_they_were_written(file: BucketFile, path: Path):
    assert file.block_count() == 4
    assert [file.read(number)[:1] for number in (2, 3)] == [b"\2", b"\3"]
    assert [bytes(block)[:1] for block in file.read_from(2, 4)] == [b"\2", b"\3"]
    assert [len(block) for block in file.read_from(0, 4)] == [BUCKET_BYTES] * 4
    assert list(file.read_from(4, 4)) == []
    with path.open("ab") as more:
        more.write(b"half")
    assert file.block_count() == 4
    for read in (lambda: file.read(4), lambda: list(file.read_from(3, 5))):
        with pytest.raises(StorageError, match="ends before bucket 4") as refused:
            read()
        assert (refused.value.rule, refused.value.where) == ("unique-index", str(path))


def test_many_blocks_come_each_once(path: Path):
    count = 2 * READ_BLOCKS + 1
    path.write_bytes(b"".join(number.to_bytes(4) + bytes(BUCKET_BYTES - 4) for number in range(count)))
    with closing(BucketFile(path, write=False)) as file:
        for first in (0, 1, READ_BLOCKS, count - 1):
            assert [int.from_bytes(block[:4]) for block in file.read_from(first, count)] == list(range(first, count))


def test_a_file_says_how_far_it_goes_and_damage_to_that_shows(file: BucketFile, path: Path):
    file.sync(2**63, MARK)
    assert file.cover() == (2**63, MARK)
    sound = path.read_bytes()
    for at in (0, 15, 16, 23, 24, 55, 56, 59, 60, 1023):
        flip(path, at, bytes([sound[at] ^ 1]))
        with pytest.raises(StorageError, match="does not begin as it should"):
            file.cover()
        path.write_bytes(sound)
    assert file.cover() == (2**63, MARK)


def test_what_could_not_be_synced_once_is_not_called_synced_later(file: BucketFile, path: Path, monkeypatch: pytest.MonkeyPatch):
    """The system may have dropped what it could not write. Until the first block is on the disk it covers nothing more."""
    synced: list[int] = []

    def refuse(after: int) -> Callable[[int], None]:
        def sync(descriptor: int) -> None:
            synced.append(file.cover()[0])
            if len(synced) > after:
                raise OSError(errno.EIO, "Input/output error")

        return sync

    with monkeypatch.context() as disk:
        disk.setattr(bucketfile, "sync_file", refuse(after=2))
        file.sync(5, MARK)
        assert synced == [0, 5], "the buckets before the block that speaks of them, and then that"
        with pytest.raises(StorageError, match="Input/output error") as refused:
            file.sync(6, MARK)
        assert (refused.value.rule, file.cover()[0]) == ("storage", 5)
    with pytest.raises(StorageError, match="could not be synced") as refused:
        file.sync(6, MARK)
    assert (refused.value.rule, file.cover()[0]) == ("unique-index", 5)
    with closing(BucketFile(path, write=True)) as opened:
        opened.sync(6, MARK)
        opened.sync(7, MARK)
        assert opened.cover() == (7, MARK)


def test_a_file_is_held_by_its_writer_while_it_lives(file: BucketFile, path: Path):
    with closing(BucketFile(path, write=False)) as reader, closing(BucketFile(path, write=False)) as other:
        assert reader.is_held() is False and other.is_held() is False
        file.hold()
        assert reader.is_held() is True and other.is_held() is True
        file.close()
        assert reader.is_held() is False
        with closing(BucketFile(path, write=True)) as next_one:
            next_one.hold()
            assert reader.is_held() is True


def test_another_file_in_its_place_is_seen(file: BucketFile, path: Path):
    assert file.is_replaced() is False
    BucketFile.make(path)
    assert file.is_replaced() is True
    path.unlink()
    with pytest.raises(StorageError, match="is missing"):
        file.is_replaced()
    file.path = path / "below" / "nothing"
    path.touch()
    with pytest.raises(StorageError, match="cannot be read: Not a directory"):
        file.is_replaced()
    file.close()
    assert file.is_replaced() is True


def test_a_closed_file_is_closed_once_and_nothing_else_is(file: BucketFile):
    file.close()
    file.close()
    os.fstat(0)
    for use in (lambda: file.read(1), lambda: file.write(1, bytes(BUCKET_BYTES)), lambda: list(file.read_from(1, 2))):
        with pytest.raises(StorageError) as refused:
            use()
        assert refused.value.rule == "storage"


def test_what_the_system_refuses_is_told(file: BucketFile):
    """Here since the file was closed behind its back."""
    os.close(file._descriptor)
    uses = (
        lambda: file.read(1),
        lambda: list(file.read_from(1, 2)),
        file.hold,
        file.is_held,
        file.is_replaced,
        lambda: file.sync(1, MARK),
    )
    for use in uses:
        with pytest.raises(StorageError, match="Bad file descriptor") as refused:
            use()
        assert (refused.value.rule, refused.value.where) == ("storage", str(file.path))


def test_a_file_to_read_is_not_written_and_a_missing_one_not_made(file: BucketFile, path: Path, tmp_path: Path):
    with closing(BucketFile(path, write=False)) as reader, pytest.raises(StorageError):
        reader.write(1, bytes(BUCKET_BYTES))
    for write in (False, True):
        with pytest.raises(StorageError, match="is missing") as refused:
            BucketFile(tmp_path / "nothing", write=write)
        assert refused.value.rule == "unique-index"
        with pytest.raises(StorageError, match="folder") as refused:
            BucketFile(tmp_path, write=write)
        assert refused.value.rule == "storage"
    assert os.listdir(tmp_path) == ["index"]


def test_a_block_that_is_written_by_half_is_a_full_disk(file: BucketFile, monkeypatch: pytest.MonkeyPatch):
    for written, refused in ((BUCKET_BYTES, False), (BUCKET_BYTES - 1, True)):
        monkeypatch.setattr(bucketfile.os, "pwrite", lambda *asked, written=written: written)
        if not refused:
            file.write(1, bytes(BUCKET_BYTES))
            continue
        with pytest.raises(StorageError) as error:
            file.write(1, bytes(BUCKET_BYTES))
        assert error.value.rule == "disk-full"


def test_a_directory_leads_each_key_to_its_bucket():
    directory = Directory()
    assert (directory.at(b"\xff" * 8), directory.at(bytes(8)), directory.tiles_exactly()) == (0, 0, False)
    directory.enrol(1, 0, 0, 0)
    assert (directory.at(b"\xff" * 8), directory.at(bytes(8)), directory.tiles_exactly()) == (1, 1, True)
    assert directory.sibling(0, 0) == 0
    directory.point(2, 1, 1)
    assert (directory.at(b"\x80" + bytes(7)), directory.at(b"\x7f" + b"\xff" * 7)) == (2, 1)
    assert (directory.sibling(1, 1), directory.sibling(1, 0)) == (1, 2)
    directory.point(3, 3, 0b101)
    assert [directory.at(bytes([leading << 5]) + bytes(7)) for leading in range(8)] == [1, 1, 1, 1, 2, 3, 2, 2]
    assert (directory.sibling(3, 0b101), directory.sibling(3, 0b100), directory.sibling(2, 0b11)) == (2, 3, 2)
    assert directory.tiles_exactly() is True, "pointing moves keys, and claims none"
    directory.enrol(4, 3, 0b111, parent=3)
    assert (directory.chained, directory.at(b"\xff" * 8), directory.tiles_exactly()) == ({3: 4}, 2, True)


def test_a_directory_sees_a_gap_and_an_overlap():
    gap, overlap, both, whole = Directory(), Directory(), Directory(), Directory()
    for directory, halves in (
        (gap, [(2, 0), (2, 1), (2, 2)]),
        (overlap, [(1, 0), (1, 1), (2, 3)]),
        (whole, [(1, 0), (2, 2), (2, 3)]),
    ):
        for number, (depth, prefix) in enumerate(halves, 1):
            directory.enrol(number, depth, prefix, 0)
    for number, (depth, prefix) in enumerate([(1, 0), (2, 0), (2, 2)], 1):
        both.enrol(number, depth, prefix, 0)
    assert [one.tiles_exactly() for one in (gap, overlap, both, whole)] == [False, False, False, True]
    assert both.space == 1 << 32, "as many keys as there are, and yet a quarter of them has no bucket"


def test_an_index_counts_what_was_added_since_the_last_sync(path: Path):
    with closing(UniqueIndex.create(path)) as index:
        assert (index.covered, index.mark, index.added) == (0, NO_MARK, 0)
        index.add([(b"a" * 16, 1), (b"b" * 16, 2)])
        assert (index.added, index.find([b"a" * 16, b"c" * 16])) == (2, [[1], []])
        index.add([(b"a" * 16, 1), (b"c" * 16, 3)], again=True)
        assert index.added == 3
        index.sync(9, MARK)
        assert (index.covered, index.mark, index.added) == (9, MARK, 0)


def stem(leading: int, number: int = 0) -> bytes:
    """A key that begins with these 3 bits."""
    return bytes([leading << 5, number]) + bytes(14)


@pytest.fixture
def index(path: Path) -> Iterator[UniqueIndex]:
    """Buckets of two keys that share 2 bits at most: more keys of one beginning are continued in another bucket."""
    with closing(UniqueIndex.create(path, capacity=2, max_depth=2)) as index:
        yield index


def blocks(path: Path) -> int:
    return path.stat().st_size // BUCKET_BYTES


def test_a_bucket_is_split_when_it_is_full_and_continued_when_it_may_not_be_split(index: UniqueIndex, path: Path):
    keys = [stem(0), stem(4), stem(2), stem(6), stem(7), stem(6, 1), stem(6, 2), stem(7, 1), stem(7, 2), stem(7, 3), stem(1)]
    grown = []
    for number, one in enumerate(keys):
        index.add([(one, number)])
        grown.append(blocks(path))
        for write in (False, True):
            with closing(UniqueIndex(path, write=write, capacity=2, max_depth=2)) as opened:
                assert opened.find([*keys[: number + 1], stem(3)]) == [*([at] for at in range(number + 1)), []]
    assert grown == [2, 2, 3, 3, 4, 5, 5, 6, 6, 7, 8]
    assert index.find(keys) == [[number] for number in range(len(keys))]
    assert index.find([keys[3], keys[0], keys[3]]) == [[3], [0], [3]]
    assert index.find([]) == []


def test_many_keys_at_once_are_as_many_one_by_one(index: UniqueIndex, tmp_path: Path):
    pairs = [(stem(number % 8, number // 8 % 3), number) for number in range(40)]
    index.add(pairs)
    with closing(UniqueIndex.create(tmp_path / "other", capacity=2, max_depth=2)) as other:
        for pair in pairs:
            other.add([pair])
        asked = [one for one, _ in pairs]
        wanted = [[at for one, at in pairs if one == key] for key in asked]
        assert [sorted(found) for found in index.find(asked)] == [sorted(found) for found in other.find(asked)] == wanted
        assert (index.added, other.added) == (40, 40)
        index.add(pairs, again=True)
        index.add([(stem(0), 99), (stem(0), 0)], again=True)
        assert (index.added, sorted(index.find([stem(0)])[0])) == (41, [*wanted[0], 99])


def test_of_a_split_whose_second_half_was_not_written_the_next_writer_writes_it(index: UniqueIndex, path: Path):
    index.add([(stem(0), 0), (stem(4), 4)])
    before = path.read_bytes()
    index.add([(stem(2), 2)])
    half = before + path.read_bytes()[-BUCKET_BYTES:]
    path.write_bytes(half)
    with closing(UniqueIndex(path, write=False, capacity=2, max_depth=2)) as reader:
        assert reader.find([stem(0), stem(4)]) == [[0], [4]]
    assert path.read_bytes() == half, "who only reads writes nothing"
    with closing(UniqueIndex(path, write=True, capacity=2, max_depth=2)) as writer:
        assert writer.find([stem(0), stem(4)]) == [[0], [4]]
        assert place(writer._file.read(1)) == (1, 0, 0) and place(writer._file.read(2)) == (1, 1, 0)
        writer.add([(stem(2), 2), (stem(3), 3), (stem(6), 6)])
        assert writer.find([stem(number) for number in (0, 2, 3, 4, 6)]) == [[0], [2], [3], [4], [6]]


def test_a_reader_knows_new_buckets_when_it_looks_again(index: UniqueIndex, path: Path):
    with closing(UniqueIndex(path, write=False)) as reader:
        assert reader.find([stem(0)]) == [[]]
        for number in range(8):
            index.add([(stem(number), number)])
        assert reader.find([stem(number) for number in range(8)]) == [[number] for number in range(8)]
        with closing(UniqueIndex.create(path)) as other:
            other.add([(stem(1), 77)])
            assert reader.find([stem(0), stem(1)]) == [[], [77]]


def test_a_writer_that_ends_between_two_questions_has_moved_the_mark_on(index: UniqueIndex, path: Path):
    with closing(UniqueIndex(path, write=False)) as reader:
        assert (reader.holds(0), reader.holds(1)) == (True, False)

        def is_held() -> bool:
            index.sync(5, MARK)
            return False

        reader._file.is_held = is_held
        assert (reader.holds(5), reader.covered, reader.mark, reader.holds(6)) == (True, 5, MARK, False)


@pytest.mark.parametrize(
    ("at", "content", "write", "read"),
    [
        (BUCKET_BYTES + 4, b"xx", True, True), (BUCKET_BYTES + 6, b"\xff", True, True), (BUCKET_BYTES + 600, b"x", True, False),
        (0, b"x", True, True),
    ],
)  # fmt: skip
def test_a_bucket_that_is_damaged_is_told(index: UniqueIndex, path: Path, at: int, content: bytes, write: bool, read: bool):
    """Who reads may see one that is being written: then only its place counts."""
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    flip(path, at, content)
    for opens_to_write, refused in ((True, write), (False, read)):
        if refused:
            with pytest.raises(StorageError) as error:
                UniqueIndex(path, write=opens_to_write)
            assert error.value.rule == "unique-index"
            assert not before or len(os.listdir("/proc/self/fd")) == before
        else:
            UniqueIndex(path, write=opens_to_write).close()


def test_a_file_without_a_bucket_has_lost_them(index: UniqueIndex, path: Path):
    with path.open("r+b") as file:
        file.truncate(BUCKET_BYTES)
    with pytest.raises(StorageError, match="has lost buckets"):
        UniqueIndex(path, write=True)
    with closing(UniqueIndex(path, write=False)) as reader, pytest.raises(StorageError, match="has lost buckets"):
        reader.find([stem(0)])
