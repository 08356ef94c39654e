"""The kind `feedback`: what came of payments, or of an activity in a period."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..act import Act, Flow
from ..field import ActivityId, Count, Day, Files, Name, Ref, Slug, Text
from ..life import best_level
from ..period import cover
from ..record import Record, Signing, activity_of, disbursement_of, not_after_today
from ..state import Books, Told


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
    activity: ActivityId | None = None
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
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and what it names."""
        return "payments", self.payments or ()

    def check(self, books: Books, act: Act) -> None:
        not_after_today(books, act, self.reported_on, "reported_on")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        for ref in self.payments or ():
            row = disbursement_of(books, act, ref, "payments")
            row = row._replace(feedbacks=row.feedbacks + 1, reported=best_level(row)[1])
            books.disbursement.put(act.resolve(ref, "payments"), row)
        if self.activity is not None and self.from_day and self.to_day:
            activity_of(books, act, self.activity)
            for step in cover(self.from_day, self.to_day):
                books.told.put(f"{self.activity}/{step}", Told(act.index, act.number))
