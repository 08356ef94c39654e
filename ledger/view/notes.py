"""Progress notes: what was done in an activity, by those who did it."""

from __future__ import annotations

from typing import NamedTuple

from ..books.field import Evidence
from ..books.kinds.progress import Progress
from ..books.marks import marks_of
from .snapshot import Snapshot
from .standing import Standing, standing_in_activity

LISTED = 20


class ProgressNote(NamedTuple):
    """The progress record `ref` of a party: what was done, on which day, and the milestone that was reached, or "". If it was taken
    back, `taken_back` is the reason and `taken_back_on` the day; else both are ""."""

    ref: str
    activity: str
    note: str
    milestone: str
    party: str
    standing: Standing
    day: str
    evidence: tuple[Evidence, ...]
    taken_back: str
    taken_back_on: str


def notes_of(snapshot: Snapshot, *, activity: str = "", project: str = "", limit: int = LISTED) -> list[ProgressNote]:
    """The newest `limit` (1 to 1000) progress notes of an activity or a project, the last one entered first, void ones too."""
    found = []
    for item in snapshot.records(kind="progress", fund=activity, project=project, limit=limit, newest_first=True).items:
        record: Progress = item.record
        party, marks = item.leaf.statement.party, marks_of(snapshot.books, item.ref)
        found.append(ProgressNote(
            item.ref, record.activity, record.note, record.milestone or "", party,
            standing_in_activity(snapshot.books, party, record.activity), record.done_on, tuple(record.evidence or ()),
            marks.void_reason or "", marks.void_on or "",
        ))  # fmt: skip
    return found
