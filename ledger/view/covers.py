"""Which units of gifts were spent and then refunded from another fund."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..books.tape import Span
from ..entries.store_flows import Trail
from ..store.protocol import Place
from .listing import MOST, find


class Covers:
    """The covers of all refunds, read once each and kept: a refund is never undone."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[int, Span]]] = defaultdict(list)
        self._after: Place | None = None
        self._tree_size = 0

    def on(self, trail: Trail, tape: str) -> list[Span]:
        """The units of a tape that are covered in the ledger that the trail reads."""
        while self._tree_size < trail.tree_size:
            self._read_page(trail)
        return [span for entry, span in self._known.get(tape, ()) if entry < trail.tree_size]

    def _read_page(self, trail: Trail) -> None:
        page = find(trail, ["kind:refund"], self._after, MOST, newest_first=False)
        for item in page.items:
            refund: Any = item.record
            entry = item.leaf.entry.index
            covered = refund.cover.units if refund.cover else ()
            self._known[f"{refund.fund}/{refund.unit}"] += [(entry, span) for span in covered]
            self._after = (entry, int(item.ref.partition(".")[2]))
        if page.next is None:
            self._tree_size = trail.tree_size
