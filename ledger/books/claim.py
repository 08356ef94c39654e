"""Which units were claimed: units of one record that claims of one kind name, kept as ranges. No unit can be claimed twice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from .tape import Span


class Claimed:
    """A set of units, as disjoint ranges. Adding a unit twice has no further effect."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def holds_some(self, start: int, end: int) -> bool:
        """Whether any unit of [start, end) was added."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start

    def add(self, spans: Iterable[Span]) -> None:
        """Add ranges. Ranges that overlap or touch are joined."""
        for start, end in spans:
            low, high = bisect_left(self._ends, start), bisect_right(self._starts, end)
            if low < high:
                start, end = min(start, self._starts[low]), max(end, self._ends[high - 1])
            self._starts[low:high], self._ends[low:high] = [start], [end]
