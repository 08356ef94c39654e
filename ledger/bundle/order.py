"""The order in which units move, when not all entries are available: what must hold before a trace may follow the flows.

In a log, the tapes enforce this. A bundle has only some entries, and its maker may have invented them: a trace would never end if
flows went round in a circle, and would take far too long if units went out twice at every hop.
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

# How many overlapping moves of one tape are reported.
NAMED = 8


class _Move(NamedTuple):
    """Units [start, end) of a tape, moved by record `ref`, (entry, number)."""

    start: int
    end: int
    ref: tuple[int, int]


def exponents(leaves: dict[int, Leaf]) -> dict[str, int]:
    """For each unit that these entries declare, how many decimals an amount has."""
    records = (record for leaf in leaves.values() for record in leaf.statement.records)
    return {record.unit: record.exponent for record in records if record.kind == "unit"}


def disorder(leaves: dict[int, Leaf], exponents: dict[str, int]) -> Iterator[Finding]:
    """Check that units come in once and in order, and go out once, by a later record than brought them in. Amounts in units that
    `exponents` knows are shown as money. Finding: `tape-flow`."""
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
        # If no unit is on either side twice, there are at most as many pairs as moves.
        yield from _too_soon(came, went)


def _too_soon(came: list[_Move], went: list[_Move]) -> Iterator[tuple[_Move, str]]:
    starts = [move.start for move in came]
    for move in went:
        for brought in came[max(0, bisect_right(starts, move.start) - 1) : bisect_left(starts, move.end)]:
            if move.start < brought.end and brought.ref >= move.ref:
                yield move, f"went out before it came in by record {brought.ref[0]}.{brought.ref[1]}"
