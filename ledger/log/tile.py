"""The log as static files: tiles of hashes and bundles of entries (C2SP tlog-tiles, height 8).

    tile/<level>/<index>[.p/<width>]      up to 256 hashes of 32 bytes, one after the other
    tile/entries/<index>[.p/<width>]      up to 256 entries, each after its length as a big-endian uint16

At level 0 each hash is a leaf hash; at higher levels it is the root over one full tile of the level below. A tile of fewer than 256
hashes is partial, and its path gives its width. `read_tile(level, index)` returns the bytes of the widest stored version of a tile.
Hashes beyond the tree in question are ignored, so a tile that was written before its tree was signed is harmless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from ..errors import FormatError, SizeError, shown
from .merkle import HASH_BYTES, Node, root_of

CHECKPOINT, TILES = "checkpoint", "tile"
TIMESTAMPS = "timestamps"
TOKEN_BYTES = 65_536
"""The paths of the signed head and of the tiles, below the address or the folder of a log."""
HEIGHT = 8
FULL_WIDTH = 1 << HEIGHT
MAX_LEVEL = 63
MAX_ENTRY_BYTES = 65_535
CACHED_TILES = 64
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII)

ReadTile = Callable[[int, int], bytes]


def tile_path(level: int, index: int, width: int = FULL_WIDTH) -> str:
    """`tile/0/x001/067`, with `.p/<width>` when the tile is partial. Raises FormatError if a number is out of bounds."""
    if not 0 <= level <= MAX_LEVEL:
        raise FormatError(f"tile level {level}: must be 0 to {MAX_LEVEL}", rule="tile")
    return f"tile/{level}/{_number(index, width)}"


def entries_path(index: int, width: int = FULL_WIDTH) -> str:
    """`tile/entries/x001/067`, with `.p/<width>` when the bundle is partial. Raises FormatError if a number is out of bounds."""
    return f"tile/entries/{_number(index, width)}"


def token_path(size: int) -> str:
    """The path of the timestamp token over the checkpoint of `size` entries, among the files of a log."""
    return f"{TIMESTAMPS}/{size}.tsr"


def parse_path(path: str) -> tuple[int | None, int, int]:
    """The level (None for a bundle of entries), index and width in a path. Raises FormatError unless they print back to `path`."""
    match = _PATH.fullmatch(path)
    if match:
        kind, digits, partial = match.groups()
        index, width = int(digits.replace("x", "").replace("/", "")), int(partial or FULL_WIDTH)
        level = None if kind == "entries" else int(kind)
        if path == (entries_path(index, width) if level is None else tile_path(level, index, width)):
            return level, index, width
    raise FormatError(f"{shown(path)} is not the path of a tile; write tile/<level>/<index>[.p/<width>]", rule="tile")


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle of 1 to 256 entries of at most 65,535 bytes each. Raises SizeError."""
    if not 1 <= len(entries) <= FULL_WIDTH:
        raise SizeError(f"bundle of {len(entries)} entries: must be 1 to {FULL_WIDTH}", rule="tile")
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise SizeError(f"entry of {len(entry)} bytes: a bundle takes up to {MAX_ENTRY_BYTES}", rule="tile")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def decode_entries(raw: bytes, width: int) -> list[bytes]:
    """The entries of a bundle of exactly `width` entries and nothing else. Raises FormatError."""
    entries, start = [], 0
    for _ in range(width):
        end = start + 2 + int.from_bytes(raw[start : start + 2])
        entries.append(raw[start + 2 : end])
        start = end
    if start != len(raw):  # also if the last entry was cut off: `start` is then beyond the bytes
        raise FormatError(
            f"bundle of {len(raw)} bytes: is not {width} entries, each after its length; get another copy of it", rule="tile"
        )
    return entries


def decode_hashes(raw: bytes, width: int) -> list[bytes]:
    """The hashes of a tile of exactly `width` hashes. Raises FormatError."""
    if len(raw) != width * HASH_BYTES:
        raise FormatError(f"tile of {len(raw)} bytes: is not {width} hashes; get another copy of it", rule="tile")
    return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]


def tiles_of(tree_size: int) -> Iterator[tuple[int, int, int]]:
    """(level, index, width) of every hash tile of a tree. For those at level 0 there is a bundle of entries too."""
    return new_tiles(0, tree_size)


def new_tiles(old_size: int, new_size: int) -> Iterator[tuple[int, int, int]]:
    """The tiles in `tiles_of(new_size)` that are not in `tiles_of(old_size)`, level by level; old_size <= new_size.

    A level has one hash per full tile of the level below, so its size is that of the level below divided by 256, rounded down. The
    first tile that differs is the one that the last hash of the old tree left partial, or the next one if that tile was full.
    """
    level = 0
    while new_size > 0:
        if new_size > old_size:
            for index in range(old_size // FULL_WIDTH, -(-new_size // FULL_WIDTH)):
                yield level, index, min(FULL_WIDTH, new_size - index * FULL_WIDTH)
        level, old_size, new_size = level + 1, old_size >> HEIGHT, new_size >> HEIGHT


def grow(tree_size: int, leaf_hashes: Iterable[bytes], read_tile: ReadTile) -> list[tuple[int, int, bytes]]:
    """Append leaves to a tree of `tree_size`: (level, index, new content) of every tile that this changes.

    `read_tile` is called only for the partial tiles of the old tree, one per level. The content is the whole tile, 32 bytes per
    hash. Raises FormatError if a stored tile is too short.
    """
    changed: list[tuple[int, int, bytes]] = []
    level, fresh = 0, list(leaf_hashes)
    while fresh:
        index, width = divmod(tree_size >> HEIGHT * level, FULL_WIDTH)
        hashes = _read(read_tile, level, index, 0, width) + fresh if width else fresh
        tiles = [hashes[at : at + FULL_WIDTH] for at in range(0, len(hashes), FULL_WIDTH)]
        changed += [(level, index + at, b"".join(tile)) for at, tile in enumerate(tiles)]
        fresh = [root_of(tile) for tile in tiles if len(tile) == FULL_WIDTH]
        level += 1
    return changed


def leaf_hash_at(read_tile: ReadTile, index: int) -> bytes:
    """The hash of leaf `index` from its tile; b"" if the tile does not reach that far."""
    at = index % FULL_WIDTH * HASH_BYTES
    return read_tile(0, index // FULL_WIDTH)[at : at + HASH_BYTES]


def node_reader(read_tile: ReadTile) -> Node:
    """The `node(level, index)` that merkle's proofs need, from tiles. It caches the last 64 tiles, so make one per checkpoint.

    Raises FormatError if a tile is too short for the requested node.
    """
    cached = lru_cache(maxsize=CACHED_TILES)(read_tile)

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        tile_index, first = divmod(index << height, FULL_WIDTH)
        return root_of(_read(cached, tile_level, tile_index, first, 1 << height))

    return node


def _read(read_tile: ReadTile, level: int, index: int, first: int, count: int) -> list[bytes]:
    """`count` hashes of a stored tile, beginning with hash number `first`."""
    raw = read_tile(level, index)[first * HASH_BYTES : (first + count) * HASH_BYTES]
    if len(raw) != count * HASH_BYTES:
        path = tile_path(level, index)
        raise FormatError(f"{path}: holds fewer than {first + count} hashes; restore it", rule="tile", where=path)
    return decode_hashes(raw, count)


def _number(index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= FULL_WIDTH:
        raise FormatError(f"tile {index} of width {width}: must be 0 or more, of width 1 to {FULL_WIDTH}", rule="tile")
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *above, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
    return "".join(f"x{part}/" for part in above) + last + (f".p/{width}" if width < FULL_WIDTH else "")
