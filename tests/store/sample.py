"""Batches whose content follows from their place alone, so that a test knows what a store of any size has to hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ledger.store.protocol import BLOCK_ENTRIES, Batch, Store
from ledger.store.sqlite import SqliteStore

TAPE = "hope-school/CNY"
UNITS = 10
TILE_HASHES = 256
KEYS_AN_ENTRY = 3
FOREVER = 2**53


def key(index: int, record: int) -> bytes:
    """The key that record of that entry holds, and no other."""
    return hashlib.blake2b(b"%d.%d" % (index, record), digest_size=16).digest()


def entry(index: int) -> bytes:
    """An entry of 60 to 3,000 bytes that holds its keys as lines of hex."""
    lines = [b"entry %d" % index, *(key(index, record).hex().encode() for record in range(KEYS_AN_ENTRY))]
    return b"\n".join([*lines, b"." * (index * 37 % 2900)])


def keys_of(raw: bytes, index: int) -> list[tuple[bytes, int]]:
    """What a store asks to make its unique index again."""
    assert raw.startswith(b"entry %d\n" % index)
    return [(bytes.fromhex(line.decode()), record) for record, line in enumerate(raw.split(b"\n")[1 : 1 + KEYS_AN_ENTRY])]


def tile(number: int, size: int) -> bytes:
    """Tile `number` of level 0 in a tree of that size."""
    indexes = range(number * TILE_HASHES, min(size, (number + 1) * TILE_HASHES))
    return b"".join(hashlib.sha256(b"%d" % index).digest() for index in indexes)


def row(size: int) -> bytes:
    """The one row that every batch changes."""
    return b'{"size":%d}' % size


def flow(index: int) -> tuple[str, str, int, int, int, int]:
    """Even entries take units out, odd ones bring units in that are no gift's."""
    return TAPE, "+" if index % 2 else "-", index * UNITS, (index + 1) * UNITS, index, 0


def blocks(first: int, size: int) -> list[tuple[int, int, int]]:
    """(block, from, to) of the parts of blocks that the entries [first, size) are."""
    numbers = range(first // BLOCK_ENTRIES, -(-size // BLOCK_ENTRIES))
    return [(number, max(first, number * BLOCK_ENTRIES), min(size, (number + 1) * BLOCK_ENTRIES)) for number in numbers]


def rows_of(first: int, size: int) -> list[tuple[int, str, str, bytes]]:
    """The rows that the entries [first, size) change, block by block: one that is always the same, and one of each entry."""
    return [
        (block, *changed)
        for block, low, high in blocks(first, size)
        for changed in [("tape", TAPE, row(high)), *(("party", f"p{index}", b"{}") for index in range(low, high))]
    ]


def mention(index: int) -> tuple[str, int, int]:
    """Each entry names one of three things, in a record of its own."""
    return f"fund:{index % 3}", index, index % 7


def batch(first: int, count: int) -> Batch:
    """The entries [first, first + count) and all that goes with them."""
    size = first + count
    indexes = range(first, size)
    return Batch(
        first=first,
        entries=[entry(index) for index in indexes],
        tiles=[(0, number, tile(number, size)) for number in range(first // TILE_HASHES, (size - 1) // TILE_HASHES + 1)],
        rows=rows_of(first, size),
        flows=[flow(index) for index in indexes],
        spans=[(f"{TAPE}-{index % 3}", index * UNITS, index) for index in indexes],
        claims=[(index // 2, 1, index, 0, b'{"by":%d}' % index) for index in indexes],
        mentions=[mention(index) for index in indexes],
        keys=[(key(index, record), index, record) for index in indexes for record in range(KEYS_AN_ENTRY)],
    )


def fill(store: Store, *sizes: int) -> None:
    """Append batches of those sizes."""
    for count in sizes:
        store.append(batch(store.tree_size, count))


def check_exact(store: Store, indexes: Iterable[int]) -> None:
    """The keys of those entries are found where they are, and nowhere else."""
    places = [(index, record) for index in indexes for record in range(KEYS_AN_ENTRY)]
    assert store.candidates([key(*place) for place in places]) == [[place] for place in places]


def check_holds(store: Store, size: int) -> None:
    """The store holds the first `size` entries with everything derived from them, and nothing else."""
    assert store.tree_size == size
    assert list(store.entries(0, size)) == [entry(index) for index in range(size)]
    for number in range(size // TILE_HASHES + 2):
        assert store.tile(0, number) == tile(number, size)
    assert dict(store.rows("tape")) == ({TAPE: row(size)} if size else {})
    assert dict(store.rows("party")) == {f"p{index}": b"{}" for index in range(size)}
    assert list(store.history(0, size)) == [changed[1:] for changed in sorted(rows_of(0, size))]
    for residue in range(3):
        found = store.mentions(f"fund:{residue}", (0, 0), (FOREVER, 0), size)
        assert found == [mention(index)[1:] for index in range(residue, size, 3)]
    flows = [flow(index) for index in range(size)]
    assert store.outflows(TAPE, 0, FOREVER) == [f[2:] for f in flows if f[1] == "-"]
    assert store.inflows(TAPE, 0, FOREVER) == [f[2:] for f in flows if f[1] == "+"]
    for residue in range(3):
        assert list(store.spans(f"{TAPE}-{residue}", 0, FOREVER)) == list(range(residue, size, 3))
    for index in range(size // 2 + 1):
        wanted = [by for by in (2 * index, 2 * index + 1) if by < size]
        assert store.claims_on(index, 1) == [(by, 0, b'{"by":%d}' % by) for by in wanted]
    check_exact(store, range(size))
    assert store.candidates([key(size, 0), key(size + 1, 2)]) == [[], []]


def write_again(directory: Path) -> SqliteStore:
    """Open a store of samples for writing."""
    return SqliteStore.open(directory, write=True, keys_of=keys_of)


def flip(path: Path, offset: int, content: bytes) -> None:
    """Overwrite a part of a file."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)
