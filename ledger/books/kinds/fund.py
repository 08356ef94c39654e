"""The kind `fund`: a purse of one party, with its purpose, its restriction and its threshold."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..field import FundId, Name, NewFundId, Sum, Text
from ..kind import Kind
from ..programme import as_it_was, can_stand_below, makes_fund
from ..record import Rows
from ..rule import when
from ..signing import Signing

Restriction = Literal["unrestricted", "restricted", "endowment"]
Thresholds = Annotated[tuple[Sum, ...], Field(max_length=16)]


class Fund(Kind):
    """Makes a fund of the party that says it. To change the thresholds of a fund, record it again with the same id."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (as_it_was("id", "parent", "restriction"), when("parent", can_stand_below("parent", "kind")))
    remembers: ClassVar[Rows] = (makes_fund("id", "parent"),)

    kind: Literal["fund"]
    id: NewFundId = Field(description="A short id for the fund, such as school.")
    name: Name = Field(description="The fund's name, for readers.")
    purpose: Text = Field(description="What its money may be spent on.")
    restriction: Restriction = Field(description="Whether its money is tied to the purpose.")
    parent: FundId | None = Field(None, description="The fund that it is part of.")
    thresholds: Thresholds = Field((), description="Above this sum to one payee in a day, payments need two officers.")

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner records it."""
        return self.parent
