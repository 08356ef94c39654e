"""What was given, passed on and spent by month, as plots and as a table."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from ledger.view.movements import SPENT, By, sums_by
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot

from .drawing import LABELLED, Column, columns, steps_of, summed

SERIES = ("given", "granted", SPENT)
"""What is plotted: terms of the line, or several of them. What was spent is above 0 here, less what came back in that month."""
MONTH: By = "month"


class Plot(NamedTuple):
    """One series: its columns, and its minor units in all."""

    name: str
    columns: list[Column]
    total: int


class Months(NamedTuple):
    """The plots of one unit, which have the same steps: months, or years. `has_amounts` if there is room for them in a plot."""

    unit: str
    steps: list[str]
    plots: list[Plot]
    has_amounts: bool


def months(snapshot: Snapshot, scope: Scope) -> list[Months]:
    """The plots of each unit in which something was given, passed on or spent, the unit with the most records first."""
    series: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    records = Counter[str]()
    for name in SERIES:
        for row in sums_by(snapshot, name, MONTH, scope):
            series[row.unit][name][row.key] += -row.amount if name == SPENT else row.amount
            records[row.unit] += row.records
    return [_months(unit, series[unit]) for unit in sorted(series, key=lambda unit: (-records[unit], unit))]


def _months(unit: str, by_name: dict[str, dict[str, int]]) -> Months:
    steps = steps_of([month for by_month in by_name.values() for month in by_month])
    plots = []
    for name in SERIES:
        if name in by_name:
            amounts = summed(by_name[name], steps)
            plots.append(Plot(name, columns(steps, amounts), sum(amounts)))
    return Months(unit, steps, plots, len(steps) <= LABELLED)
