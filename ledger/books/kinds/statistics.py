"""The kind `statistics`: a signed aggregate of the gifts into a fund in a period, by month or by day."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...complaint import form
from ..field import Count, Day, FundId, Part, Total, Unit
from ..gift_totals import totals
from ..kind import Kind
from ..record import BY_OWNER, Rows
from ..signing import Signing

DAY_LENGTH = 10
_CODE = r"^[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?$"


class Cell(Part):
    """One month (YYYY-MM) or day (YYYY-MM-DD)."""

    code: Annotated[str, form(_CODE, "a month such as 2026-09, or a day such as 2026-09-07")] = Field(
        description="A month, or a day."
    )
    amount: Total = Field(description="How much was given.")
    gifts: Annotated[Count, Field(ge=1)] = Field(description="How many gifts there were.")


class Statistics(Kind):
    """Publishes how much was given to `fund` in a period, split into cells. The total must equal the ledger's."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = BY_OWNER
    demands: ClassVar[Rows] = (totals("fund/unit", "from_day/to_day", "cells"),)

    kind: Literal["statistics"]
    fund: FundId = Field(description="The fund that received the gifts.")
    unit: Unit = Field(description="The unit of the gifts.")
    by: Literal["month", "day"] = Field(description="Whether the cells are months or days.")
    from_day: Day = Field(description="The first day that is counted.")
    to_day: Day = Field(description="The last day that is counted.")
    cells: Annotated[tuple[Cell, ...], Field(min_length=1, max_length=128)] = Field(
        description="Each month or day with the amount given and the number of gifts."
    )

    @model_validator(mode="after")
    def _cells_in_order(self) -> Self:
        """the codes of the cells are sorted, each once"""
        codes = [cell.code for cell in self.cells]
        if codes != sorted(set(codes)):
            raise ValueError("cells must be sorted by code, each once")
        return self

    @model_validator(mode="after")
    def _codes_of_the_period(self) -> Self:
        """the codes are days or months, as `by` says"""
        if any((len(cell.code) == DAY_LENGTH) != (self.by == "day") for cell in self.cells):
            raise ValueError(f"codes must be {self.by}s")
        return self
