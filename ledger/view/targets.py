"""Targets of projects and activities beside what feedback says of them. The docstrings are the definition ([books.md](books.md) §4
says the same)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from ..books.marks import marks_of
from ..books.target import Target
from .listing import Listed, Page
from .records_about import record_of
from .scope import fund_row
from .snapshot import Snapshot

MOST = 500
"""How many feedback records with an indicator are looked at, the last ones."""
Why = Literal["", "no-feedback", "measured-otherwise", "too-many"]


class TargetRow(NamedTuple):
    """A target that `fund` set, a project or an activity. `actual` is what counts towards it, or None: `why` says why, and is "" if
    there is one. `reported_by`, `ref` and `day` are of the feedback that counts, the newest if it is several; `refs` are all that
    are added up. Without feedback these are empty. `is_reached` is as of the actual, whatever the day."""

    fund: str
    indicator: str
    measured_in: str
    baseline: int | None
    target: int
    by: str
    actual: int | None = None
    why: Why = "no-feedback"
    reported_by: str = ""
    ref: str = ""
    day: str = ""
    refs: tuple[str, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether the actual is at least the target; at most, if the target is below the baseline."""
        if self.actual is None:
            return False
        falls = self.baseline is not None and self.target < self.baseline
        return self.actual <= self.target if falls else self.actual >= self.target


def targets_of(snapshot: Snapshot, *, project: str = "", activity: str = "") -> list[TargetRow]:
    """The targets of a project, then those of its activities by the order in which these were made; or those of one activity. A
    name that the ledger does not have gives none.

    Feedback counts if it has the target's indicator, is not void, and is about the activity (of a project: one of its activities)
    in a period, or about payments and deliveries of which each is out of the activity's funds (of a project: out of its tree) and
    none is void. Of what is about a period, the one counts whose period ends last, of several the newest: periods are not added
    up. Only where there is none of these, what is about payments and deliveries is added up, the newest first, except for what
    names a payment or delivery that a newer one named. If what counts is measured in other words than the target, there is no
    actual. Of each indicator the last 500 records are looked at; if there are more, and none of these is about a period, there is
    no actual.
    """
    funds = [activity] if activity else _setting(snapshot, project)
    rows = [(fund, row.since) for fund in funds if (row := snapshot.books.fund.get(fund))]
    return [_row(snapshot, fund, one) for fund, since in rows for one in getattr(record_of(snapshot, fund, since), "targets", ())]


def _setting(snapshot: Snapshot, project: str) -> list[str]:
    """The project and its activities."""
    rows = [(row.since, id) for id, row in snapshot.books.fund.all() if row.project == project and row.kind == "activity"]
    return [project, *(id for _, id in sorted(rows))] if snapshot.books.project.get(project) else []


def _row(snapshot: Snapshot, fund: str, target: Target) -> TargetRow:
    row = TargetRow(fund, target.indicator, target.measured_in, target.baseline, target.target, target.by)
    page = _feedback(snapshot, fund, target.indicator)
    found = [one for one in page.items if not marks_of(snapshot.books, one.ref).is_void]
    of_period = [one for one in found if one.record.activity]
    if of_period:
        return _counted(row, [max(of_period, key=lambda one: one.record.to_day)])
    if page.next is not None:
        return row._replace(why="too-many")
    apart = list(_apart(snapshot, fund, found))
    return _counted(row, apart) if apart else row


def _feedback(snapshot: Snapshot, fund: str, indicator: str) -> Page:
    """The last feedback with an indicator on what a project or an activity did, the newest first."""
    project, activity = (fund, "") if snapshot.books.project.get(fund) else ("", fund)
    return snapshot.records(
        kind="feedback", project=project, fund=activity, indicator=indicator, limit=MOST, newest_first=True,
    )  # fmt: skip


def _apart(snapshot: Snapshot, fund: str, found: list[Listed]) -> Iterator[Listed]:
    """Feedback about payments and deliveries, the newest first, of which no two name the same."""
    counted: set[str] = set()
    for one in found:
        named = {_absolute(ref, one) for ref in one.record.payments}
        if counted.isdisjoint(named) and all(_is_out_of(snapshot, fund, ref) for ref in named):
            counted |= named
            yield one


def _absolute(ref: str, listed: Listed) -> str:
    return f"{listed.leaf.entry.index}.{ref[1:]}" if ref[0] == "@" else ref


def _is_out_of(snapshot: Snapshot, fund: str, ref: str) -> bool:
    row = snapshot.books.disbursement.get(ref)
    if row is None or marks_of(snapshot.books, ref).is_void:
        return False
    return fund in (row.fund, fund_row(snapshot.books, row.fund).project)


def _counted(row: TargetRow, feedback: list[Listed]) -> TargetRow:
    newest: Any = feedback[0].record
    agrees = all(one.record.measured_in == row.measured_in for one in feedback)
    return row._replace(
        actual=sum(one.record.value for one in feedback) if agrees else None, why="" if agrees else "measured-otherwise",
        reported_by=feedback[0].leaf.statement.party, ref=feedback[0].ref, day=newest.reported_on,
        refs=tuple(one.ref for one in feedback),
    )  # fmt: skip
