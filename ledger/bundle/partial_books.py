"""Books made from the records of a bundle, and their flows as a trace reads them.

Each record is judged by the rules that a bundle can decide (decidable.py). A record that the books could not apply, by what the
bundle shows, is ignored, so it says nothing about the gift. A record whose flows do not fit its content is reported and ignored.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from ..books.conduct import declared, hear_breach
from ..books.flows import Target, size
from ..books.gift import split_ref
from ..books.moment import local_day
from ..books.naming import named_by
from ..books.record import Record
from ..books.rule import FIRST, RULE_SETS
from ..books.state import Books
from ..books.statement_context import Flow, Kept, Leg, StatementContext
from ..books.tape import Span, Tape, cut
from ..books.trace import Passage
from ..bounds import MAX_INTEGER
from ..entries.leaf import Leaf, unsettled
from ..errors import Absent, NotFound, Refused, Unverifiable
from ..findings.finding import Finding
from .decidable import faults_of_signers, is_hidden, judged, named_in_vain
from .signers import OF_KEYS, KeyRegistry

# The most steps that a trace takes, each counted with the records that led to it: a few seconds, some ten MiB.
STEPS = 4_000_000
UNFIT = "its flows are not those that its own words give"
OF_PARTIES = OF_KEYS | {"party"}

Place = tuple[int, int]


class PartialBooks(NamedTuple):
    """The books; every record by its place; claims by the record they are about; records whose flows do not fit them; the
    findings."""

    books: Books
    targets: dict[Place, Target]
    claims: dict[Place, list[tuple[str, dict[str, Any]]]]
    unfit: set[Place]
    findings: list[Finding]


def rebuild_partial(leaves: dict[int, Leaf], known: KeyRegistry | None = None) -> PartialBooks:
    """Build the books from the records of these entries, in order. Records whose signers are `known` are judged too.

    Findings: `tape-flow`, and those of the words that a bundle decides. Raises Refused for a time that the calendar does not
    have."""
    partial = PartialBooks(_books(leaves, known), {}, {}, set(), [])
    contexts = known.contexts if known else {}
    for index, leaf in sorted(leaves.items()):
        context, rows = (
            contexts.get(index) or StatementContext(leaf.journal_entry(), "", RULE_SETS[FIRST], Kept(), whole=False),
            _by_record(leaf.entry.flows),
        )
        context.day = local_day(partial.books, leaf.entry.time)
        for context.number, record in enumerate(leaf.statement.records):
            hear_breach(context, record)
            found = _apply_record(partial, record, context, rows.get(context.number, []))
            partial.findings.extend(one for one in found if index in contexts or one.rule == "tape-flow")
            if index in contexts:
                partial.findings.extend(Finding(index, context.number, *said, named=True) for said in declared(context))
        if index in contexts:
            partial.findings.extend(_shown((index, one.number), one.fault, one.named) for one in context.remarks)
        for claim in context.claims:
            partial.claims.setdefault((claim.entry, claim.record), []).append((f"{index}.{claim.number}", claim.facts))
    partial.findings.extend(one for one in _unsettled(partial) if one.entry in contexts)
    return partial


def _books(leaves: dict[int, Leaf], known: KeyRegistry | None) -> Books:
    """Books with the known parties, whose tapes have every unit that a tape can have, because a bundle cannot show which units came
    in."""
    books = Books()
    for tape in {row[2] for leaf in leaves.values() for row in leaf.entry.flows}:
        books.tape.load(tape, Tape(MAX_INTEGER))
    if known:
        books.party.load_all(known.party)
    return books


def _by_record(flows: Sequence[Flow]) -> dict[int, list[Flow]]:
    rows: dict[int, list[Flow]] = {}
    for row in flows:
        rows.setdefault(row[0], []).append(row)
    return rows


def _apply_record(partial: PartialBooks, record: Record, context: StatementContext, rows: list[Flow]) -> Iterator[Finding]:
    books, place = partial.books, (context.index, context.number)
    partial.targets[place] = Target(record, rows, context.party, context.time)
    vain = named_in_vain(record, context, partial.targets)
    legs, refused = (None, vain) if vain else _legs(books, record, context)
    if legs is None or not _fits(rows, legs, record):
        partial.unfit.add(place)
        if refused and not isinstance(refused, Absent):
            yield from (_shown(place, fault) for fault in (*faults_of_signers(books, record, context), refused))
        elif legs or not rows or not (refused or is_hidden(record, context, partial.targets)):
            yield Finding(*place, "tape-flow", UNFIT)
        return
    applies = True
    if record.stage != "registry":
        applies, faults = judged(books, record, context, moves=bool(legs))
        yield from (_shown(place, fault) for fault in faults)
    if applies and record.kind not in OF_PARTIES:
        try:
            record.post(books, context, rows)
        except Refused as refused:
            yield _shown(place, refused)


def _shown(place: Place, fault: Refused, named: bool = False) -> Finding:
    return Finding(*place, fault.rule, f"as far as the bundle shows, {fault.message}", named)


def _unsettled(partial: PartialBooks) -> Iterator[Finding]:
    """The claims that the claimed record does not bear out, if the bundle has that record."""
    for place, claims in partial.claims.items():
        target = partial.targets.get(place)
        if target is None:
            continue
        yield from (_shown(split_ref(by), refused) for by, refused in unsettled(partial.books, target, claims))


def _legs(books: Books, record: Record, context: StatementContext) -> tuple[Sequence[Leg] | None, Refused | None]:
    """What a record moves; or None, with the reason if the bundle does not have what it names or its signer had not seen it."""
    try:
        return record.legs(books, context), None
    except Refused as refused:
        return None, refused


def _fits(rows: Sequence[Flow], legs: Sequence[Leg], record: Record) -> bool:
    """Whether flows move what the legs move, in order: first everything out, then everything in, each inflow in one piece. If the
    legs do not name units, only a full audit can tell which ones should move."""
    named, costs = getattr(record, "units", ()) is not None, [leg.cost for leg in legs if leg.cost]
    at = 0
    for leg in legs:
        if leg.units and size(leg.units) != leg.out_amount:
            return False
        first, taken = at, 0
        while leg.out and taken < leg.out_amount and at < len(rows) and rows[at][1:3] == ["-", leg.out]:
            taken, at = taken + rows[at][4] - rows[at][3], at + 1
        wanted = cut(leg.units, costs) if costs and leg.units else leg.units
        if taken != leg.out_amount or (named and leg.units and _spans(rows[first:at]) != tuple(wanted)):
            return False
    given = [(sign, tape, end - start) for _, sign, tape, start, end in rows[at:]]
    return given == [("+", leg.into, leg.in_amount) for leg in legs if leg.into]


def _spans(rows: Sequence[Flow]) -> tuple[Span, ...]:
    return tuple((start, end) for *_, start, end in rows)


class BundleFlows:
    """Reads flows from the entries of a bundle (`ledger.books.trace.Flows`). `disorder` must have no finding about them.

    Raises Unverifiable if a trace takes more than STEPS."""

    def __init__(self, leaves: dict[int, Leaf], partial: PartialBooks) -> None:
        self.books, self._partial, self._left = partial.books, partial, STEPS
        self._out, self._into = _passages(leaves, "-"), _passages(leaves, "+")
        self._depth: dict[Place, int] = {}
        for place in sorted(partial.targets):
            self._depth[place] = 1 + max(self._depths_before(place), default=0)

    def _depths_before(self, place: Place) -> Iterator[int]:
        target = self._partial.targets[place]
        for _, sign, tape, start, end in target.rows:
            if sign == "-":
                yield from (self._depth.get((into.entry, into.record), 0) for into in self.inflows(tape, start, end))
        for way, ref in named_by(target.record):
            # The `of` of other kinds can be a party, or an id in a register.
            if way.path == ("of",) and way.what in ("record", "disbursement"):
                entry, _, record = ref.partition("." if ref[0] != "@" else "@")
                yield self._depth.get((int(entry or place[0]), int(record)), 0)

    def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows out of a tape that overlap [start, end), ascending."""
        return _overlapping(self._out.get(tape, []), start, end)

    def inflows(self, tape: str, start: int, end: int) -> list[Passage]:
        """Flows into a tape that overlap [start, end), ascending."""
        return _overlapping(self._into.get(tape, []), start, end)

    def target(self, entry: int, record: int) -> Target:
        """The record of that name. Raises NotFound; Refused if its flows do not fit such a record."""
        place = (entry, record)
        target = self._partial.targets.get(place)
        if target is None:
            raise NotFound(f"{entry}.{record}: is not in the bundle", rule="bundle")
        if place in self._partial.unfit:
            raise Refused(UNFIT, rule="tape-flow", where=f"{entry}.{record}")
        row = self.books.disbursement.get(f"{entry}.{record}")
        self._left -= (1 + (row.returns + row.takings if row else 0)) * self._depth[place]
        if self._left < 0:
            raise Unverifiable(f"the gift takes more than {STEPS} steps to follow; verify the whole log", rule="size-limit")
        return target

    def claims_on(self, entry: int, record: int) -> list[tuple[str, dict[str, Any]]]:
        """Every claim about a record by a record of the bundle, ascending."""
        return self._partial.claims.get((entry, record), [])


def _passages(leaves: dict[int, Leaf], sign: str) -> dict[str, list[Passage]]:
    """The flows of one sign, by tape, ascending."""
    found: dict[str, list[Passage]] = {}
    for index, leaf in leaves.items():
        for number, at, tape, start, end in leaf.entry.flows:
            if at == sign:
                found.setdefault(tape, []).append(Passage(start, end, index, number))
    for passages in found.values():
        passages.sort()
    return found


def _overlapping(passages: list[Passage], start: int, end: int) -> list[Passage]:
    """The passages that overlap [start, end). No two of the given passages overlap."""
    first = bisect_right(passages, start, key=attrgetter("end"))
    return passages[first : bisect_left(passages, end, first, key=attrgetter("start"))]
