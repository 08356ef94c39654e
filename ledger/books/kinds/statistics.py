"""The kind `statistics`: a signed aggregate of the gifts into a fund in a period, by region or by month."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...complaint import form
from ..field import Amount, Count, Day, FundId, Part, Unit
from ..given import totals
from ..record import BY_OWNER, Record, Rows, Signing

SMALLEST_CELL = 10
OTHER = "other"
_CODE = r"^(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[0-9]{4}-[0-9]{2}|other)$"


class Cell(Part):
    """One region (ISO 3166-2), month (YYYY-MM), or `other`, where cells of fewer than 10 gifts are merged."""

    code: Annotated[str, form(_CODE, "a place such as CN-51, a month such as 2026-09, or other")]
    amount: Amount
    gifts: Annotated[Count, Field(ge=1)]


class Statistics(Record):
    """Gifts received into `fund` from one day to another, split into cells. The total must equal the ledger's."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = BY_OWNER
    demands: ClassVar[Rows] = (totals("fund/unit", "from_day/to_day", "cells"),)

    kind: Literal["statistics"]
    fund: FundId
    unit: Unit
    by: Literal["region", "month"]
    from_day: Day
    to_day: Day
    cells: Annotated[tuple[Cell, ...], Field(min_length=1, max_length=128)]

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
