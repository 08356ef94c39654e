"""The tape (books §1): every fund has a line per unit, and every gift and every payment is a range on it.

A `Tape` remembers how much ever flowed in and which units are taken: everything below `frontier`, and the `holes` above it. It is a
value: `give` and `take` return the tape that comes after. Ranges are half-open, in whole units.
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
    """`holes` is flat and ascending: start, end, start, end … above `frontier`, no two touching."""

    end: int = 0
    frontier: int = 0
    holes: tuple[int, ...] = ()

    def give(self, amount: int) -> Tape:
        """The tape after an inflow of `amount` in [end, end + amount). Raises Refused when it would pass 2^53-1."""
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
        """First in, first out: the lowest `amount` units not yet taken, as maximal ranges.

        Raises Refused (`overdraft`) when there are fewer."""
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
        """The tape after exactly these units left it. Raises Refused (`overdraft`) when one is taken or never came in."""
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
        """For an audit: the tape after an inflow at [start, end) that others before it, not applied, may have made room for.
        Raises Refused when the range came in before."""
        if start < self.end:
            facts = {"units": UnitRange(start, end), "fund": THE_FUND}
            raise Refused("{units} of {fund}: some came in before", rule="tape-flow", facts=facts)
        return self._replace(end=end)

    def skip_to(self, frontier: int) -> Tape:
        """For an audit: the tape with every unit below `frontier` taken."""
        if frontier <= self.frontier:
            return self
        holes = tuple(edge for i in range(0, len(self.holes), 2) for edge in self.holes[i : i + 2] if self.holes[i + 1] > frontier)
        start = max(frontier, holes[1]) if holes and holes[0] <= frontier else frontier
        return self._replace(frontier=start, holes=holes[2:] if holes and holes[0] <= frontier else holes)

    def _with_hole(self, start: int, end: int) -> Tape:
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
    """The smallest range of the `b` units in that holds the images ⌊u·b/a⌋ of the units [start, end) of `a` out."""
    return start * b // a, (end - 1) * b // a + 1


def preimage(start: int, end: int, a: int, b: int) -> Span:
    """The units of `a` out that map into [start, end) of `b` in: [⌈start·a/b⌉, ⌈end·a/b⌉); may be empty."""
    return -(-start * a // b), -(-end * a // b)


def behind(start: int, end: int, a: int, b: int) -> Span:
    """The units of `a` out that stand behind [start, end) of `b` in, seen from the other end; never empty.

    Where b ≤ a it is the preimage. Where b > a one unit out stands behind several units in, and may be shared at both edges.
    """
    if b <= a:
        return preimage(start, end, a, b)
    return ((start + 1) * a - 1) // b, -(-end * a // b)


def split(spans: Sequence[Span], sizes: Sequence[int]) -> list[tuple[Span, ...]]:
    """Cut ranges, in their order, into runs of the given sizes."""
    todo, parts = list(reversed(spans)), []
    for wanted in sizes:
        part: list[Span] = []
        while wanted:
            start, end = todo.pop()
            cut = min(end, start + wanted)
            part.append((start, cut))
            wanted -= cut - start
            if cut < end:
                todo.append((cut, end))
        parts.append(tuple(part))
    return parts


def cut(spans: Sequence[Span], sizes: Sequence[int]) -> list[Span]:
    """The same units as ranges of which none is in two of the runs of `split`."""
    return [span for part in split(spans, sizes) for span in part]


def cut_spans(spans: Sequence[Span], first: int, last: int) -> list[Span]:
    """The ranges of units number `first` to `last` among those that some ranges hold, in order."""
    cut, offset = [], 0
    for low, high in spans:
        start, end = max(low, low + first - offset), min(high, low + last - offset)
        if start < end:
            cut.append((start, end))
        offset += high - low
    return cut
