"""A log as files: which file has an entry or a hash, at every edge of a tile, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.errors import FormatError, Unverifiable
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import leaf_hash, root_of, subtree_root
from ledger.log.tile import encode_entries, entries_path, grow, tile_path
from ledger.log_files.tiled import BUNDLE_BYTES, TILE_BYTES, TiledSource, nodes, whole_entries, width_in
from tests.language import ORIGIN, key

WIDE = 256
SIZE = 2 * WIDE + 40
ENTRIES = [b"%d" % number for number in range(SIZE)]
HASHES = list(map(leaf_hash, ENTRIES))


class Files(TiledSource):
    """The files of a log, by their paths. `asked` are those that were read."""

    def __init__(self, size: int = SIZE) -> None:
        super().__init__("L")
        self.files: dict[str, bytes | Exception] = {}
        self.asked: list[tuple[str, int]] = []
        self._note = sign_checkpoint(Checkpoint(ORIGIN, size, root_of(HASHES[:size])), key("the.log"))
        for first in range(0, size, WIDE):
            some = ENTRIES[first : min(first + WIDE, size)]
            self.files[entries_path(first // WIDE, len(some))] = encode_entries(some)
        for level, index, hashes in grow(0, HASHES[:size], lambda level, index: b""):
            self.files[tile_path(level, index, len(hashes) // 32)] = hashes

    def checkpoint(self) -> bytes:
        return self._note

    def read(self, path: str, limit: int) -> bytes:
        self.asked.append((path, limit))
        found = self.files.get(path, Unverifiable(f"no {path}", rule="missing"))
        if isinstance(found, Exception):
            raise found
        return found


EDGES = [0, 1, WIDE - 1, WIDE, WIDE + 1, 2 * WIDE - 1, 2 * WIDE, 2 * WIDE + 1, SIZE - 1, SIZE]


def spans() -> Iterator[tuple[int, int]]:
    return ((start, end) for start in EDGES for end in EDGES if start <= end)


@pytest.mark.parametrize(("start", "end"), list(spans()))
def test_entries_are_given_from_one_to_another(start: int, end: int):
    source = Files()
    assert list(source.entries(start, end)) == ENTRIES[start:end]
    assert len(source.asked) == (-(-end // WIDE) - start // WIDE if start < end or start % WIDE else 0)


def test_who_reads_entry_by_entry_reads_each_file_once():
    source = Files()
    assert [next(source.entries(index, index + 1)) for index in range(SIZE)] == ENTRIES
    assert source.asked == [(entries_path(index, width), BUNDLE_BYTES) for index, width in ((0, 256), (1, 256), (2, 40))]
    assert list(source.entries(SIZE - 1, SIZE)) == ENTRIES[-1:] and list(source.entries(WIDE, SIZE)) == ENTRIES[WIDE:]
    assert len(source.asked) == 5
    assert list(source.entries(WIDE, WIDE + 1)) == ENTRIES[WIDE : WIDE + 1] and list(source.entries(WIDE, SIZE)) == ENTRIES[WIDE:]
    assert [path for path, _ in source.asked[5:]] == [entries_path(1), entries_path(2, 40)]


@pytest.mark.parametrize(("start", "end", "entry"), [(0, SIZE + 1, SIZE), (SIZE, SIZE + 1, SIZE), (500, 700, SIZE)])
def test_an_entry_beyond_the_tree_is_missing(start: int, end: int, entry: int):
    with pytest.raises(Unverifiable, match=f"^entry {entry} of L: is missing; get a complete copy") as missing:
        list(Files().entries(start, end))
    assert missing.value.rule == "missing"


def test_of_a_larger_log_only_the_entries_of_the_tree_are_given():
    """Also where the partial file is gone and the full one is of a larger tree."""
    source = Files()
    del source.files[entries_path(2, 40)]
    source.files[entries_path(2)] = encode_entries([*ENTRIES[2 * WIDE :], *[b"later"] * (WIDE - 40)])
    assert list(source.entries(2 * WIDE, SIZE)) == ENTRIES[2 * WIDE :]
    assert [path for path, _ in source.asked] == [entries_path(2, 40), entries_path(2)]
    assert source.durable_size() == source.tree_size == SIZE and source.faults_beside(SIZE, None) == []


def test_a_file_that_is_not_there_is_named_as_it_was_asked_for_first():
    source = Files()
    del source.files[entries_path(2, 40)]
    with pytest.raises(Unverifiable, match=f"no {entries_path(2, 40)}"):
        list(source.entries(2 * WIDE, SIZE))
    source.files[entries_path(2, 40)] = Unverifiable("down", rule="unreachable")
    source.files[entries_path(2)] = b""
    with pytest.raises(Unverifiable, match="down"):
        list(source.entries(2 * WIDE, SIZE))


@pytest.mark.parametrize(("level", "index", "width"), [(0, 0, 256), (0, 1, 256), (0, 2, 40), (1, 0, 2)])
def test_a_tile_is_given_as_its_file_has_it(level: int, index: int, width: int):
    source = Files()
    stored = source.files[tile_path(level, index, width)]
    assert source.tile(level, index, width) == stored and source.asked == [(tile_path(level, index, width), TILE_BYTES)]
    assert source.width(level, index) == width
    source.files[tile_path(level, index, width)] = b"odd"
    assert source.tile(level, index, width) == b"odd"


def test_of_a_full_tile_as_many_hashes_are_given_as_were_asked_for():
    source = Files()
    assert source.tile(0, 0, 256) == b"".join(HASHES[:256])
    del source.files[tile_path(0, 2, 40)]
    source.files[tile_path(0, 2)] = b"".join(HASHES[2 * WIDE :]) + bytes(32 * (WIDE - 40))
    assert source.tile(0, 2, 40) == b"".join(HASHES[2 * WIDE :])
    for odd in (bytes(TILE_BYTES - 1), bytes(TILE_BYTES + 1)):
        source.files[tile_path(0, 2)] = odd
        assert source.tile(0, 2, 40) == odd


@pytest.mark.parametrize(
    ("size", "level", "index", "width"),
    [
        (0, 0, 0, 0), (1, 0, 0, 1), (255, 0, 0, 255), (256, 0, 0, 256), (256, 0, 1, 0), (257, 0, 1, 1), (257, 0, 0, 256),
        (255, 1, 0, 0), (256, 1, 0, 1), (65_535, 1, 0, 255), (65_536, 1, 0, 256), (65_536, 2, 0, 1), (10, 0, 1, -246),
    ],
)  # fmt: skip
def test_how_wide_a_tile_is(size: int, level: int, index: int, width: int):
    assert width_in(size, level, index) == width


@pytest.mark.parametrize("size", [1, 256, 257, SIZE])
def test_the_root_follows_from_the_tiles(size: int):
    assert subtree_root(0, size, nodes(Files(size), size)) == root_of(HASHES[:size])


BUNDLE = encode_entries([b"ab", b"", b"c"])


def test_exactly_so_many_entries():
    assert whole_entries(BUNDLE, 3, "p") == [b"ab", b"", b"c"]
    assert whole_entries(b"", 0, "p") == []
    for more in (BUNDLE + b"\0", BUNDLE + b"\0\0", BUNDLE + b"\0\1x"):
        with pytest.raises(FormatError):
            whole_entries(more, 3, "p")
    with pytest.raises(FormatError):
        whole_entries(BUNDLE, 2, "p")


@pytest.mark.parametrize("length", range(len(BUNDLE)))
def test_a_file_that_ends_early_is_cut_off(length: int):
    with pytest.raises(Unverifiable, match="^the end of p: is missing"):
        whole_entries(BUNDLE[:length], 3, "p")
    if length:
        with pytest.raises(Unverifiable, match="^the end of p: is missing"):
            whole_entries(BUNDLE, 4, "p")
