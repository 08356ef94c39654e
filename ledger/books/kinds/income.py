"""The kind `income`: money that comes into a fund and is no gift."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..demands import not_after_today
from ..field import Amount, Committed, Day, FundId, Slug, Text, Unit
from ..moves import comes_in
from ..record import BY_OWNER, Record, Rows, Signing
from ..restriction import enters


class Income(Record):
    """Money that is not a gift: an opening balance, interest, a sale, a recovery or an advance, and where it came from."""

    stage: ClassVar[str] = "donation"
    signing: ClassVar[Signing] = BY_OWNER
    demands: ClassVar[Rows] = (not_after_today("received_on"),)
    moves: ClassVar[Rows] = (comes_in("fund/unit", "amount"),)
    remembers: ClassVar[Rows] = (enters(),)

    kind: Literal["income"]
    fund: FundId
    unit: Unit
    amount: Amount
    income_class: Literal["opening-balance", "interest", "sale", "recovery", "advance"]
    source: Text
    received_on: Day
    channel: Slug | None = None
    channel_ref: Committed | None = None

    @model_validator(mode="after")
    def _channel_of_the_reference(self) -> Self:
        """where there is a `channel_ref` there is a `channel`"""
        if self.channel_ref is not None and self.channel is None:
            raise ValueError("channel_ref needs its channel")
        return self
