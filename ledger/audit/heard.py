"""What the records of a bundle say, and their flows as a trace reads them.

The rules that only the whole ledger can settle are left out: a record that names a party which the bundle does not hold, such as a
payee without a key, still says what it says. A record whose flows are not those of what it says is found, and not heard.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any, NamedTuple

from ..books.act import Act, Flow, Leg
from ..books.fold import local_day
from ..books.record import Record, Target, size
from ..books.state import Books
from ..books.tape import Span, Tape
from ..books.trace import Passage
from ..canonical import MAX_INTEGER
from ..errors import NotFound, Refused, Unverifiable
from ..leaf import Leaf
from .finding import Finding
from .standing import OF_KEYS

# How many steps, each counted with the records that led to it, a trace takes at most: some seconds, some ten MiB.
STEPS = 4_000_000
UNFIT = "its flows are not those of what it says"

Place = tuple[int, int]


class Heard(NamedTuple):
    """The books; every record by its place; claims by the record they are about; records whose flows do not fit them, and what is
    found of these."""

    books: Books
    targets: dict[Place, Target]
    claims: dict[Place, list[tuple[str, dict[str, Any]]]]
    unfit: set[Place]
    findings: list[Finding]


def hear(leaves: dict[int, Leaf]) -> Heard:
    """Hear the records of these entries in their order. Raises Refused for a time that the calendar does not have."""
    heard = Heard(Books(), {}, {}, set(), [])
    books = heard.books
    books.faults = []
    for tape in {row[2] for leaf in leaves.values() for row in leaf.entry.flows}:
        books.tape.load(tape, Tape(MAX_INTEGER))
    for index, leaf in sorted(leaves.items()):
        act, rows = Act(leaf.said(), local_day(books, leaf.entry.time)), _by_record(leaf.entry.flows)
        for act.number, record in enumerate(leaf.statement.records):
            _hear_record(heard, record, act, rows.get(act.number, []))
        for claim in act.claims:
            heard.claims.setdefault((claim.entry, claim.record), []).append((f"{index}.{claim.number}", claim.facts))
        books.commit(keep=False)
        books.faults.clear()
    return heard


def _by_record(flows: Sequence[Flow]) -> dict[int, list[Flow]]:
    rows: dict[int, list[Flow]] = {}
    for row in flows:
        rows.setdefault(row[0], []).append(row)
    return rows


def _hear_record(heard: Heard, record: Record, act: Act, rows: list[Flow]) -> None:
    place = (act.index, act.number)
    heard.targets[place] = Target(record, rows, act.party, act.time)
    sums = _sums(record)
    legs = _legs(heard.books, record, act) if sums else None
    if legs is None or not _fits(rows, legs, record):
        heard.unfit.add(place)
        if legs or not rows or not sums:
            heard.findings.append(Finding(*place, "tape-flow", UNFIT))
        return
    with suppress(Refused):
        record.check(heard.books, act)
    if record.kind not in OF_KEYS:
        with suppress(Refused):
            record.post(heard.books, act, rows)


def _sums(record: Record) -> bool:
    """Whether the units that a record names, if it does, are as many as it says."""
    units, amount = getattr(record, "units", None), getattr(record, "amount", None)
    return units is None or amount is None or size(units) == amount


def _legs(books: Books, record: Record, act: Act) -> Sequence[Leg] | None:
    """What a record moves; None where the bundle does not hold what it names."""
    try:
        return record.legs(books, act)
    except Refused:
        return None


def _fits(rows: Sequence[Flow], legs: Sequence[Leg], record: Record) -> bool:
    """Whether flows move what the legs move, in their order: everything out first, then everything in, each in one piece. Which
    units are taken where none are named is settled by a full audit."""
    named = getattr(record, "units", ()) is not None
    at = 0
    for leg in legs:
        first, taken = at, 0
        while leg.out and taken < leg.out_amount and at < len(rows) and rows[at][1:3] == ["-", leg.out]:
            taken, at = taken + rows[at][4] - rows[at][3], at + 1
        if taken != leg.out_amount or (named and leg.units and _spans(rows[first:at]) != tuple(leg.units)):
            return False
    given = [(sign, tape, end - start) for _, sign, tape, start, end in rows[at:]]
    return given == [("+", leg.into, leg.in_amount) for leg in legs if leg.into]


def _spans(rows: Sequence[Flow]) -> tuple[Span, ...]:
    return tuple((start, end) for *_, start, end in rows)


class BundleFlows:
    """A trace's reading side over the entries of a bundle (`ledger.books.trace.Flows`), of which `disorder` finds nothing.

    Raises Unverifiable where a trace takes more than STEPS."""

    def __init__(self, leaves: dict[int, Leaf], heard: Heard) -> None:
        self.books, self._heard, self._left = heard.books, heard, STEPS
        self._out, self._into = _passages(leaves, "-"), _passages(leaves, "+")
        self._depth: dict[Place, int] = {}
        for place in sorted(heard.targets):
            self._depth[place] = 1 + max(self._depths_before(place), default=0)

    def _depths_before(self, place: Place) -> Iterator[int]:
        target = self._heard.targets[place]
        for _, sign, tape, start, end in target.rows:
            if sign == "-":
                yield from (self._depth.get((into.entry, into.record), 0) for into in self.inflows(tape, start, end))
        of = getattr(target.record, "of", None)
        if of is not None:
            entry, _, record = of.partition("." if of[0] != "@" else "@")
            yield self._depth.get((int(entry or place[0]), int(record)), 0)

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows out of a tape that overlap [start, end), ascending."""
        return _overlapping(self._out.get(tape, []), start, end)

    def inflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows into a tape that overlap [start, end), ascending."""
        return _overlapping(self._into.get(tape, []), start, end)

    def target(self, entry: int, record: int) -> Target:
        """The record of that name. Raises NotFound; Refused where its flows are not those of such a record."""
        place = (entry, record)
        target = self._heard.targets.get(place)
        if target is None:
            raise NotFound(f"{entry}.{record}: is not in the bundle", rule="bundle")
        if place in self._heard.unfit:
            raise Refused(UNFIT, rule="tape-flow", where=f"{entry}.{record}")
        row = self.books.disbursement.get(f"{entry}.{record}")
        parts = 1 + (len(row.receipts) + len(row.feedbacks) + len(row.returns) if row else 0)
        self._left -= parts * self._depth[place]
        if self._left < 0:
            raise Unverifiable(f"it takes more than {STEPS} steps; verify the whole log", rule="size-limit")
        return target

    def claims_on(self, entry: int, record: int) -> list[tuple[str, dict[str, Any]]]:
        """Every claim that a record of the bundle makes about a record, ascending."""
        return self._heard.claims.get((entry, record), [])


def _passages(leaves: dict[int, Leaf], sign: str) -> dict[str, list[Passage]]:
    """The flows of one sign by tape, ascending."""
    found: dict[str, list[Passage]] = {}
    for index, leaf in leaves.items():
        for number, at, tape, start, end in leaf.entry.flows:
            if at == sign:
                found.setdefault(tape, []).append(Passage(start, end, index, number))
    for passages in found.values():
        passages.sort()
    return found


def _overlapping(passages: list[Passage], start: int, end: int) -> list[Passage]:
    """Those that overlap [start, end), of passages of which no two overlap."""
    first = bisect_right(passages, start, key=attrgetter("end"))
    return passages[first : bisect_left(passages, end, first, key=attrgetter("start"))]
