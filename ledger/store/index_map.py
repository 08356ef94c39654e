"""The map of the unique index, in memory: from the leading bits of a key to the number of its bucket."""

from __future__ import annotations

import struct
from array import array

KEY_BITS = 32
LEADING = struct.Struct(">I")


class IndexMap:
    """`cells[leading 32 bits of a key >> shift]` is the number of its bucket; 0 if none is known.

    `chained` maps a bucket to the one that continues it. `space` is how many of the 2^32 leading values the buckets claim; a value
    that two buckets claim counts twice.
    """

    def __init__(self) -> None:
        self.cells = array("I", [0])
        self.depth = 0
        self.shift = KEY_BITS
        self.chained: dict[int, int] = {}
        self.space = 0

    def at(self, key: bytes) -> int:
        """The first bucket for the key."""
        leading: int = LEADING.unpack_from(key)[0]
        return self.cells[leading >> self.shift]

    def enrol(self, number: int, depth: int, prefix: int, parent: int) -> None:
        """Add a new bucket. Buckets come in the order of their numbers, so half of a split overrides the bucket that was split."""
        if parent:
            self.chained[parent] = number
            return
        self.point(number, depth, prefix)
        self.space += 1 << (KEY_BITS - depth)

    def point(self, number: int, depth: int, prefix: int) -> None:
        """Map the keys of this prefix to this bucket instead of the one they had."""
        while self.depth < depth:
            self._grow()
        width = 1 << (self.depth - depth)
        self.cells[prefix * width : (prefix + 1) * width] = array("I", [number]) * width

    def sibling(self, depth: int, prefix: int) -> int:
        """The bucket of the keys that differ from `prefix` in its last bit; 0 if none is known."""
        return self.cells[(prefix ^ 1) << (self.depth - depth)] if depth else 0

    def tiles_exactly(self) -> bool:
        """Whether every key has a bucket and no two buckets claim the same key."""
        return self.space == 1 << KEY_BITS and self.cells.count(0) == 0

    def _grow(self) -> None:
        cells = array("I", bytes(2 * len(self.cells) * self.cells.itemsize))
        cells[0::2] = self.cells
        cells[1::2] = self.cells
        self.cells = cells
        self.depth += 1
        self.shift -= 1
