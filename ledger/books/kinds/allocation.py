"""The kind `allocation`: money is assigned to another fund of the same tree."""

from typing import ClassVar, Literal

from ..demands import as_many
from ..field import Amount, FundId, Ranges, Text, Unit
from ..moves import comes_in, goes_out
from ..record import BY_OWNER, Record, Rows, Signing
from ..restriction import allocates, passes_on, stays_in_tree


class Allocation(Record):
    """Moves money from a fund to another in the same tree. Restricted money can go only to funds below its own."""

    stage: ClassVar[str] = "implementation"
    signing: ClassVar[Signing] = BY_OWNER
    demands: ClassVar[Rows] = (stays_in_tree("fund", "to"), as_many("units", "amount", "unit"))
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"), comes_in("to/unit", "amount"))
    remembers: ClassVar[Rows] = (allocates("fund", "to", "unit"), passes_on("fund", "to"))

    kind: Literal["allocation"]
    fund: FundId
    to: FundId
    unit: Unit
    amount: Amount
    units: Ranges | None = None
    purpose: Text | None = None
