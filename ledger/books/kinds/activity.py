"""The kind `activity`: a part of a project that money is assigned to and spent from."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..field import Day, FundId, Name, NewFundId, PartyId, Place, Sum, Text
from ..programme import can_stand_below, in_project, is_led, is_new_fund, makes_fund
from ..record import Record, Rows, Signing
from .fund import Thresholds


class Activity(Record):
    """Creates a fund with this id below a project's fund; money in it counts as allocated. Implementers may report on it."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (is_new_fund("id"), can_stand_below("parent", "kind"), in_project("parent"))
    remembers: ClassVar[Rows] = (makes_fund("id", "parent"), is_led("id", "implementers"))

    kind: Literal["activity"]
    id: NewFundId
    parent: FundId
    name: Name
    purpose: Text
    implementers: Annotated[tuple[PartyId, ...], Field(max_length=16)] = ()
    budget: Annotated[tuple[Sum, ...], Field(max_length=16)] = ()
    starts_on: Day | None = None
    ends_on: Day | None = None
    thresholds: Thresholds = ()
    place: Place | None = None

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        """where both are there, `ends_on` is not before `starts_on`"""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self

    @property
    def parent_fund(self) -> str:
        """The fund whose owner says it."""
        return self.parent
