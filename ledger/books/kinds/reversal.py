"""The kind `reversal`: undoes an allocation whose units are all unspent, or withdraws a record that moved nothing."""

from typing import ClassVar, Literal

from ..claims import can_be_undone
from ..field import Ref, Text
from ..moves import comes_in, units_go_out
from ..record import Record, Rows, Signing
from ..restriction import passes_on, reverses
from ..rule import about


class Reversal(Record):
    """Reverses an allocation: its units go back to the end of the line of the fund that they came from. Or withdraws a
    `progress`."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("allocator", must=("own rule",))
    demands: ClassVar[Rows] = (can_be_undone("of"),)
    moves: ClassVar[Rows] = (
        about("of", "allocation", units_go_out("of.to/of.unit", "of.units"), comes_in("of.source/of.unit", "of.amount")),
    )
    remembers: ClassVar[Rows] = (reverses("of"), about("of", "allocation", passes_on("of.to", "of.source")))

    kind: Literal["reversal"]
    of: Ref
    reason: Text
