"""Traces with a pencil: every unit of every gift is moved by itself, as books §1 and §4 say, and nothing is composed of ranges."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from ledger.books.statement_context import Flow
from ledger.entries.leaf import Leaf

Unit = tuple[str, int]
LEVELS = ("recipient-signed", "confirmed", "third-party", "holder-signed", "documented", "self-declared")
OWN = LEVELS[4:]


class Place(NamedTuple):
    """Where a unit of a gift is: its state, and the tape and position where it lies, or whose position it left last."""

    state: str
    tape: str = ""
    at: int = -1


class Pencil:
    """`where[gift, number]` is the place of a unit, `level[gift, number]` the strongest level of its receipts."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self._on: dict[tuple[str, int], list[Unit]] = defaultdict(list)
        self._gone: dict[str, list[tuple[list[Unit], Place]]] = {}
        self._kinds: dict[str, str] = {}
        self._records: dict[str, Any] = {}
        self._said_about: list[tuple[str, Any]] = []
        self._starts: dict[str, int] = {}
        self._returned: dict[str, int] = defaultdict(int)
        self._taken: dict[str, dict[int, Unit]] = defaultdict(dict)
        self._takings: dict[str, str] = {}
        self._came_back: list[tuple[str, int, list[Unit], Place]] = []
        self.where: dict[Unit, Place] = {}
        self.level: dict[Unit, str] = {}
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
        elif record.kind == "feedback" or (record.kind == "receipt" and not record.into):
            self._said_about.append((ref, record))
        outs = [(tape, at) for _, sign, tape, start, end in rows if sign == "-" for at in range(start, end)]
        ins = [(tape, start, end) for _, sign, tape, start, end in rows if sign == "+"]
        if record.kind == "donation":
            self._give(ref, ins, record.amount)
        elif record.kind == "payment-return":
            self._bring_back(record, *ins)
        elif record.kind == "receipt" and record.into:
            self._take(ref, record, *ins)
        elif record.kind == "reversal" and record.of in self._takings:
            self._let_go(record.of, outs)
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

    def _give(self, ref: str, ins: list[tuple[str, int, int]], amount: int) -> None:
        ((tape, start, end),) = ins
        self._starts[ref] = start
        for at in range(start, end):
            self._on[tape, at] = [(ref, at - start)]
        self.where |= {(ref, at): Place("fee", "", at) for at in range(end - start, amount)}

    def _move(self, outs: list[tuple[str, int]], into: tuple[str, int, int]) -> None:
        """Unit u of a out becomes unit ⌊u·b/a⌋ of b in."""
        tape, start, end = into
        for number, place in enumerate(outs):
            self._on[tape, start + number * (end - start) // len(outs)] += self._on.pop(place, [])

    def _take(self, ref: str, record: Any, into: tuple[str, int, int]) -> None:
        """The lowest units that are not taken, as many in one piece, lie in the payee's fund now."""
        tape, start, end = into
        paid, taken = self._gone[record.of], self._taken[record.of]
        low = next(low for low in range(len(paid)) if not any(low + number in taken for number in range(end - start)))
        self._takings[ref] = record.of
        for number in range(end - start):
            units, place = paid[low + number]
            self._on[tape, start + number] += units
            paid[low + number], taken[low + number] = ([], place), (tape, start + number)

    def _let_go(self, receipt: str, outs: list[tuple[str, int]]) -> None:
        """Units that were taken by mistake are where the grant had put them."""
        paid, taken = self._gone[self._takings[receipt]], self._taken[self._takings[receipt]]
        for number, there in [(number, there) for number, there in taken.items() if there in outs]:
            paid[number] = (self._on.pop(there, []), paid[number][1])
            del taken[number]

    def _bring_back(self, record: Any, into: tuple[str, int, int]) -> None:
        """The highest units that have not come back yet lie at the tail now."""
        tape, start, end = into
        self._returned[record.of] += end - start
        paid = self._gone[record.of]
        low = len(paid) - self._returned[record.of]
        for number in range(end - start):
            units, place = paid[low + number]
            self._on[tape, start + number] += units
            self._came_back.append((record.of, low + number, list(units), place))
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
                if number < received:
                    self.level |= dict.fromkeys(units, self._strongest(ref, number))
        self._dispute()

    def _told(self, ref: str) -> dict[str, int]:
        """How many units receipts acknowledge, by level."""
        levels: dict[str, int] = defaultdict(int)
        for _, said in self._said_about:
            if said.kind == "receipt" and said.of == ref:
                levels[said.level] += said.amount
        return levels

    def _strongest(self, ref: str, number: int) -> str:
        """The strongest level at which somebody acknowledges a unit."""
        told = self._told(ref)
        return next(level for level in LEVELS if told[level] > number)

    def _dispute(self) -> None:
        """The first return of units that somebody other than the payer received is where they are, whatever came later. A bank says
        only that they went out."""
        for ref, number, units, place in reversed(self._came_back):
            signed = [amount for level, amount in self._told(ref).items() if level not in (*OWN, "confirmed")]
            if number < max(signed, default=0):
                self.where |= {unit: place._replace(state="disputed") for unit in units}

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
