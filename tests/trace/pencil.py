"""Traces with a pencil: every unit of every gift is moved by itself, as books §1 and §4 say, and nothing is composed of ranges."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from ledger.books.statement_context import Flow
from ledger.entries.leaf import Leaf

Unit = tuple[str, int]


class Place(NamedTuple):
    """Where a unit of a gift is: its state, and the tape and position where it lies, or whose position it left last."""

    state: str
    tape: str = ""
    at: int = -1


class Pencil:
    """`where[gift, number]` is the place of a unit; `moved` counts how often it was moved since it came in."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self._on: dict[tuple[str, int], list[Unit]] = defaultdict(list)
        self._gone: dict[str, list[tuple[list[Unit], Place]]] = {}
        self._kinds: dict[str, str] = {}
        self._records: dict[str, Any] = {}
        self._said_about: list[tuple[str, Any]] = []
        self._starts: dict[str, int] = {}
        self._returned: dict[str, int] = defaultdict(int)
        self.where: dict[Unit, Place] = {}
        self.covered: set[Unit] = set()
        for leaf in leaves:
            for number, record in enumerate(leaf.statement.records):
                rows = [row for row in leaf.entry.flows if row[0] == number]
                self._read(f"{leaf.entry.index}.{number}", record, rows)
        self._settle()

    def _read(self, ref: str, record: Any, rows: list[Flow]) -> None:
        self._records[ref] = record
        if record.kind in ("fund", "project", "activity"):
            self._kinds[record.id] = record.kind
        elif record.kind in ("receipt", "feedback"):
            self._said_about.append((ref, record))
        outs = [(tape, at) for _, sign, tape, start, end in rows if sign == "-" for at in range(start, end)]
        ins = [(tape, start, end) for _, sign, tape, start, end in rows if sign == "+"]
        if record.kind == "donation":
            self._give(ref, ins)
        elif record.kind == "payment-return":
            self._bring_back(record, *ins)
        elif record.kind == "refund":
            self._refund(record, outs)
        elif record.kind == "payment" and record.goods:
            first = 0
            for part, into in zip(record.goods, ins, strict=True):
                self._move(outs[first : first + part.cost], into)
                first += part.cost
        elif outs and ins:
            self._move(outs, *ins)
        elif outs:
            state = "written-off" if record.kind == "write-off" else "paid"
            self._gone[ref] = [(self._on.pop(place, []), Place(state, *place)) for place in outs]

    def _give(self, ref: str, ins: list[tuple[str, int, int]]) -> None:
        (tape, start, end), *fees = ins
        self._starts[ref] = start
        for at in range(start, end):
            self._on[tape, at] = [(ref, at - start)]
        for tape, low, high in fees:
            self.where |= {(ref, end - start + at - low): Place("fee", tape, at) for at in range(low, high)}

    def _move(self, outs: list[tuple[str, int]], into: tuple[str, int, int]) -> None:
        """Unit u of a out becomes unit ⌊u·b/a⌋ of b in."""
        tape, start, end = into
        for number, place in enumerate(outs):
            self._on[tape, start + number * (end - start) // len(outs)] += self._on.pop(place, [])

    def _bring_back(self, record: Any, into: tuple[str, int, int]) -> None:
        """The highest units that have not come back yet lie at the tail now."""
        tape, start, end = into
        self._returned[record.of] += end - start
        paid = self._gone[record.of]
        low = len(paid) - self._returned[record.of]
        for number in range(end - start):
            units, place = paid[low + number]
            self._on[tape, start + number] += units
            paid[low + number] = ([], place)

    def _refund(self, record: Any, outs: list[tuple[str, int]]) -> None:
        own = sum(end - start for start, end in record.units or ())
        for place in outs[:own]:
            self.where |= {unit: Place("refunded", *place) for unit in self._on.pop(place, [])}
        for place in outs[own:]:
            self.where |= {unit: Place("written-off", *place) for unit in self._on.pop(place, [])}
        for start, end in record.cover.units if record.cover else ():
            self.covered |= {(record.gift, at - self._starts[record.gift]) for at in range(start, end)}

    def _settle(self) -> None:
        for (tape, at), units in self._on.items():
            state = "allocated" if self._kinds[tape.partition("/")[0]] == "activity" else "held"
            self.where |= {unit: Place(state, tape, at) for unit in units}
        for ref, places in self._gone.items():
            received, reported = self._answered(ref, len(places) - self._returned[ref])
            for number, (units, place) in enumerate(places):
                state = "reported" if number < reported else "received" if number < received else place.state
                self.where |= {unit: place._replace(state=state) for unit in units}

    def _answered(self, ref: str, kept: int) -> tuple[int, int]:
        """How many units, from the lowest, were received, and how many of them before a feedback about them."""
        disbursed = self._records[ref]
        if disbursed.kind == "write-off":
            return 0, 0
        levels: dict[str, int] = defaultdict(int)
        reported = 0
        day = disbursed.paid_on if disbursed.kind == "payment" else disbursed.delivered_on
        for _, said in self._said_about:
            if said.kind == "receipt" and said.of == ref:
                levels[said.level] += said.amount
            elif said.kind == "feedback":
                named = ref in (said.payments or ())
                if named or (said.activity == disbursed.fund and said.from_day <= day <= said.to_day):
                    reported = max(levels.values(), default=0)
        return min(kept, max(levels.values(), default=0)), min(kept, reported)
