"""The reading side of a trace over a ledger in memory: every flow is looked at, no index is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.books.record import Target
from ledger.books.state import Books
from ledger.books.trace import Passage
from ledger.leaf import Leaf


class Plain:
    """`ledger.books.trace.Flows` over a list of leaves."""

    def __init__(self, books: Books, leaves: list[Leaf]) -> None:
        self.books, self._leaves = books, leaves

    def _passages(self, tape: str, sign: str, start: int, end: int) -> Iterator[Passage]:
        for leaf in self._leaves:
            for number, at, name, low, high in leaf.entry.flows:
                if (at, name) == (sign, tape) and low < end and start < high:
                    yield Passage(low, high, leaf.entry.index, number)

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        return sorted(self._passages(tape, "-", start, end))

    def inflows(self, tape: str, start: int, end: int) -> list[Passage]:
        return sorted(self._passages(tape, "+", start, end))

    def target(self, entry: int, record: int) -> Target:
        target = self._leaves[entry].target(record)
        assert target is not None
        return target

    def claims_on(self, entry: int, record: int) -> list[tuple[str, dict[str, Any]]]:
        """Refunds that cover units are the only claims that a trace asks for."""
        claims = []
        for leaf in self._leaves:
            for number, said in enumerate(leaf.statement.records):
                if said.kind == "refund" and said.gift == f"{entry}.{record}":
                    cover = said.cover.units if said.cover else ()
                    claims.append((f"{leaf.entry.index}.{number}", {"units": said.units or (), "cover": cover}))
        return claims
