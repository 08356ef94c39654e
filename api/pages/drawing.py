"""Computes the pictures of the pages: shapes in per cent or in units that stretch, never words. A table beside each has the same
amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

HEIGHT = 600
"""The height of a flow, in units that stretch to the height of its lists."""
AIR = 13
LEAST = 2
MOST_COLUMNS = 12
AXIS, TOP = 80.0, 16.0
"""Where the axis of a plot and its highest column are, in per cent from the top."""
LABELLED = 4
"""A plot with more columns than this has no amounts in it."""


class Column(NamedTuple):
    """A column of a plot: what it is of, its minor units, and its place in per cent of the plot."""

    step: str
    amount: int
    x: float
    width: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Where its label is."""
        return round(self.x + self.width / 2, 1)


def steps_of(months: Sequence[str]) -> list[str]:
    """The steps of a plot, without a gap from the first month (YYYY-MM) to the last: months, or years (YYYY) if the months would be
    too many."""
    if not months:
        return []
    first, last = min(months), max(months)
    number = [int(year) * 12 + int(month) - 1 for year, month in (first.split("-"), last.split("-"))]
    if number[1] - number[0] < MOST_COLUMNS:
        return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(number[0], number[1] + 1)]
    return [f"{year:04}" for year in range(number[0] // 12, number[1] // 12 + 1)]


def summed(by_month: Mapping[str, int], steps: Sequence[str]) -> list[int]:
    """The minor units of each step."""
    return [sum(amount for month, amount in by_month.items() if month.startswith(step)) for step in steps]


def columns(steps: Sequence[str], amounts: Sequence[int]) -> list[Column]:
    """The columns of a plot, as high as their amounts; an amount below 0 has none."""
    most, room = max([*amounts, 1]), 100 / max(len(steps), 1)
    found = []
    for place, (step, amount) in enumerate(zip(steps, amounts, strict=True)):
        height = round((AXIS - TOP) * max(amount, 0) / most, 1)
        found.append(Column(step, amount, round(room * (place + 0.18), 1), round(room * 0.64, 1), round(AXIS - height, 1), height))
    return found


class Bar(NamedTuple):
    """A bar at one side of a flow, and the outline of the band that leads to it or from it. `look` is its class."""

    look: str
    y: int
    height: int
    band: str


class Flow(NamedTuple):
    """The picture of money in and money out: bars on both sides and the one between them."""

    ins: list[Bar]
    outs: list[Bar]
    y: int
    height: int


def flow(ins: Sequence[int], outs: Sequence[Sequence[tuple[str, int]]]) -> Flow:
    """The picture of amounts that came in and parts of what went out or is left, by row; both sides have the same sum. A row of
    `outs` is parted by look. Amounts are not below 0."""
    rows = [sum(amount for _, amount in row) for row in outs]
    scale = min(_scale(ins), _scale(rows), (HEIGHT - 40) / max(sum(ins), 1))
    middle = round(sum(ins) * scale)
    top = (HEIGHT - middle) // 2
    left = [_bar("in", *spot, (48, at, 26, 6)) for spot, at in zip(_spots(ins, scale), _starts(ins, top, scale), strict=True)]
    right, at = [], float(top)
    for (y, _), row in zip(_spots(rows, scale), outs, strict=True):
        for look, amount in row:
            height = max(LEAST, round(amount * scale))
            right.append(_bar(look, y, height, (52, at, 74, 94)))
            y, at = y + height, at + amount * scale
    return Flow(left, right, top, middle)


def _scale(amounts: Sequence[int]) -> float:
    """The scale at which no bar leaves its row."""
    return (HEIGHT / max(len(amounts), 1) - AIR) / max([*amounts, 1])


def _spots(amounts: Sequence[int], scale: float) -> list[tuple[int, int]]:
    """The top and the height of each bar, in the middle of its row."""
    room = HEIGHT / max(len(amounts), 1)
    heights = [max(LEAST, round(amount * scale)) for amount in amounts]
    return [(round(room * (place + 0.5) - height / 2), height) for place, height in enumerate(heights)]


def _starts(amounts: Sequence[int], top: int, scale: float) -> list[float]:
    return [top + before * scale for before in accumulate(amounts, initial=0)][:-1]


def _bar(look: str, y: int, height: int, ends: tuple[int, float, int, int]) -> Bar:
    """A bar, with a band from (or to) the height `at` of the middle one at `x`, bent at `bend`, to its own edge."""
    x, at, bend, edge = ends
    low, high = round(at, 1), round(at + height, 1)
    band = f"M{x} {low}C{bend} {low} {bend} {y} {edge} {y}V{y + height}C{bend} {y + height} {bend} {high} {x} {high}z"
    return Bar(look, y, height, band)
