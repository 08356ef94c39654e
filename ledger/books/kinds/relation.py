"""The kind `relation`: two parties are related."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..days import not_after_today
from ..field import Day, PartyId, Slug
from ..kind import Kind
from ..record import Rows
from ..relation import Nature, is_officer, keeps_its_days, may_change, relates, tells_of_gap
from ..rule import when
from ..signing import Signing


class Relation(Kind):
    """Says that `of` is related to `to`, such as that it controls it. One of the two says it, or an overseer about both. It is in
    force from its entry on, for what happens between its days. Said by one of the two alone, it binds only that one. What the same
    party says later of the same two takes its place."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("one of the two, or an overseer", must=("own rule",))
    demands: ClassVar[Rows] = (
        not_after_today("starts_on"), may_change("of/to/nature/officer"),
        keeps_its_days("of", "to", "starts_on/ends_on"), tells_of_gap("of", "to"), when("officer", is_officer("of/officer")),
    )
    remembers: ClassVar[Rows] = (relates("of/to/nature/officer", "starts_on/ends_on"),)

    kind: Literal["relation"]
    of: PartyId = Field(description="The party that founded, controls, influences, manages or supports the other.")
    to: PartyId = Field(description="The other party.")
    nature: Nature = Field(description="How they are related.")
    starts_on: Day = Field(description="The first day on which they are related.")
    officer: Slug | None = Field(
        None, description="The officer of the first party through whom they are related, if it is one person."
    )
    ends_on: Day | None = Field(None, description="The last day on which they are related, if they no longer are.")

    @model_validator(mode="after")
    def _two_parties(self) -> Self:
        """`of` and `to` are two parties"""
        if self.of == self.to:
            raise ValueError("of and to must be two parties")
        return self

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        """where both are there, `ends_on` is not before `starts_on`"""
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self
