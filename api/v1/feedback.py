"""Feedback: what came of payments, or of an activity in a period."""

from __future__ import annotations

from pydantic import Field
from starlette.responses import Response

from ledger.canonical import MAX_INTEGER
from ledger.view import Snapshot
from ledger.view.listing import Listed

from .asking import Many, One
from .money import File, files_of
from .param import Ref, Sought
from .record import Said, absolute, found, one, said
from .saying import lists, resource, says

KIND = "feedback"

router = resource("feedback")


class Feedback(Said):
    """`value` of an `indicator`, measured in what it says and by the method it says: about `payments`, or about an `activity`
    from one day to another."""

    indicator: str
    value: int = Field(ge=0, le=MAX_INTEGER)
    measured_in: str
    method: str
    reported_on: str
    payments: list[str]
    activity: str | None
    from_day: str | None
    to_day: str | None
    evidence: list[File]


def feedback_of(snapshot: Snapshot, listed: Listed) -> Feedback:
    """A feedback as it was recorded."""
    record = listed.record
    return Feedback(
        **said(listed), indicator=record.indicator, value=record.value, measured_in=record.measured_in, method=record.method,
        reported_on=record.reported_on, payments=[absolute(ref, listed) for ref in record.payments or ()],
        activity=record.activity, from_day=record.from_day, to_day=record.to_day, evidence=files_of(record.evidence),
    )  # fmt: skip


@router.get("/feedback", **lists(Feedback))
async def feedbacks(asked: Many, sought: Sought) -> Response:
    """Feedback; that about one payment with `about`."""
    return await asked.page(Feedback, found(KIND, sought, feedback_of))


@router.get("/feedback/{ref}", **says(Feedback))
async def feedback(asked: One, ref: Ref) -> Response:
    """One feedback."""
    return await asked.answer(lambda snapshot: feedback_of(snapshot, one(snapshot, ref, KIND)))
