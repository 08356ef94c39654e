"""The kind `fund`: a purse of one party, with its purpose, and its restriction."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import FundId, Name, NewFundId, Text
from ..kind import Kind
from ..programme import can_stand_below, is_new_fund, makes_fund
from ..record import Rows
from ..rule import when
from ..signing import Signing

Restriction = Literal["unrestricted", "restricted", "endowment"]


class Fund(Kind):
    """Makes a fund of the party that says it."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (is_new_fund("id"), when("parent", can_stand_below("parent", "kind")))
    remembers: ClassVar[Rows] = (makes_fund("id", "parent"),)

    kind: Literal["fund"]
    id: NewFundId = Field(description="A short id for the fund, such as school.")
    name: Name = Field(description="The fund's name, for readers.")
    purpose: Text = Field(description="What its money may be spent on.")
    restriction: Restriction = Field(description="Whether its money is tied to the purpose.")
    parent: FundId | None = Field(None, description="The fund that it is part of.")

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner records it."""
        return self.parent
