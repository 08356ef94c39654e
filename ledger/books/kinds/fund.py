"""The kind `fund`: a purse of one party, with its purpose, its restriction and its limits of fees."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..fees import promises_fees
from ..field import Count, EachUnitOnce, FundId, Name, NewFundId, Part, Ratio, Text, UnitCode
from ..kind import Kind
from ..programme import can_stand_below, is_new_fund, makes_fund
from ..record import Rows
from ..rule import when
from ..signing import Signing

Restriction = Literal["unrestricted", "restricted", "endowment"]


class FeeLimit(Part):
    """Of the gifts of a day to the fund of which a fee was kept, at most ⌊rate × their amounts⌋ and `fixed` for each."""

    unit: UnitCode = Field(description="The unit of the gifts.")
    rate: Ratio = Field(description="The largest share of a gift that is kept, as in 6/1000.")
    fixed: Count | None = Field(None, description="What is kept of each gift besides.")


FeeLimits = Annotated[tuple[FeeLimit, ...], Field(max_length=16), EachUnitOnce]
FEE_LIMITS = "What a channel keeps of the gifts of a day at most, for each unit."


class Fund(Kind):
    """Makes a fund of the party that says it."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (is_new_fund("id"), when("parent", can_stand_below("parent", "kind")))
    remembers: ClassVar[Rows] = (makes_fund("id", "parent"), promises_fees("id", "fee_limits"))

    kind: Literal["fund"]
    id: NewFundId = Field(description="A short id for the fund, such as school.")
    name: Name = Field(description="The fund's name, for readers.")
    purpose: Text = Field(description="What its money may be spent on.")
    restriction: Restriction = Field(description="Whether its money is tied to the purpose.")
    parent: FundId | None = Field(None, description="The fund that it is part of.")
    fee_limits: FeeLimits = Field((), description=FEE_LIMITS)

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner records it."""
        return self.parent
