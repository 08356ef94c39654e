"""The kind `write-off`: units are lost, expired or disposed of."""

from typing import ClassVar, Literal

from ..demands import as_many
from ..field import Amount, Files, FundId, Ranges, Text, Unit
from ..moves import goes_out
from ..record import Record, Rows, Signing


class WriteOff(Record):
    """Removes money or goods from a fund for good, with the reason and a second signature."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("second signature",))
    demands: ClassVar[Rows] = (as_many("units", "amount", "unit"),)
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"),)

    kind: Literal["write-off"]
    fund: FundId
    unit: Unit
    amount: Amount
    cause: Literal["loss", "expiry", "disposal"]
    reason: Text
    units: Ranges | None = None
    evidence: Files | None = None
