"""What the records of one kind say that the books do not keep. Each record is read once and kept, because entries do not change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ..books.flows import Target
from ..entries.store_flows import StoreFlows
from ..store.protocol import Place
from .page_size import MOST

Fact = TypeVar("Fact")


class KindReader(Generic[Fact]):
    """A fact of every record of a kind, in the order of the log. `read` is given the flows and the record, with its reference."""

    def __init__(self, kind: str, read: Callable[[StoreFlows, str, Target], Fact]) -> None:
        self._term, self._read = f"kind:{kind}", read
        self._places: list[Place] = []
        self._facts: list[Fact] = []
        self._tree_size = 0

    def until(self, store_flows: StoreFlows) -> Sequence[Fact]:
        """The facts of the records in the ledger that the flows come from."""
        while self._tree_size < store_flows.tree_size:
            self._read_page(store_flows)
        return self._facts[: bisect_left(self._places, (store_flows.tree_size, 0))]

    def _read_page(self, store_flows: StoreFlows) -> None:
        entry, number = self._places[-1] if self._places else (0, -1)
        places = store_flows.store.mentions(self._term, (entry, number + 1), (store_flows.tree_size, 0), MOST)
        for place in places:
            fact = self._read(store_flows, f"{place[0]}.{place[1]}", store_flows.target(*place))
            self._places.append(place)
            self._facts.append(fact)
        if len(places) < MOST:
            self._tree_size = store_flows.tree_size
