"""The order in which units move, where not all entries are at hand: what has to hold before a trace may follow the flows.

In a log the tapes see to it. A bundle shows only some entries, and its maker may have written any: flows that go round in a circle,
or out twice at every hop, would keep a reader busy for ever.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ..amount import Money
from ..entries.leaf import Leaf
from ..errors import shortened
from ..findings.finding import WHOLE, Finding
from ..unit_facts import UnitRange

# Of moves of one tape that overlap, how many are named.
NAMED = 8


class _Move(NamedTuple):
    """Units [start, end) of a tape, moved by record `ref`, (entry, number)."""

    start: int
    end: int
    ref: tuple[int, int]


def exponents(leaves: dict[int, Leaf]) -> dict[str, int]:
    """Of the units that these entries declare, how many decimals an amount has."""
    records = (record for leaf in leaves.values() for record in leaf.statement.records)
    return {record.unit: record.exponent for record in records if record.kind == "unit"}


def disorder(leaves: dict[int, Leaf], exponents: dict[str, int]) -> Iterator[Finding]:
    """Units come in once and in order, and go out once, by a later record than they came in by. Amounts of units that
    `exponents` knows are money. Finding: `tape-flow`."""
    into: dict[str, list[_Move]] = {}
    out: dict[str, list[_Move]] = {}
    for index, leaf in leaves.items():
        for number, sign, tape, start, end in leaf.entry.flows:
            if not 0 <= number < len(leaf.statement.records):
                yield Finding(index, WHOLE, "tape-flow", f"flows of record {number}: the statement does not have that record")
            (into if sign == "+" else out).setdefault(tape, []).append(_Move(start, end, (index, number)))
    for tape in {**into, **out}:
        for move, what in _of_tape(sorted(into.get(tape, [])), sorted(out.get(tape, []))):
            fund, _, unit = tape.partition("/")
            worth = Money(move.end - move.start, unit, exponents[unit]) if unit in exponents else None
            message = f"{UnitRange(move.start, move.end, worth)} of fund {shortened(fund)}: some of it {what}"
            yield Finding(*move.ref, "tape-flow", message)


def _of_tape(came: list[_Move], went: list[_Move]) -> Iterator[tuple[_Move, str]]:
    twice = [after for before, after in pairwise(came) if after.start < before.end or after.ref < before.ref]
    again = [after for before, after in pairwise(went) if after.start < before.end]
    yield from ((move, "came in twice, or out of order") for move in twice[:NAMED])
    yield from ((move, "went out twice") for move in again[:NAMED])
    if not twice and not again:
        # No unit twice on either side: as many pairs as moves, and no more.
        yield from _too_soon(came, went)


def _too_soon(came: list[_Move], went: list[_Move]) -> Iterator[tuple[_Move, str]]:
    starts = [move.start for move in came]
    for move in went:
        for brought in came[max(0, bisect_right(starts, move.start) - 1) : bisect_left(starts, move.end)]:
            if move.start < brought.end and brought.ref >= move.ref:
                yield move, f"went out before it came in by record {brought.ref[0]}.{brought.ref[1]}"
