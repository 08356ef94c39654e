"""What came towards the goal of a project: gifts into its funds, and what other funds passed on to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from .received import Part
from .scope import Scope, fund_row, split_tape
from .snapshot import Snapshot
from .traceability import row_of, states_by_tape


class GoalParts(NamedTuple):
    """Minor units of one unit that came towards a goal: from `gifts`, by the fund that got them, and `granted` from other funds, by
    the fund that got it and the one that it came from. Of the parts of each, the largest is first."""

    gifts: list[Part]
    granted: list[Part]


def granted_to(snapshot: Snapshot, project: str) -> dict[str, int]:
    """What a project was granted from funds that are not its own, in minor units by unit of account.

    It is the sum of allocations from outside its tree into a fund of its tree, unless reversed, and of what receipts took into such
    a fund of grants from outside. Gifts are not included: a gift into a fund of the project was given to it. What
    the project passed on to others still counts, for both.
    """
    sums = Counter[str]()
    for (_, _, unit), amount in snapshot.once(_granted).get(project, Counter[_Pair]()).items():
        sums[unit] += amount
    return dict(sums)


def towards_goal(snapshot: Snapshot, project: str, unit: str) -> GoalParts:
    """What came towards a goal in a unit: the parts of `granted_to`, and gifts less what was given back to donors."""
    gifts, scope = [], Scope(project=project)
    for tape, states in states_by_tape(snapshot).items():
        fund, of_unit = split_tape(tape)
        if of_unit == unit and scope.holds(snapshot.books, fund):
            gifts.append(Part(fund, "", row_of(unit, states).base))
    pairs = snapshot.once(_granted).get(project, Counter[_Pair]())
    granted = [Part(to, source, amount) for (source, to, of_unit), amount in pairs.items() if of_unit == unit]
    return GoalParts(_largest_first(gifts), _largest_first(granted))


_Pair = tuple[str, str, str]
"""The fund that it came from, the one that got it, and the unit."""


def _largest_first(parts: list[Part]) -> list[Part]:
    return sorted((part for part in parts if part.amount), key=lambda part: (-part.amount, part))


def _granted(snapshot: Snapshot) -> dict[str, Counter[_Pair]]:
    sums: dict[str, Counter[_Pair]] = defaultdict(Counter)
    for source, to, unit, amount in _grants(snapshot):
        project = fund_row(snapshot.books, to).project
        if project and project != fund_row(snapshot.books, source).project:
            sums[project][source, to, unit] += amount
    return sums


def _grants(snapshot: Snapshot) -> Iterator[tuple[str, str, str, int]]:
    """(from fund, to fund, unit, minor units) of every allocation in force, and of what receipts took of grants and was not paid
    back."""
    for _, row in snapshot.books.allocation.all():
        if row.amount > row.returned:
            yield row.source, row.to, row.unit, row.amount - row.returned
    for ref, taken in snapshot.books.taking.all():
        paid = snapshot.books.disbursement[taken.of]
        if not paid.gives_back and taken.kept and snapshot.books.void.get(ref) is None:
            yield paid.fund, taken.fund, taken.unit, taken.kept
