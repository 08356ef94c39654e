"""What may be claimed once: units of a record that claims of one kind name, kept as the ranges that they are together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from .tape import Span


class Claimed:
    """Ranges of units, apart from one another. What was added twice is in it once."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def holds_some(self, start: int, end: int) -> bool:
        """Whether any unit of [start, end) was added."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start

    def add(self, spans: Iterable[Span]) -> None:
        """Add ranges; those that overlap or touch what is there become one with it."""
        for start, end in spans:
            low, high = bisect_left(self._ends, start), bisect_right(self._starts, end)
            if low < high:
                start, end = min(start, self._starts[low]), max(end, self._ends[high - 1])
            self._starts[low:high], self._ends[low:high] = [start], [end]
