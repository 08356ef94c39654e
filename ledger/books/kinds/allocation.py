"""The kind `allocation`: money is assigned to another fund of the same tree."""

from typing import ClassVar, Literal

from pydantic import Field

from ..conduct import BREACH, Breach, breaks
from ..demands import as_many
from ..field import Amount, FundId, Ranges, Text, Unit
from ..kind import Kind
from ..moves import comes_in, goes_out
from ..record import BY_OWNER, Rows, VoidBy
from ..restriction import allocates, leaves_for_costs, passes_on, stays_in_tree
from ..rule import when
from ..signing import Signing


class Allocation(Kind):
    """Moves money or goods from a fund to another in the same tree. Restricted money goes to funds below only."""

    stage: ClassVar[str] = "implementation"
    signing: ClassVar[Signing] = BY_OWNER
    void_by: ClassVar[VoidBy] = "row"
    demands: ClassVar[Rows] = (
        stays_in_tree("fund", "to"), as_many("units", "amount", "unit"), leaves_for_costs("fund", "to", "unit", "amount"),
    )  # fmt: skip
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"), comes_in("to/unit", "amount"))
    remembers: ClassVar[Rows] = (
        allocates("fund", "to", "unit"), passes_on("fund", "to", "unit"),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["allocation"]
    fund: FundId = Field(description="The fund that the money leaves.")
    to: FundId = Field(description="The fund that the money goes to.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="How much is moved.")
    units: Ranges | None = Field(
        None, description="Which units to take, as ranges [start, end). If left out: the oldest in the fund."
    )
    purpose: Text | None = Field(None, description="What the money is meant for.")
    breach: Breach | None = Field(None, description=BREACH)
