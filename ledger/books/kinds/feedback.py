"""The kind `feedback`: the results of payments, or of an activity in a period."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..days import in_books_of_leader, not_after_today
from ..disbursement import feeds_back, reports_on, reports_period
from ..field import ActivityId, Count, Day, DisbursementRef, Files, Name, Slug, Text
from ..kind import Kind
from ..record import Rows, VoidBy
from ..rule import each, when
from ..signing import Signing
from ..void import not_void


class Feedback(Kind):
    """Reports an indicator, its value and how it was found, about the payments named, or about an activity in a period."""

    stage: ClassVar[str] = "feedback"
    signing: ClassVar[Signing] = Signing("concerned by the disbursement or activity")
    void_by: ClassVar[VoidBy] = "row"
    together: ClassVar[tuple[tuple[str, ...], ...]] = (("activity", "from_day", "to_day"),)
    demands: ClassVar[Rows] = (
        each("payments", not_void("payments")), not_after_today("reported_on"),
        when("activity", in_books_of_leader("from_day", "to_day", "activity")),
    )  # fmt: skip
    remembers: ClassVar[Rows] = (
        feeds_back("payments", "activity", "from_day/to_day"),
        each("payments", reports_on("payments")),
        when("activity", reports_period("activity", "from_day", "to_day")),
    )

    kind: Literal["feedback"]
    indicator: Slug = Field(description="A short id for what was measured, such as meals-served.")
    value: Count = Field(description="The number that was measured.")
    measured_in: Name = Field(description="What the number counts, such as meals served.")
    method: Text = Field(description="How the number was found.")
    reported_on: Day = Field(description="When it was reported.")
    payments: Annotated[tuple[DisbursementRef, ...], Field(min_length=1, max_length=64)] | None = Field(
        None, description="The payments or deliveries that it is about."
    )
    activity: ActivityId | None = Field(None, description="The activity that it is about, with a first and a last day.")
    from_day: Day | None = Field(None, description="The first day that it covers.")
    to_day: Day | None = Field(None, description="The last day that it covers.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        """it names either `payments`, or all of `activity`, `from_day` and `to_day`, the last not before the other"""
        period = [self.activity, self.from_day, self.to_day]
        if (self.payments is None) == (None in period) or (self.payments and any(period)):
            raise ValueError("name payments, or an activity with from_day and to_day")
        if self.from_day and self.to_day and self.to_day < self.from_day:
            raise ValueError("to_day is before from_day")
        return self

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and their names."""
        return "payments", self.payments or ()
