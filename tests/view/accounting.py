"""A line of accounts as a bookkeeper would add it up: every record that is not void, by what its flows moved over the edge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from ledger.entries.leaf import Leaf
from tests.view.naive import Naive, Place

Lists = dict[tuple[str, str], dict[Place, int]]
"""By term and unit, what each record adds to it."""


class Bookkeeper:
    """What the records of a ledger moved, by term, over the edge of a set of funds."""

    def __init__(self, naive: Naive) -> None:
        self.naive = naive
        self.undone = defaultdict[Place, Counter[str]](Counter)
        self.void = set[Place]()
        for leaf, number, record in self._records():
            if record.kind == "reversal":
                of = self._named(leaf, record.of)
                self.undone[of].update(moved(leaf, number))
                if record.units is None or not any((self.undone[of] + self._moved_at(of)).values()):
                    self.void.add(of)
        self.left = Counter[str]()
        for _, tape, sign, start, end in naive.flows():
            self.left[tape] += end - start if sign == "+" else start - end

    def lists(self, held: Collection[str]) -> Lists:
        """The list behind each term, without records that add nothing."""
        found: Lists = defaultdict(dict)
        for leaf, number, record in self._records():
            place = (leaf.entry.index, number)
            if record.kind == "reversal" or place in self.void:
                continue
            crossed = Counter[str]()
            for tape, amount in moved(leaf, number).items():
                fund, unit = tape.split("/")
                crossed[unit] += (amount + self.undone[place][tape]) if fund in held else 0
            for term, unit, amount in self._terms(place, record, crossed, held):
                found[term, unit][place] = amount
        return {key: {place: amount for place, amount in rows.items() if amount} for key, rows in found.items()}

    def _terms(self, place: Place, record: Any, crossed: Counter[str], held: Collection[str]) -> list[tuple[str, str, int]]:
        """(term, unit, amount) of a record. `crossed` has what its flows moved in and out of these funds."""
        kind, name = record.kind, {
            "allocation": "moved", "exchange": "exchanged", "write-off": "written-off", "delivery": "delivered",
            "payment-return": "returned",
        }.get(record.kind, record.kind)  # fmt: skip
        if kind == "donation":
            fee = record.fee or 0
            return [("given", record.unit, crossed[record.unit] + fee), ("fees", record.unit, -fee)] if record.fund in held else []
        if kind == "income":
            name = "opening" if record.income_class == "opening-balance" else "income"
        if kind == "refund":
            fee = record.fee if record.fee and not record.fee_from and record.fund in held else 0
            return [("fees", record.unit, fee), ("refunded", record.unit, crossed[record.unit] - fee)]
        if kind == "receipt":
            inside = self.naive.records[self._at(place, record.of)].fund in held
            return [("granted", unit, amount) for unit, amount in crossed.items() if not inside]
        if kind == "payment-return" and self._at(place, record.of) in self.void:
            return []
        if kind in ("payment", "delivery"):
            out = crossed[record.unit] + (self._taken(place, held) if record.fund in held else 0)
            name = "paid" if kind == "payment" else "delivered"
            return [(name, record.unit, out), *(("bought", unit, n) for unit, n in crossed.items() if unit != record.unit)]
        return [(name, unit, amount) for unit, amount in crossed.items()]

    def _taken(self, place: Place, held: Collection[str]) -> int:
        """What receipts took of a payment into these funds."""
        return sum(
            one.amount for at, one in self.naive.records.items()
            if one.kind == "receipt" and one.into in held and at not in self.void and self._at(at, one.of) == place
        )  # fmt: skip

    def _records(self) -> list[tuple[Leaf, int, Any]]:
        return [(leaf, number, record) for leaf in self.naive.leaves for number, record in enumerate(leaf.statement.records)]

    def _moved_at(self, place: Place) -> Counter[str]:
        return moved(self.naive.leaves[place[0]], place[1])

    def _named(self, leaf: Leaf, of: str) -> Place:
        return self._at((leaf.entry.index, 0), of)

    def _at(self, place: Place, of: str) -> Place:
        entry, _, number = (f"{place[0]}.{of[1:]}" if of[0] == "@" else of).partition(".")
        return int(entry), int(number)


def moved(leaf: Leaf, number: int) -> Counter[str]:
    """What a record moved on each tape."""
    found = Counter[str]()
    for _, sign, tape, start, end in leaf.rows(number):
        found[tape] += end - start if sign == "+" else start - end
    return found
