"""The kind `refund`: units of one gift go back to its donor."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..claims import of_gift, spent
from ..conduct import BREACH, Breach, breaks
from ..day_sums import counts
from ..days import in_its_books
from ..field import Day, FundId, Part, Ranges, Ref, Text, Unit
from ..kind import Kind
from ..moves import goes_back, makes_good
from ..record import Rows
from ..restriction import can_cover, leaves
from ..rule import when
from ..signing import Signing


class Cover(Part):
    """Units of the gift that are already spent, and are paid back from another fund."""

    fund: FundId = Field(description="The fund that pays them back.")
    units: Ranges = Field(description="The units of the gift that are already spent.")


class Refund(Kind):
    """Gives a gift back. It names the gift's units in the fund that the gift was given to: `units` are still there, `cover.units`
    are already spent. Refunded money no longer counts as received by the project."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("own rule", "two officers above the threshold"))
    demands: ClassVar[Rows] = (
        in_its_books("refunded_on"),
        of_gift("gift", "fund/unit", "units/cover.units", "refunded_on"),
        when("cover", can_cover("cover.fund"), spent("fund/unit", "cover.units")),
    )
    moves: ClassVar[Rows] = (
        when("units", goes_back("fund/unit", "units")),
        when("cover", makes_good("cover.fund/unit", "cover.units")),
    )
    remembers: ClassVar[Rows] = (
        leaves(), moves_on("refunded_on"), when("units", counts("unit", "units", "refunded_on")),
        when("cover", counts("unit", "cover.units", "refunded_on")),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["refund"]
    gift: Ref = Field(description="The gift that is given back.")
    fund: FundId = Field(description="The fund that the gift was given to.")
    unit: Unit = Field(description="The unit of the gift.")
    reason: Literal["donor-request", "recorded-in-error", "purpose-failed", "legal"] = Field(
        description="Why the gift is given back."
    )
    refunded_on: Day = Field(description="When the money was given back.")
    units: Ranges | None = Field(None, description="The units of the gift that are still in the fund, as ranges [start, end).")
    cover: Cover | None = Field(None, description="Units of the gift that are already spent, and the fund that pays them back.")
    note: Text | None = Field(None, description="Anything else that a reader should know.")
    breach: Breach | None = Field(None, description=BREACH)

    @model_validator(mode="after")
    def _names_units(self) -> Self:
        """`units` or `cover` is there, or both"""
        if self.units is None and self.cover is None:
            raise ValueError("name units, cover, or both")
        return self
