"""The reading side of a trace over a ledger in memory: every flow is looked at, no index is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ledger.books.record import Target
from ledger.books.state import Books
from ledger.books.tape import Span
from ledger.books.trace import Passage
from ledger.entries.leaf import Leaf
from tests.books.by_hand import record
from tests.language import flows_of


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


class Few:
    """`ledger.books.trace.Flows` over a few records by their names, each said in the tests' language by hope, with its flows."""

    def __init__(self, books: Books, records: dict[str, tuple[str, list[str]]],
        covers: Sequence[tuple[str, list[Span]]] = ()) -> None:
        self.books, self._covers = books, covers
        self._targets = {
            ref: Target(record(text), flows_of(rows), "hope", f"2026-09-{1 + n % 30:02}T10:00:00Z")
            for n, (ref, (text, rows)) in enumerate(records.items())
        }  # fmt: skip

    def _passages(self, tape: str, sign: str, start: int, end: int) -> list[Passage]:
        return sorted(
            Passage(low, high, *map(int, ref.split(".")))
            for ref, target in self._targets.items() for _, at, name, low, high in target.rows
            if (at, name) == (sign, tape) and low < end and start < high
        )  # fmt: skip

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        return self._passages(tape, "-", start, end)

    def inflows(self, tape: str, start: int, end: int) -> list[Passage]:
        return self._passages(tape, "+", start, end)

    def target(self, entry: int, record: int) -> Target:
        return self._targets[f"{entry}.{record}"]

    def claims_on(self, entry: int, record: int) -> list[tuple[str, dict[str, Any]]]:
        """What covers units of a gift, and a claim of another kind."""
        return [("9.9", {"finding": "none"}), *((by, {"cover": spans}) for by, spans in self._covers)]
