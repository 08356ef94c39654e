"""The kind `income`: money that comes into a fund but is not a gift."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..days import in_its_books
from ..field import Amount, Committed, Day, FundId, Slug, Text, Unit
from ..kind import Kind
from ..moves import comes_in
from ..record import BY_OWNER, Rows
from ..restriction import enters
from ..signing import Signing


class Income(Kind):
    """Records money that is not a gift: an opening balance, interest, a sale, a recovery or an advance."""

    stage: ClassVar[str] = "donation"
    signing: ClassVar[Signing] = BY_OWNER
    demands: ClassVar[Rows] = (in_its_books("received_on"),)
    moves: ClassVar[Rows] = (comes_in("fund/unit", "amount"),)
    remembers: ClassVar[Rows] = (enters(), moves_on("received_on"))

    kind: Literal["income"]
    fund: FundId = Field(description="The fund that receives the money.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="How much came in.")
    income_class: Literal["opening-balance", "interest", "sale", "recovery", "advance"] = Field(
        description="What kind of income it is."
    )
    source: Text = Field(description="Where the money came from.")
    received_on: Day = Field(description="When the money came in.")
    channel: Slug | None = Field(None, description="The way the money came in, such as bank or cash.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for it, as a keyed hash.")

    @model_validator(mode="after")
    def _channel_of_the_reference(self) -> Self:
        """where there is a `channel_ref` there is a `channel`"""
        if self.channel_ref is not None and self.channel is None:
            raise ValueError("channel_ref needs its channel")
        return self
