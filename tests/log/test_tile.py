"""Tiles: their paths, their bytes, and trees that grow by them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import FormatError, InputError, SizeError
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of, subtree_root, verify_inclusion
from ledger.log.tile import (
    decode_entries,
    decode_hashes,
    encode_entries,
    entries_path,
    grow,
    leaf_hash_at,
    new_tiles,
    node_reader,
    parse_path,
    tile_path,
    tiles_of,
)

MANY = [leaf_hash(b"%d" % number) for number in range(70_000)]


def grown(leaves: list[bytes], chunks: list[int]) -> dict[tuple[int, int], bytes]:
    """The tiles of a tree to which `leaves` came in chunks."""
    tiles: dict[tuple[int, int], bytes] = {}
    size = 0
    for chunk in chunks:
        for level, index, content in grow(size, leaves[size : size + chunk], lambda level, index: tiles[level, index]):
            tiles[level, index] = content
        size += chunk
    return tiles


@pytest.mark.parametrize(
    ("path", "place"),
    [
        # C2SP tlog-tiles, "Merkle Tree": index 1234067 is x001/x234/067
        ("tile/0/x001/x234/067", (0, 1234067, 256)),
        ("tile/0/000", (0, 0, 256)),
        ("tile/0/000.p/1", (0, 0, 1)),
        ("tile/0/273.p/112", (0, 273, 112)),
        ("tile/1/001.p/17", (1, 1, 17)),
        ("tile/2/000.p/1", (2, 0, 1)),
        ("tile/63/999.p/255", (63, 999, 255)),
        ("tile/10/x001/000", (10, 1000, 256)),
        ("tile/entries/x001/067", (None, 1067, 256)),
        ("tile/entries/x999/x999/x999/x999/x999/999.p/9", (None, 10**18 - 1, 9)),
    ],
)
def test_paths(path: str, place: tuple[int | None, int, int]):
    level, index, width = place
    assert parse_path(path) == place
    assert (entries_path(index, width) if level is None else tile_path(level, index, width)) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/0/067/",
        "tile/00/067",
        "tile/64/067",
        "tile/-1/067",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/01",
        "tile/0/067.p",
        "tile/0/067.p/",
        "tile/0/\u0660\u0666\u0667",
        "tile/0/067\n",
        "/tile/0/067",
        "tile/data/067",
        "tile/entries/67",
        "tile/entries/../067",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_strange_paths_are_refused(path: str):
    with pytest.raises(FormatError) as caught:
        parse_path(path)
    assert caught.value.rule == "tile"


def test_a_damaged_path_is_refused_or_is_another_place(damaged):
    for path in (tile_path(1, 1067, 17), entries_path(5)):
        for bad in damaged(path.encode()):
            try:
                assert parse_path(bad.decode("latin-1")) != parse_path(path)
            except FormatError:
                pass


@given(st.integers(0, 63), st.integers(0, 10**18 - 1), st.integers(1, 256))
def test_paths_print_back(level: int, index: int, width: int):
    assert parse_path(tile_path(level, index, width)) == (level, index, width)
    assert parse_path(entries_path(index, width)) == (None, index, width)


@pytest.mark.parametrize("place", [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_no_path_leads_out_of_bounds(place: tuple[int, int, int]):
    with pytest.raises(FormatError):
        tile_path(*place)


def test_the_example_of_tlog_tiles():
    """C2SP tlog-tiles, "Partial Tiles": trees of 70,000 and of 256 entries."""
    tiles = list(tiles_of(70_000))
    assert Counter((level, width) for level, _, width in tiles) == {
        (0, 256): 273,
        (0, 112): 1,
        (1, 256): 1,
        (1, 17): 1,
        (2, 1): 1,
    }
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles_of(1)) == [(0, 0, 1)]
    assert list(tiles_of(0)) == []
    contents = grown(MANY, [70_000])
    assert {(*place, len(content) // 32) for place, content in contents.items()} == set(tiles)
    assert contents[2, 0] == root_of(MANY[:65536])


@given(st.integers(0, 200_000), st.integers(0, 70_000))
def test_new_tiles_are_those_that_were_not_there(old_size: int, more: int):
    new = list(new_tiles(old_size, old_size + more))
    assert len(new) == len(set(new))
    assert set(new) == set(tiles_of(old_size + more)) - set(tiles_of(old_size))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 3), st.integers(250, 260), st.integers(0, 2000)), max_size=8))
def test_tiles_grown_in_chunks_equal_tiles_made_at_once(chunks: list[int]):
    size = sum(chunks)
    tiles = grown(MANY, chunks)
    assert tiles == grown(MANY, [size])
    assert {(*place, len(content) // 32) for place, content in tiles.items()} == set(tiles_of(size))


@given(st.integers(0, 600), st.integers(0, 600))
def test_growing_changes_the_new_tiles_and_reads_the_partial_ones(old_size: int, more: int):
    stored, read = grown(MANY, [old_size]), []

    def read_tile(level: int, index: int) -> bytes:
        read.append((level, index))
        return stored[level, index]

    changed = grow(old_size, MANY[old_size : old_size + more], read_tile)
    assert [(level, index, len(content) // 32) for level, index, content in changed] == list(new_tiles(old_size, old_size + more))
    assert len(set(read)) == len(read)
    assert all(len(stored[place]) < 8192 for place in read)


def test_a_tile_written_ahead_of_its_tree_does_no_harm():
    """After a crash between writing tiles and signing, the stored tile is wider than the tree."""
    ahead = grown(MANY, [300])
    assert grow(290, MANY[290:310], lambda level, index: ahead[level, index]) == grow(
        290, MANY[290:310], lambda level, index: grown(MANY, [290])[level, index]
    )


def test_a_tile_that_is_too_short_is_named():
    with pytest.raises(FormatError, match="tile/0/001") as caught:
        grow(300, MANY[:1], lambda level, index: b"\0" * 32 * 43)
    assert (caught.value.rule, caught.value.where) == ("tile", "tile/0/001")
    with pytest.raises(FormatError, match="tile/1/000"):
        node_reader(lambda level, index: b"\0" * 8191)(9, 127)


def test_a_leaf_is_found_in_its_tile_and_nothing_where_the_tile_ends():
    tiles = grown(MANY[:300], [300])
    for index in (0, 1, 255, 256, 257, 299):
        assert leaf_hash_at(lambda level, at: tiles[level, at], index) == MANY[index]
    assert leaf_hash_at(lambda level, at: tiles[level, at], 300) == b""


@pytest.fixture(scope="module")
def tiles() -> dict[tuple[int, int], bytes]:
    return grown(MANY, [70_000])


@given(st.data())
@settings(deadline=None)
def test_proofs_from_tiles(tiles: dict[tuple[int, int], bytes], data: st.DataObject):
    size = data.draw(st.integers(1, 70_000))
    node = node_reader(lambda level, index: tiles[level, index])
    root = root_of(MANY[:size])
    assert subtree_root(0, size, node) == root
    for index in data.draw(st.lists(st.integers(0, size - 1), max_size=5)):
        verify_inclusion(MANY[index], index, size, prove_inclusion(index, size, node), root)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_tile_of_hashes_has_the_length_of_its_width(length: int):
    with pytest.raises(FormatError) as caught:
        decode_hashes(bytes(length), 1)
    assert caught.value.rule == "tile"


def test_every_damaged_tile_of_hashes_is_refused_or_has_another_root(damaged):
    tile = b"".join(MANY[:5])
    for bad in damaged(tile):
        try:
            assert root_of(decode_hashes(bad, 5)) != root_of(MANY[:5])
        except FormatError:
            pass
    assert decode_hashes(tile, 5) == MANY[:5]


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_entries_print_back(entries: list[bytes]):
    assert decode_entries(encode_entries(entries), len(entries)) == entries


def test_the_largest_entry_fits_and_nothing_larger():
    largest = b"x" * 65_535
    assert encode_entries([b"", largest]) == b"\0\0" + b"\xff\xff" + largest
    assert decode_entries(b"\0\0\xff\xff" + largest, 2) == [b"", largest]
    assert decode_entries(encode_entries([largest] * 256), 256) == [largest] * 256
    for entries in ([largest + b"x"], [], [b""] * 257):
        with pytest.raises(SizeError) as caught:
            encode_entries(entries)
        assert caught.value.rule == "tile"


@pytest.mark.parametrize(
    ("raw", "width"),
    [(b"", 1), (b"\0", 1), (b"\0\1", 1), (b"\0\1a", 2), (b"\0\1a\0", 1), (b"\0\1a\0\0", 1), (b"\0\2a\0\0", 2)],
)
def test_bundles_with_more_or_less_than_they_say_are_refused(raw: bytes, width: int):
    with pytest.raises(FormatError) as caught:
        decode_entries(raw, width)
    assert caught.value.rule == "tile"


def test_every_damaged_bundle_is_refused_or_has_other_leaves(damaged):
    entries = [b"one", b"", b"three"]
    for bad in damaged(encode_entries(entries)):
        try:
            assert [leaf_hash(entry) for entry in decode_entries(bad, 3)] != [leaf_hash(entry) for entry in entries]
        except InputError:
            pass
