"""Numbers that look random but are the same everywhere: SHA-256 over a seed and a counter."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
BLOCK = 1 << 256
SPARE = 1 << 64


class Chance:
    """One stream of numbers. Each block is used until too little of it is left for an even choice."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._blocks = 0
        self._left, self._room = 0, 1

    def block(self) -> bytes:
        """The next 32 bytes."""
        self._blocks += 1
        return hashlib.sha256(b"%b/%d" % (self._seed, self._blocks)).digest()

    def below(self, bound: int) -> int:
        """A number from 0 to bound - 1."""
        if self._room < bound * SPARE:
            self._left, self._room = int.from_bytes(self.block()), BLOCK
        self._left, number = divmod(self._left, bound)
        self._room //= bound
        return number


class Lot(Generic[Thing]):
    """Things to draw from, with their weights."""

    def __init__(self, weights: Sequence[tuple[int, Thing]]) -> None:
        self._things = [thing for _, thing in weights]
        self._marks = list(accumulate(weight for weight, _ in weights))

    def draw(self, chance: Chance) -> Thing:
        """One of them, by its weight."""
        return self._things[bisect_right(self._marks, chance.below(self._marks[-1]))]
