"""The kind `refund`: units of one gift go back to its donor."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..claims import of_gift, spent
from ..conduct import BREACH, Breach, breaks
from ..day_sums import counts
from ..days import in_its_books
from ..fees import fee_comes_back
from ..field import Amount, Committed, Day, FundId, Part, Ranges, Ref, Slug, Text, Unit
from ..kind import Kind
from ..moves import goes_back, makes_good, pays_fee_back
from ..record import Rows
from ..referenced import has_reference, under_its_label
from ..restriction import can_cover, leaves
from ..rule import when
from ..signing import Signing


class Cover(Part):
    """Units of the gift that are already spent, and are paid back from another fund."""

    fund: FundId = Field(description="The fund that pays them back.")
    units: Ranges = Field(description="The units of the gift that are already spent.")


class Refund(Kind):
    """Gives a gift back. It names the gift's units in the fund that the gift was given to: `units` are still there, `cover.units`
    are already spent. With `fee`, the donor gets back what was kept of the gift, too: from the fund in `fee_from`, or with all of
    the gift from who kept it. It is for money that did go back; a gift that never came is declared void (`reversal`). Refunded
    money no longer counts as received by the project."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("own rule", "two officers above the threshold"))
    demands: ClassVar[Rows] = (
        in_its_books("refunded_on"),
        has_reference("channel", "channel_ref"),
        under_its_label("channel_ref", "channel", "refunded_on"),
        of_gift("gift", "fund/unit", "units/cover.units", "fee/fee_from", "refunded_on"),
        when("cover", can_cover("cover.fund"), spent("fund/unit", "cover.units")),
        when("fee_from", can_cover("fee_from")),
    )
    moves: ClassVar[Rows] = (
        when("units", goes_back("fund/unit", "units")),
        when("cover", makes_good("cover.fund/unit", "cover.units")),
        when("fee_from", pays_fee_back("fee_from/unit", "fee")),
    )
    remembers: ClassVar[Rows] = (
        leaves(), moves_on("refunded_on"), when("units", counts("unit", "units", "refunded_on")),
        when("cover", counts("unit", "cover.units", "refunded_on")),
        when("fee", fee_comes_back("fund/unit", "fee", "fee_from"), counts("unit", "fee", "refunded_on")),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["refund"]
    gift: Ref = Field(description="The gift that is given back.")
    fund: FundId = Field(description="The fund that the gift was given to.")
    unit: Unit = Field(description="The unit of the gift.")
    reason: Literal["donor-request", "purpose-failed", "legal"] = Field(
        description="Why the gift is given back."
    )
    refunded_on: Day = Field(description="When the money was given back.")
    channel: Slug = Field(description="The way it was given back, such as bank or cash.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for the refund, as a keyed hash.")
    units: Ranges | None = Field(None, description="The units of the gift that are still in the fund, as ranges [start, end).")
    cover: Cover | None = Field(None, description="Units of the gift that are already spent, and the fund that pays them back.")
    fee: Amount | None = Field(None, description="The whole fee of the gift, if the donor gets it back.")
    fee_from: FundId | None = Field(None, description="The fund that pays the fee back; left out if who kept it gives it back.")
    note: Text | None = Field(None, description="Anything else that a reader should know.")
    breach: Breach | None = Field(None, description=BREACH)

    @model_validator(mode="after")
    def _names_units(self) -> Self:
        """`units` or `cover` is there, or both"""
        if self.units is None and self.cover is None:
            raise ValueError("name units, cover, or both")
        return self

    @model_validator(mode="after")
    def _fee_of_the_fund(self) -> Self:
        """where there is a `fee_from` there is a `fee`"""
        if self.fee_from is not None and self.fee is None:
            raise ValueError("fee_from needs its fee")
        return self
