"""The tape (books §1): every fund has one per unit of account, and every gift and every payment is a range on it.

A `Tape` records how many units ever came in (`end`) and which of them are taken: all below `frontier`, and the `holes` above it. It
is a value: `give` and `take` return a new tape. Ranges are half-open, in whole units; that of a flow is never empty.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ..bounds import MAX_INTEGER
from ..errors import Refused
from ..unit_facts import Minor, UnitRange

Span = tuple[int, int]
THE_FUND = "the fund"


class Tape(NamedTuple):
    """A tape. `holes` is flat and strictly ascending: start, end, start, end …, all above `frontier` and none above `end`.

    Strictly ascending means that no two holes overlap or touch, and none touches `frontier`, so each set of taken units has exactly
    one representation, and the gaps between holes are the maximal free ranges."""

    end: int = 0
    frontier: int = 0
    holes: tuple[int, ...] = ()

    def give(self, amount: int) -> Tape:
        """The tape after an inflow of `amount`, at [end, end + amount). Raises Refused if `end` would pass 2^53-1."""
        end, frontier, holes = self
        if end + amount > MAX_INTEGER:
            raise Refused(
                "the fund would exceed 2^53-1 minor units, the most that can be recorded; use another fund", rule="tape-limit",
            )
        return tuple.__new__(Tape, (end + amount, frontier, holes))

    def free(self) -> int:
        """How many units came in and are not taken."""
        taken = sum(self.holes[1::2]) - sum(self.holes[::2])
        return self.end - self.frontier - taken

    def lowest(self, amount: int) -> tuple[Span, ...]:
        """First in, first out: the lowest `amount` units not yet taken, as maximal ranges, ascending.

        Raises Refused (`overdraft`) if there are fewer."""
        # The gaps are visited from the lowest up, and each is used whole before the next, so the ranges are disjoint, ascending and
        # the lowest free units. `is_free` holds for each of them, so `take` accepts them.
        start, ranges = self.frontier, []
        missing = amount
        for i in range(0, len(self.holes) + 1, 2):
            stop = self.holes[i] if i < len(self.holes) else self.end
            take = min(missing, stop - start)
            if take:
                ranges.append((start, start + take))
                missing -= take
            if not missing:
                return tuple(ranges)
            start = self.holes[i + 1] if i < len(self.holes) else self.end
        raise Refused(
            "cannot {take} {amount}: {fund} holds {left}; record the income first, or {take} less", rule="overdraft",
            facts={"take": "take", "amount": Minor(amount), "fund": THE_FUND, "left": Minor(amount - missing)},
        )  # fmt: skip

    def is_free(self, start: int, end: int) -> bool:
        """Whether every unit of [start, end) came in and none is taken."""
        if start < self.frontier or end > self.end:
            return False
        # `i` counts the edges at or below `start`. It is odd exactly if a hole has begun and not ended there, because a hole's end
        # is the first unit after it. If it is even, `start` is in a gap, and the gap reaches up to the next hole, or to `end`.
        i = bisect_right(self.holes, start)
        return i % 2 == 0 and (i == len(self.holes) or end <= self.holes[i])

    def is_taken(self, start: int, end: int) -> bool:
        """Whether every unit of [start, end) is taken."""
        if end <= self.frontier:
            return True
        if start < self.frontier:
            return False
        i = bisect_right(self.holes, start)
        return i % 2 == 1 and end <= self.holes[i]

    def take(self, ranges: tuple[Span, ...]) -> Tape:
        """The tape after exactly these units left it. Raises Refused (`overdraft`) if one of them is taken or never came in."""
        # Each range is checked on the tape that the ranges before it left, so ranges that overlap are refused: no unit goes out
        # twice.
        tape = self
        for start, end in ranges:
            if not tape.is_free(start, end):
                raise Refused(
                    "{units} of {fund}: some are already used or never came in; name units that are still there",
                    rule="overdraft", facts={"units": UnitRange(start, end), "fund": THE_FUND},
                )
            tape = tape._with_hole(start, end)
        return tape

    def catch_up(self, start: int, end: int) -> Tape:
        """For an audit: the tape after an inflow at [start, end). The units between the tape's end and `start` count as come in,
        because records that were not applied may have brought them. Raises Refused if some units of [start, end) came in before."""
        if start < self.end:
            facts = {"units": UnitRange(start, end), "fund": THE_FUND}
            raise Refused("{units} of {fund}: some came in before", rule="tape-flow", facts=facts)
        return self._replace(end=end)

    def skip_to(self, frontier: int) -> Tape:
        """For an audit: the tape with every unit below `frontier` taken."""
        if frontier <= self.frontier:
            return self
        # Holes that end at or below the new frontier become part of it. So does the one that the frontier reaches into or touches;
        # the next hole is above its end, because no two touch.
        holes = tuple(edge for i in range(0, len(self.holes), 2) for edge in self.holes[i : i + 2] if self.holes[i + 1] > frontier)
        start = max(frontier, holes[1]) if holes and holes[0] <= frontier else frontier
        return self._replace(frontier=start, holes=holes[2:] if holes and holes[0] <= frontier else holes)

    def _with_hole(self, start: int, end: int) -> Tape:
        # The range is free. At the frontier, it moves the frontier up, past the first hole if it touches that one. Elsewhere `cut`
        # is even (see `is_free`), so the range goes between two holes; joining the ones that it touches keeps the edges strictly
        # ascending.
        holes = self.holes
        if start == self.frontier:
            skip = 2 if holes and holes[0] == end else 0
            return Tape(self.end, holes[1] if skip else end, holes[skip:])
        cut = bisect_right(holes, start)
        return Tape(self.end, self.frontier, _joined(holes[:cut], start, end, holes[cut:]))


EMPTY = Tape()


def _joined(before: tuple[int, ...], start: int, end: int, after: tuple[int, ...]) -> tuple[int, ...]:
    if before and before[-1] == start:
        start, before = before[-2], before[:-2]
    if after and after[0] == end:
        end, after = after[1], after[2:]
    return (*before, start, end, *after)


def image(start: int, end: int, a: int, b: int) -> Span:
    """The smallest range of the `b` units in that contains the image ⌊u·b/a⌋ of each unit u in [start, end) of `a` out."""
    # u ↦ ⌊u·b/a⌋ never decreases, so the first and the last unit have the outermost images.
    return start * b // a, (end - 1) * b // a + 1


def preimage(start: int, end: int, a: int, b: int) -> Span:
    """The units of `a` out whose images are in [start, end) of `b` in: [⌈start·a/b⌉, ⌈end·a/b⌉). The range may be empty."""
    # ⌊u·b/a⌋ ≥ start exactly if u ≥ start·a/b, and ⌊u·b/a⌋ < end exactly if u < end·a/b. Where one range ends the next begins, so
    # the preimages of ranges that tile the units in tile the units out: no unit out is lost or counted twice.
    return -(-start * a // b), -(-end * a // b)


def behind(start: int, end: int, a: int, b: int) -> Span:
    """The units of `a` out that became the units [start, end) of `b` in; never empty.

    If b ≤ a, this is the preimage. If b > a, one unit out becomes several units in, so the units at both edges may be shared with
    neighbouring ranges.
    """
    if b <= a:
        return preimage(start, end, a, b)
    # Unit u out becomes the units [⌊u·b/a⌋, ⌊(u+1)·b/a⌋) in. With b > a none of these ranges is empty, and together they tile
    # [0, b). The first unit asked for is in that of the last u with ⌊u·b/a⌋ ≤ start, which is the last with u·b < (start + 1)·a.
    # The last unit asked for is in that of the last u with ⌊u·b/a⌋ < end, and ⌈end·a/b⌉ is the one after.
    return ((start + 1) * a - 1) // b, -(-end * a // b)


def split(spans: Sequence[Span], sizes: Sequence[int]) -> list[tuple[Span, ...]]:
    """Cut ranges, in order, into parts of the given sizes. The sizes must not sum to more than the ranges hold."""
    todo, parts = list(reversed(spans)), []
    for wanted in sizes:
        part: list[Span] = []
        while wanted:
            # A range that is longer than what the part still needs is cut, and the rest goes back in its place. So the parts
            # together hold the same units in the same order, and each pass uses up at least one unit.
            start, end = todo.pop()
            cut = min(end, start + wanted)
            part.append((start, cut))
            wanted -= cut - start
            if cut < end:
                todo.append((cut, end))
        parts.append(tuple(part))
    return parts


def cut(spans: Sequence[Span], sizes: Sequence[int]) -> list[Span]:
    """The same units in the same order, as ranges that are each within one part of `split`."""
    return [span for part in split(spans, sizes) for span in part]


def cut_spans(spans: Sequence[Span], first: int, last: int) -> list[Span]:
    """The ranges of units number `first` up to but not including `last`, counted through the given ranges in order."""
    cut, offset = [], 0
    for low, high in spans:
        # `offset` units came before this range, so its unit `low + n - offset` is number n. The bounds clip [first, last) to the
        # range.
        start, end = max(low, low + first - offset), min(high, low + last - offset)
        if start < end:
            cut.append((start, end))
        offset += high - low
    return cut
