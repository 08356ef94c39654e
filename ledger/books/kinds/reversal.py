"""The kind `reversal`: declares a record void, or takes back some units of an allocation."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from ..conduct import BREACH, Breach, breaks
from ..field import Amount, Day, FundId, Part, PartyId, Ranges, Ref, Text, Unit
from ..flows import Hop, by_tape, ins, outs
from ..kind import Kind
from ..moves import as_many_come_in, comes_in, goes_void, goods_go_void, units_go_out
from ..record import Rows
from ..rule import about, when
from ..signing import Signing
from ..state import Books
from ..statement_context import Flow
from ..void import can_be_undone, can_come_back, leaves_inflow, part_of, soon, undoes, ungives


class VoidGift(Part):
    """What the gift was that is declared void."""

    fund: FundId = Field(description="The fund that the gift came into.")
    unit: Unit = Field(description="The unit of the gift.")
    amount: Amount = Field(description="The whole gift.")
    received_on: Day = Field(description="The day of the gift.")
    units: Ranges = Field(description="The units of the gift in that fund, as one range [start, end).")
    fee: Amount | None = Field(None, description="What was kept of the gift.")
    fee_to: PartyId | None = Field(None, description="The party that kept the fee.")

    def as_facts(self) -> dict[str, Any]:
        """As a claim says it."""
        facts = {"tape": f"{self.fund}/{self.unit}", "amount": self.amount, "received_on": self.received_on}
        return {**facts, "units": [list(span) for span in self.units], "fee": self.fee or 0, "fee_to": self.fee_to or ""}


class Reversal(Kind):
    """Declares void what should not have been recorded: a gift, income, payment, delivery, exchange, allocation, receipt, feedback,
    consent, contact or progress. What came in by it must be unspent; what went out comes back to the end of the fund's line. With
    `units`, only these units of an allocation come back. Money that did go back to a donor or came back from a payee is a `refund`
    or a `payment-return`."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("maker of the record", must=("own rule", "others who signed"))
    demands: ClassVar[Rows] = (
        part_of("of", "units"), can_be_undone("of", "gave", "units"), can_come_back("of"), soon("of"), leaves_inflow("of", "units"),
    )  # fmt: skip
    moves: ClassVar[Rows] = (
        when("gave", goes_void("gave.fund/gave.unit", "gave.units")),
        about("of", "income", goes_void("of.fund/of.unit", "of.units")),
        about("of", "disbursement", goods_go_void("of.fund/of.unit", "of.bought"), comes_in("of.fund/of.unit", "of.left")),
        about("of", "taking", goes_void("of.fund/of.unit", "of.units")),
        about("of", "exchange", goes_void("of.fund/of.to_unit", "of.units"), comes_in("of.fund/of.unit", "of.amount")),
        about(
            "of", "allocation",
            units_go_out("of.to/of.unit", "of.units", "units"), as_many_come_in("of.source/of.unit", "of.units", "units"),
        ),
    )  # fmt: skip
    remembers: ClassVar[Rows] = (
        undoes("of", "units", "reason"),
        when("gave", ungives("gave.fund/gave.unit", "gave.received_on", "gave.amount", "gave.fee/gave.fee_to")),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["reversal"]
    of: Ref = Field(description="The record that is undone.")
    reason: Text = Field(description="Why it is undone.")
    units: Ranges | None = Field(None, description="Only these units of an allocation, in the fund that they went to.")
    gave: VoidGift | None = Field(None, description="What the gift was, where it is a gift that is declared void.")
    breach: Breach | None = Field(None, description=BREACH)

    def hops(self, rows: Sequence[Flow]) -> tuple[Hop, ...]:
        """The units of an allocation go back into the fund that they came from. Those that another record brought in end here; what
        comes in are the units that it had let out (`brings_back`)."""
        into = [tape.partition("/")[2] for tape, _ in ins(rows)]
        if into and [tape.partition("/")[2] for tape, _ in by_tape(outs(rows))] == into:
            return super().hops(rows)
        return tuple(Hop(tape, spans, state="void") for tape, spans in by_tape(outs(rows)))

    def brings_back(self, books: Books, ref: str) -> tuple[int, int, int, int] | None:
        entry, _, record = ref.partition(".")
        name = f"{entry}.{self.of[1:]}" if self.of[0] == "@" else self.of
        row = books.disbursement.get(name)
        back = books.back.get(f"{name}/{row.returns - 1 if row else 0}")
        if back is None or back.by != (int(entry), int(record)):
            return None
        paid_entry, _, paid_record = name.partition(".")
        return int(paid_entry), int(paid_record), back.start, back.end
