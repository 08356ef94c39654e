"""The kind `feedback`: what came of payments, or of an activity in a period."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...errors import Refused
from ..act import Act, Flow
from ..field import Count, Day, Files, Name, Ref, Slug, Text
from ..record import Record, Signing, not_after_today
from ..state import Books


class Feedback(Record):
    """An indicator with its value and how it was found, about the payments named, or about an activity from one day to another."""

    stage: ClassVar[str] = "feedback"
    signing: ClassVar[Signing] = Signing("concerned by the disbursement or activity")

    kind: Literal["feedback"]
    indicator: Slug
    value: Count
    measured_in: Name
    method: Text
    reported_on: Day
    payments: Annotated[tuple[Ref, ...], Field(min_length=1, max_length=64)] | None = None
    activity: Slug | None = None
    from_day: Day | None = None
    to_day: Day | None = None
    evidence: Files | None = None

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        period = [self.activity, self.from_day, self.to_day]
        if (self.payments is None) == (None in period) or (self.payments and any(period)):
            raise ValueError("names payments, or an activity with from_day and to_day")
        if self.from_day and self.to_day and self.to_day < self.from_day:
            raise ValueError("to_day lies before from_day")
        return self

    @property
    def disbursements(self) -> tuple[str, ...]:
        """What the record names."""
        return self.payments or ()

    def check(self, books: Books, act: Act) -> None:
        not_after_today(books, act, self.reported_on, "reported_on")
        for ref in self.disbursements:
            if books.disbursement.get(act.resolve(ref, "payments")) is None:
                raise Refused(f"payments {ref}: is no payment or delivery; give its reference", rule="reference")
        if self.activity is not None and books.activity.get(self.activity) is None:
            raise Refused(f"activity {self.activity!r}: no such activity; record it first", rule="reference")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        for ref in self.disbursements:
            name = act.resolve(ref, "payments")
            row = books.disbursement.get(name)
            if row:
                books.disbursement.put(name, row._replace(feedbacks=(*row.feedbacks, (act.index, act.number))))
        activity = books.activity.get(self.activity or "")
        if activity and self.activity and self.from_day and self.to_day:
            mark = (act.index, act.number, self.from_day, self.to_day)
            books.activity.put(self.activity, activity._replace(feedbacks=(*activity.feedbacks, mark)))
