"""The kind `refund`: units of one gift go back to its donor."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..claims import of_gift, spent
from ..demands import not_after_today
from ..field import Day, FundId, Part, Ranges, Ref, Text, Unit
from ..moves import goes_back, makes_good
from ..record import Record, Rows, Signing
from ..restriction import can_cover, leaves
from ..rule import when


class Cover(Part):
    """Units of the gift that are already spent, and are paid back from another fund."""

    fund: FundId
    units: Ranges


class Refund(Record):
    """Gives a gift, or part of it, back to the donor. `units` are the gift's units that are still in its fund, and `cover.units`
    those that are spent. Refunded money no longer counts as inflow of a project."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("own rule",))
    demands: ClassVar[Rows] = (
        not_after_today("refunded_on"),
        of_gift("gift", "fund/unit", "units/cover.units"),
        when("cover", can_cover("cover.fund"), spent("fund/unit", "cover.units")),
    )
    moves: ClassVar[Rows] = (
        when("units", goes_back("fund/unit", "units")),
        when("cover", makes_good("cover.fund/unit", "cover.units")),
    )
    remembers: ClassVar[Rows] = (leaves(),)

    kind: Literal["refund"]
    gift: Ref
    fund: FundId
    unit: Unit
    reason: Literal["donor-request", "recorded-in-error", "purpose-failed", "legal"]
    refunded_on: Day
    units: Ranges | None = None
    cover: Cover | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _names_units(self) -> Self:
        """`units` or `cover` is there, or both"""
        if self.units is None and self.cover is None:
            raise ValueError("name units, cover, or both")
        return self
