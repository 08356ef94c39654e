"""The kind `reversal`: undoes an allocation whose units are all unspent, or withdraws a record that moved nothing."""

from typing import ClassVar, Literal

from pydantic import Field

from ..claims import can_be_undone
from ..field import Ref, Text
from ..kind import Kind
from ..moves import comes_in, units_go_out
from ..record import Rows
from ..restriction import passes_on, reverses
from ..rule import about
from ..signing import Signing


class Reversal(Kind):
    """Undoes an allocation, whose units go back to the end of the line of the fund they came from; or withdraws a `progress`."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("allocator", must=("own rule",))
    demands: ClassVar[Rows] = (can_be_undone("of"),)
    moves: ClassVar[Rows] = (
        about("of", "allocation", units_go_out("of.to/of.unit", "of.units"), comes_in("of.source/of.unit", "of.amount")),
    )
    remembers: ClassVar[Rows] = (reverses("of"), about("of", "allocation", passes_on("of.to", "of.source")))

    kind: Literal["reversal"]
    of: Ref = Field(description="The allocation or progress that is undone.")
    reason: Text = Field(description="Why it is undone.")
