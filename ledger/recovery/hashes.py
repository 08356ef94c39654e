"""The leaf hashes of a log that its signed root proves, from tiles and entries of which some are rotten.

A tile is right if its root is the hash in the tile above; the partial tiles at the right edge, one per level, together give the
signed root. If a tile here is wrong, one from another copy may be right, or the tile can be computed from what is below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Protocol

from ..errors import GiveTrailError, Unverifiable
from ..log.checkpoint import Checkpoint
from ..log.merkle import HASH_BYTES, leaf_hash, root_of
from ..log.tile import FULL_WIDTH, HEIGHT, decode_hashes, tile_path

Hashes = list[bytes]


class Copy(Protocol):
    """A copy of a log's tiles and entries, any of which may be damaged or missing."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The hashes of a tile, or anything else. Raises GiveTrailError."""

    def bodies(self, start: int, end: int) -> dict[int, bytes]:
        """The entries [start, end) that are there, by index."""


def proven_tiles(signed: Checkpoint, copies: Sequence[Copy]) -> Iterator[tuple[int, Hashes]]:
    """(first index, leaf hashes) of every tile of leaves, in order. Raises Unverifiable if no copy gives the right one."""
    return _Proof(signed, copies).leaves()


class _Proof:
    """What one signed root proves."""

    def __init__(self, signed: Checkpoint, copies: Sequence[Copy]) -> None:
        self._signed, self._copies = signed, copies

    def leaves(self) -> Iterator[tuple[int, Hashes]]:
        edge = self._edge()
        for level in sorted(edge, reverse=True):
            yield from self._below(level, self._edge_index(level), edge[level])

    def _edge_index(self, level: int) -> int:
        return (self._signed.tree_size >> HEIGHT * level) // FULL_WIDTH

    def _edge(self) -> dict[int, Hashes]:
        """The partial tiles of the tree, by level: the first combination of choices that gives the signed root."""
        size, widths = self._signed.tree_size, dict[int, int]()
        for level in range(size.bit_length() // HEIGHT + 1):
            width = (size >> HEIGHT * level) % FULL_WIDTH
            if width:
                widths[level] = width
        choices = [list(self._choices(level, self._edge_index(level), width)) for level, width in widths.items()]
        for chosen in product(*choices):
            if _root_over(chosen) == self._signed.root:
                return dict(zip(widths, chosen, strict=True))
        raise _unproven("the tiles at the end of the log")

    def _below(self, level: int, index: int, hashes: Hashes) -> Iterator[tuple[int, Hashes]]:
        if level == 0:
            yield index * FULL_WIDTH, hashes
            return
        for number, proven in enumerate(hashes, index * FULL_WIDTH):
            found = next((one for one in self._choices(level - 1, number, FULL_WIDTH) if root_of(one) == proven), None)
            if found is None:
                raise _unproven(tile_path(level - 1, number))
            yield from self._below(level - 1, number, found)

    def _choices(self, level: int, index: int, width: int) -> Iterator[Hashes]:
        """Each possible content of a tile once: as each copy has it, and as computed from what is below, in each copy and in all of
        them combined."""
        seen = set[bytes]()
        for choice in self._all_choices(level, index, width):
            if len(choice) == width and b"".join(choice) not in seen:
                seen.add(b"".join(choice))
                yield choice

    def _all_choices(self, level: int, index: int, width: int) -> Iterator[Hashes]:
        for copy in self._copies:
            yield _hashes_in(copy, level, index, width)
        for copies in [[copy] for copy in self._copies] + [list(self._copies)]:
            yield self._from_below(copies, level, index, width)

    def _from_below(self, copies: Sequence[Copy], level: int, index: int, width: int) -> Hashes:
        start = index * FULL_WIDTH
        if level == 0:
            bodies: dict[int, bytes] = {}
            for copy in copies:
                bodies = copy.bodies(start, start + width) | bodies
            return [leaf_hash(bodies[at]) for at in range(start, start + width) if at in bodies]
        parts = [next((one for copy in copies if (one := _hashes_in(copy, level - 1, at, FULL_WIDTH))), [])
                 for at in range(start, start + width)]  # fmt: skip
        return [root_of(part) for part in parts if part]


def _hashes_in(copy: Copy, level: int, index: int, width: int) -> Hashes:
    """The hashes of a tile in a copy; empty if the copy does not have a tile of that width."""
    try:
        return decode_hashes(copy.tile(level, index, width)[: width * HASH_BYTES], width)
    except GiveTrailError:
        return []


def _root_over(edge: Sequence[Hashes]) -> bytes:
    """The root over the tiles of the right edge, given from the leaf level up."""
    last: Hashes = []
    for hashes in edge:
        last = [root_of([*hashes, *last])]
    return last[0] if last else b""


def _unproven(what: str) -> Unverifiable:
    words = f"{what}: neither this copy nor the others lead to the signed root; give another copy too. Nothing was changed"
    return Unverifiable(words, rule="missing", where=what)
