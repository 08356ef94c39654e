"""Feedback: the results of payments, or of an activity in a period."""

from __future__ import annotations

from pydantic import Field

from ledger.books.kinds.feedback import Feedback as FeedbackRecord
from ledger.bounds import MAX_INTEGER
from ledger.view.listing import Listed
from ledger.view.snapshot import Snapshot

from .money import File, files_of
from .record import Said, absolute, said, serve_kind
from .route_docs import resource
from .text_types import DaySaid, RefSaid

KIND = "feedback"

router = resource("feedback")


class Feedback(Said):
    """The `value` of an `indicator`, in a unit and by a method that the record names; about `payments`, or about an `activity` from
    one day to another."""

    indicator: str
    value: int = Field(ge=0, le=MAX_INTEGER)
    measured_in: str
    method: str
    reported_on: DaySaid
    payments: list[RefSaid]
    activity: str | None
    from_day: DaySaid | None
    to_day: DaySaid | None
    evidence: list[File]


def feedback_of(snapshot: Snapshot, listed: Listed) -> Feedback:
    """A feedback as it was recorded."""
    record: FeedbackRecord = listed.record
    return Feedback(
        **said(snapshot, listed), indicator=record.indicator, value=record.value, measured_in=record.measured_in,
        method=record.method, reported_on=record.reported_on,
        payments=[absolute(ref, listed) for ref in record.payments or ()], activity=record.activity, from_day=record.from_day,
        to_day=record.to_day, evidence=files_of(record.evidence),
    )  # fmt: skip


serve_kind(
    router, "/feedback", KIND, Feedback, feedback_of, many="Feedback; with `about`, the feedback on one payment.",
    single="One feedback.",
)  # fmt: skip
