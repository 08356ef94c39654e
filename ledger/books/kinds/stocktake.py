"""The kind `stocktake`: goods or cash were counted."""

from typing import ClassVar, Literal

from pydantic import Field

from ..bank import is_root
from ..counting import signed_by_counter
from ..days import not_after_today
from ..field import Day, Files, FundId, PartyId, Total, Unit
from ..kind import Kind
from ..opening import counts_opening
from ..record import Rows
from ..signing import Signing


class Stocktake(Kind):
    """Says how much of a unit a fund tree had on a day, as somebody counted it: goods in a store, or the money in a cash box. A
    second person signs. Money at a bank is shown by a bank statement."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("second signature",), may=("party that counted",))
    demands: ClassVar[Rows] = (is_root("fund"), not_after_today("counted_on"), signed_by_counter("counted_by"))
    remembers: ClassVar[Rows] = (counts_opening("fund/unit", "counted_on", "counted"),)

    kind: Literal["stocktake"]
    fund: FundId = Field(description="The root of the fund tree whose goods or cash were counted.")
    unit: Unit = Field(description="The unit that was counted.")
    counted: Total = Field(description="How much there was.")
    counted_on: Day = Field(description="The day on which it was counted.")
    counted_by: PartyId = Field(description="The party whose people counted it; it signs too.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")
