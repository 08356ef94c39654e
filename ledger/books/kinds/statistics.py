"""The kind `statistics`: a signed aggregate of the gifts into a fund in a period, by region or by month."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...complaint import form
from ..field import Count, Day, FundId, Part, Total, Unit
from ..gift_totals import totals
from ..kind import Kind
from ..record import BY_OWNER, Rows
from ..signing import Signing

SMALLEST_CELL = 10
OTHER = "other"
_CODE = r"^(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[0-9]{4}-[0-9]{2}|other)$"


class Cell(Part):
    """One region (ISO 3166-2), month (YYYY-MM), or `other`, where cells of fewer than 10 gifts are merged."""

    code: Annotated[str, form(_CODE, "a place such as CN-51, a month such as 2026-09, or other")] = Field(
        description="A region, a month, or `other`."
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
    by: Literal["region", "month"] = Field(description="Whether the cells are regions or months.")
    from_day: Day = Field(description="The first day that is counted.")
    to_day: Day = Field(description="The last day that is counted.")
    cells: Annotated[tuple[Cell, ...], Field(min_length=1, max_length=128)] = Field(
        description="Each region or month with the amount given and the number of gifts."
    )

    @model_validator(mode="after")
    def _cells_hide_the_few(self) -> Self:
        """the codes of the cells are sorted, each once, and are what `by` says or `other`; a cell of
        fewer than 10 gifts is the only one, and `other`"""
        codes = [cell.code for cell in self.cells]
        if codes != sorted(set(codes)):
            raise ValueError("cells must be sorted by code, each once")
        if any(cell.gifts < SMALLEST_CELL for cell in self.cells) and codes != [OTHER]:
            raise ValueError(f"a cell of fewer than {SMALLEST_CELL} gifts must be merged into another or into `{OTHER}`")
        if any(code != OTHER and code.isupper() != (self.by == "region") for code in codes):
            raise ValueError(f"codes must be {self.by}s, or `{OTHER}`")
        return self
