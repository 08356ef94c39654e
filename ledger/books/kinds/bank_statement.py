"""The kind `bank-statement`: what a bank or payment channel says of an account."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..bank import is_root, joins, of_one_account, states
from ..days import not_after_today
from ..field import Committed, Count, Day, FundId, HexDigest, Slug, Total, Unit
from ..kind import Kind
from ..opening import shows_opening
from ..record import Rows
from ..referenced import under_account_label
from ..signing import Signing


class BankStatement(Kind):
    """Says what was in an account at the beginning and at the end of some days, and commits to the lines between. The custodian of
    the channel signs it too, or a second officer."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing(
        "owner of the fund", must=("custodian or second signature",), may=("custodian of the channel",),
    )  # fmt: skip
    demands: ClassVar[Rows] = (
        is_root("fund"), under_account_label("account", "to_day"), not_after_today("to_day"),
        of_one_account("account/unit", "fund", "channel", "to_day"),
        joins("account/unit", "from_day", "opening"),
    )  # fmt: skip
    remembers: ClassVar[Rows] = (shows_opening("fund/unit", "account", "from_day", "opening"), states("account/unit"))

    kind: Literal["bank-statement"]
    fund: FundId = Field(description="The root of the fund tree to which the money in the account belongs.")
    unit: Unit = Field(description="The unit of the account.")
    channel: Slug = Field(description="The channel that the account belongs to, such as bank, as in gifts and payments.")
    account: Committed = Field(description="The number of the account, as a keyed hash.")
    from_day: Day = Field(description="The first day of the statement.")
    to_day: Day = Field(description="The last day of the statement.")
    opening: Total = Field(description="The balance at the beginning of the first day.")
    closing: Total = Field(description="The balance at the end of the last day.")
    line_count: Count = Field(description="How many lines the statement has.")
    lines: HexDigest = Field(description="The Merkle root over its lines, each of them salted.")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        """`from_day` is not after `to_day`"""
        if self.from_day > self.to_day:
            raise ValueError("from_day must not be after to_day")
        return self
