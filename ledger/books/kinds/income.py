"""The kind `income`: money that comes into a fund but is not a gift."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..days import in_its_books
from ..field import Amount, Committed, Day, FundId, PartyId, Slug, Text, Unit
from ..inflow import earns
from ..kind import Kind
from ..moves import comes_in
from ..opening import opens
from ..record import BY_OWNER, Rows, VoidBy
from ..referenced import has_reference, under_its_label
from ..restriction import takes_in
from ..signing import Signing

IncomeClass = Literal[
    "opening-balance", "interest", "sale", "service", "membership", "fees", "investment", "public-grant", "tax-relief", "recovery",
    "advance", "unstated",
]


class Income(Kind):
    """Records money that is not a gift. An advance is repaid later, and a recovery brings back what was written off before; neither
    adds to what a cost limit is a share of. Nor does money whose source a file does not state."""

    stage: ClassVar[str] = "donation"
    signing: ClassVar[Signing] = BY_OWNER
    void_by: ClassVar[VoidBy] = "row"
    demands: ClassVar[Rows] = (
        in_its_books("received_on"),
        has_reference("channel", "channel_ref"),
        under_its_label("channel_ref", "channel", "received_on"),
    )
    moves: ClassVar[Rows] = (comes_in("fund/unit", "amount"),)
    remembers: ClassVar[Rows] = (
        takes_in("fund/unit", "income_class", "received_on"), earns("fund/unit", "income_class", "amount"), moves_on("received_on"),
        opens("fund/unit", "income_class", "received_on"),
    )  # fmt: skip

    kind: Literal["income"]
    fund: FundId = Field(description="The fund that receives the money.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="How much came in.")
    income_class: IncomeClass = Field(
        description="What kind of income it is; `unstated` if a file does not say where it came from."
    )
    source: Text = Field(description="Where the money came from.")
    received_on: Day = Field(description="When the money came in.")
    channel: Slug = Field(description="The way the money came in, such as bank or cash.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for it, as a keyed hash.")
    lender: PartyId | None = Field(None, description="The party to which an advance is repaid; there only of an advance.")

    @model_validator(mode="after")
    def _lender_of_an_advance(self) -> Self:
        """`lender` is there if `income_class` is `advance`, and else is not"""
        if (self.lender is None) == (self.income_class == "advance"):
            raise ValueError("an advance names its lender, and no other income does")
        return self
