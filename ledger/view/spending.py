"""What the activities spent, by day: what a feedback about an activity and a period is about, in money."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from .snapshot import Snapshot

Sums = Mapping[str, int]
"""Minor units by unit."""


def spent_in(snapshot: Snapshot, fund: str, from_day: str, to_day: str) -> Sums:
    """The payments out of a fund on these days, the last one included, less what came back, by unit. Deliveries are not money, and
    the payment for the goods is counted."""
    sums = Counter[str]()
    for (day, unit), amount in snapshot.once(_by_day).get(fund, {}).items():
        if from_day <= day <= to_day and amount:
            sums[unit] += amount
    return dict(sorted(sums.items()))


def _by_day(snapshot: Snapshot) -> dict[str, Counter[tuple[str, str]]]:
    """For the fund of each activity, by day and unit. Payments are looked at once for each tree size."""
    sums = defaultdict[str, Counter[tuple[str, str]]](Counter)
    for _, row in snapshot.books.disbursement.all():
        if row.kind == "payment" and snapshot.books.activity.get(row.fund) is not None:
            sums[row.fund][row.day, row.unit] += row.left
    return dict(sums)
