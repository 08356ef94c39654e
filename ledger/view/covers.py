"""Which units of gifts were spent and then refunded from another fund."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..books.tape import Span
from ..entries.store_flows import StoreFlows
from ..store.protocol import Place
from .page_size import MOST


class Covers:
    """The covers of all refunds. Each refund is read once and kept, because it is never undone."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[int, Span]]] = defaultdict(list)
        self._next: Place = (0, 0)
        self._tree_size = 0

    def on(self, store_flows: StoreFlows, tape: str) -> list[Span]:
        """The covered units of a tape, in the ledger that the flows come from."""
        while self._tree_size < store_flows.tree_size:
            self._read_page(store_flows)
        return [span for entry, span in self._known.get(tape, ()) if entry < store_flows.tree_size]

    def _read_page(self, store_flows: StoreFlows) -> None:
        places = store_flows.store.mentions("kind:refund", self._next, (store_flows.tree_size, 0), MOST)
        for entry, number in places:
            refund: Any = store_flows.target(entry, number).record
            covered = refund.cover.units if refund.cover else ()
            self._known[f"{refund.fund}/{refund.unit}"] += [(entry, span) for span in covered]
            self._next = (entry, number + 1)
        if len(places) < MOST:
            self._tree_size = store_flows.tree_size
