"""Projects as cards: what each achieved, how far its money has come, and what is overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ledger.view.outcome import Result, results_of_project
from ledger.view.overdue import overdue
from ledger.view.snapshot import Snapshot
from ledger.view.targets import targets_of

from .totals import Reach, reach

LOOKED_AT = 12
"""How many feedback records of a project are looked at for the result on its card."""


class Card(NamedTuple):
    """A project, its newest result that is not void (on what it wants to reach, if there is one), how far its money has come in the
    unit that it has most of, and how many receipts and how much feedback is overdue."""

    id: str
    name: str
    owner: str
    result: Result | None
    reach: Reach | None
    receipts: int
    feedback: int


def cards_of(snapshot: Snapshot, as_of: str, ids: Sequence[str]) -> list[Card]:
    """The cards of some projects, in this order."""
    late = Counter[tuple[str, str]]()
    for one in overdue(snapshot, as_of):
        late[snapshot.books.fund[one.fund].project, one.stage] += 1
    return [_card(snapshot, id, late) for id in ids]


def _card(snapshot: Snapshot, id: str, late: Counter[tuple[str, str]]) -> Card:
    row = snapshot.books.project[id]
    results = [one for one in results_of_project(snapshot, id, LOOKED_AT) if not one.is_void]
    wanted = next((row.indicator for row in targets_of(snapshot, project=id) if row.ref), "")
    result = min(results, key=lambda one: one.indicator != wanted, default=None)
    bars = [bar for bar in reach(snapshot, project=id) if bar.row.base]
    most = max(bars, key=lambda bar: bar.row.base, default=None)
    return Card(id, row.name, row.owner, result, most, late[id, "receipt"], late[id, "feedback"])
