"""The kind `regional-statistics`: where the gifts into a fund came from, as far as that tells nothing of any one of them."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...complaint import form
from ..field import Amount, Count, FundId, Part, Unit
from ..kind import Kind
from ..record import BY_OWNER, Rows
from ..regions import ends_range, follows_range, hides_the_few, totals_range
from ..signing import Signing

_PLACE = r"^(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|other)$"


class Region(Part):
    """One region (ISO 3166-2), or `other`, into which smaller ones are merged."""

    code: Annotated[str, form(_PLACE, "a place such as CN-51, or other")] = Field(description="A region, or `other`.")
    gifts: Annotated[Count, Field(ge=1)] = Field(description="How many gifts there were.")
    share: Annotated[int, Field(ge=0, le=100)] = Field(description="Its part of the amount, in hundredths.")


class RegionalStatistics(Kind):
    """Publishes how many gifts came into `fund` from each region, of all that were entered since the last such record. The amount
    is exact for all regions together, and in hundredths for each."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = BY_OWNER
    demands: ClassVar[Rows] = (
        hides_the_few("cells"), follows_range("fund/unit", "from_size"), totals_range("fund/unit", "amount", "cells"),
    )  # fmt: skip
    remembers: ClassVar[Rows] = (ends_range("fund/unit"),)

    kind: Literal["regional-statistics"]
    fund: FundId = Field(description="The fund that received the gifts.")
    unit: Unit = Field(description="The unit of the gifts.")
    from_size: Count = Field(description="The entry of the last such record of this fund and unit; 0 if there is none.")
    amount: Amount = Field(description="How much was given in all.")
    cells: Annotated[tuple[Region, ...], Field(min_length=1, max_length=128)] = Field(
        description="Each region with its number of gifts, and its part of the amount."
    )

    @model_validator(mode="after")
    def _cells_in_order(self) -> Self:
        """the codes of the cells are sorted, each once"""
        codes = [cell.code for cell in self.cells]
        if codes != sorted(set(codes)):
            raise ValueError("cells must be sorted by code, each once")
        return self

    @model_validator(mode="after")
    def _shares_of_a_hundred(self) -> Self:
        """the shares sum to 100, but for half a hundredth of rounding for each cell"""
        if 2 * abs(sum(cell.share for cell in self.cells) - 100) > len(self.cells):
            raise ValueError("the shares must sum to 100, as far as rounding allows")
        return self
