"""What came of a payment: the results that feedback reports about it, or about its activity on its day.

A result is of the whole payment, or of the whole activity. Nothing here divides it: how much of a gift is in that payment is said
beside it (`gift_outcome`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..books.field import Evidence
from ..books.gift import split_ref
from ..books.kinds.feedback import Feedback
from ..books.life import last_told, name_of, named_at
from ..books.marks import marks_of
from .snapshot import Snapshot
from .spending import Sums, spent_in
from .standing import OWN, Standing, standing_in, standing_in_activity

LISTED = 20


class Result(NamedTuple):
    """The feedback `ref` of a party, reported on a day: the `value` of an `indicator`, counted in `measured_in`, found by a
    `method`. It is `about` the payments or deliveries in `of`, which came to `spent` (minor units by unit, less what came back); or
    about the activity in `of` from one day to another, whose payments of these days came to `spent`. `standing` is what the party
    is in what the feedback is about; `is_void` if it was taken back."""

    ref: str
    value: int
    measured_in: str
    indicator: str
    method: str
    party: str
    standing: Standing
    day: str
    about: Literal["payment", "activity"]
    of: tuple[str, ...]
    spent: Sums
    from_day: str
    to_day: str
    evidence: tuple[Evidence, ...]
    is_void: bool

    @property
    def is_own_word(self) -> bool:
        """Whether the charity that spent the money says it of itself."""
        return self.standing == OWN


def results_of(snapshot: Snapshot, ref: str) -> list[Result]:
    """The results of a payment or delivery, the best answer first (`best_first`) and void ones last: the newest 20 feedback records
    that name it, and the last about its activity whose period includes its day. Raises NotFound."""
    with snapshot.reading():
        row = snapshot.books.disbursement.get(ref)
        told = last_told(snapshot.books, row) if row else None
        naming = snapshot.records(kind="feedback", about=ref, limit=LISTED, newest_first=True).items
        refs = [*(item.ref for item in naming), *([name_of(told)] if told else [])]
        return best_first(result(snapshot, one, ref) for one in refs)


def results_of_project(snapshot: Snapshot, id: str, limit: int = LISTED) -> list[Result]:
    """The results of a project, the newest first: of its newest `limit` (1 to 1000) feedback records the newest of each indicator
    and party, and all that are void."""
    with snapshot.reading():
        page = snapshot.records(kind="feedback", project=id, limit=limit, newest_first=True)
        found, seen = [], set[tuple[str, str]]()
        for one in (result(snapshot, item.ref) for item in page.items):
            if one.is_void or (one.indicator, one.party) not in seen:
                found.append(one)
            if not one.is_void:
                seen.add((one.indicator, one.party))
        return found


def best_first(results: Iterable[Result]) -> list[Result]:
    """Somebody else before the charity's own word, payments before a whole activity, then the newest; void ones last."""
    newest = sorted(results, key=lambda one: (one.day, split_ref(one.ref)), reverse=True)
    return sorted(newest, key=lambda one: (one.is_void, one.is_own_word, one.about == "activity"))


def result(snapshot: Snapshot, ref: str, payment: str = "") -> Result:
    """A feedback as a result, as it is heard about one payment or delivery that it names, or about all. Raises NotFound."""
    target = snapshot.store_flows.target(*split_ref(ref))
    record: Feedback = target.record
    of = (record.activity,) if record.activity else tuple(named_at(one, ref)[0] for one in record.payments or ())
    return Result(
        ref, record.value, record.measured_in, record.indicator, record.method, target.party,
        _standing(snapshot, target.party, record, (payment,) if payment else of),
        record.reported_on, "activity" if record.activity else "payment", of,
        _spent(snapshot, record, of), record.from_day or "", record.to_day or "", tuple(record.evidence or ()),
        marks_of(snapshot.books, ref).is_void,
    )  # fmt: skip


def _standing(snapshot: Snapshot, party: str, record: Feedback, of: tuple[str, ...]) -> Standing:
    """What the party is in these payments. If it made one of them itself, its word is its own: a report may name payments of
    several parties."""
    if record.activity:
        return standing_in_activity(snapshot.books, party, record.activity)
    found = [standing_in(snapshot.books, party, snapshot.books.disbursement[ref]) for ref in of]
    return OWN if OWN in found else found[0]


def _spent(snapshot: Snapshot, record: Feedback, of: tuple[str, ...]) -> Sums:
    if record.activity:
        return spent_in(snapshot, record.activity, record.from_day or "", record.to_day or "")
    sums = Counter[str]()
    for row in (snapshot.books.disbursement[one] for one in dict.fromkeys(of)):
        sums[row.unit] += row.left
    return dict(sorted(sums.items()))
