"""Where gifts are on a tape, as ranges: gifts that came in one after the other are one range."""

from __future__ import annotations

from ..books.tape import Span
from ..store.protocol import Store


class GiftRanges:
    """Inflows that are not gifts are indexed one by one; everything between them is gifts. A tape only grows, so what was read once
    is kept and is true at every tree size."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[int, list[Span]]] = {}

    def on(self, tape: str, end: int) -> list[Span]:
        """The gifts among the first `end` units that came into a tape, without their fees, as disjoint ranges, ascending."""
        gifts, at = [], 0
        for low, high in self._others(tape, end):
            if at < min(low, end):
                gifts.append((at, min(low, end)))
            at = high
        return [*gifts, *([(at, end)] if at < end else [])]

    def _others(self, tape: str, end: int) -> list[Span]:
        """The ranges of inflows that are not gifts, if they begin before `end`; they may extend beyond it."""
        seen, spans = self._known.get(tape, (0, []))
        if end > seen:
            for low, high, _, _ in self._store.inflows(tape, seen, end):
                if spans and spans[-1][1] == low:
                    low = spans.pop()[0]
                spans.append((low, high))
            self._known[tape] = (end, spans)
        return spans
