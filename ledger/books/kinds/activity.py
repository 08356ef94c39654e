"""The kind `activity`: a part of a project that money is assigned to and spent from."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..field import Day, FundId, Name, NewFundId, PartyId, Place, Sums, Text
from ..kind import Kind
from ..programme import can_stand_below, in_project, is_led, is_new_fund, makes_fund
from ..record import Rows
from ..signing import Signing
from ..target import TARGETS, Targets


class Activity(Kind):
    """Makes an activity: a fund below a project's fund. Money in it counts as allocated, and its implementers may report on it."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (is_new_fund("id"), can_stand_below("parent", "kind"), in_project("parent"))
    remembers: ClassVar[Rows] = (makes_fund("id", "parent"), is_led("id", "implementers"))

    kind: Literal["activity"]
    id: NewFundId = Field(description="A short id for the activity and its fund.")
    parent: FundId = Field(description="The project, or a fund within it, that the activity belongs to.")
    name: Name = Field(description="The activity's name, for readers.")
    purpose: Text = Field(description="What its money may be spent on.")
    implementers: Annotated[tuple[PartyId, ...], Field(max_length=16)] = Field(
        (), description="The parties that carry it out and may report on it."
    )
    budget: Sums = Field((), description="The amounts planned, one for each unit.")
    targets: Targets = Field((), description=TARGETS)
    starts_on: Day | None = Field(None, description="The first day of the activity.")
    ends_on: Day | None = Field(None, description="The last day of the activity.")
    place: Place | None = Field(None, description="Where it takes place: an ISO 3166 code such as CN or CN-51.")

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        """where both are there, `ends_on` is not before `starts_on`"""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self

    @property
    def parent_fund(self) -> str:
        """The fund whose owner records it."""
        return self.parent
