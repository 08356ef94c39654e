"""The kind `write-off`: units are lost, expired or disposed of."""

from typing import ClassVar, Literal

from pydantic import Field

from ..balance import moves_today
from ..conduct import BREACH, Breach, breaks
from ..day_sums import counts
from ..demands import as_many
from ..field import Amount, Files, FundId, Ranges, Text, Unit
from ..inflow import leaves_for_costs_after_a_loss, loses
from ..kind import Kind
from ..moves import goes_out
from ..record import Rows
from ..rule import when
from ..signing import Signing


class WriteOff(Kind):
    """Takes units out for good, because they are lost, expired or thrown away. It gives the reason and needs a second signature."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("second signature",))
    demands: ClassVar[Rows] = (as_many("units", "amount", "unit"), leaves_for_costs_after_a_loss("fund/unit", "amount"))
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"),)
    remembers: ClassVar[Rows] = (
        counts("unit", "amount"), moves_today(), loses("fund/unit", "amount"),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["write-off"]
    fund: FundId = Field(description="The fund that loses the units.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="How much is lost.")
    cause: Literal["loss", "expiry", "disposal"] = Field(description="What happened to the units.")
    reason: Text = Field(description="What happened, in a sentence.")
    units: Ranges | None = Field(
        None, description="Which units to take, as ranges [start, end). If left out: the oldest in the fund."
    )
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")
    breach: Breach | None = Field(None, description=BREACH)
