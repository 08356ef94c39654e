"""The kind `exchange`: money changes from one unit of account to another in the same fund."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..conduct import BREACH, Breach, breaks
from ..day_sums import counts
from ..days import in_its_books
from ..demands import as_many
from ..field import Amount, Day, FundId, MoneyUnit, PartyId, Ranges, Ratio, Text
from ..kind import Kind
from ..moves import comes_in, goes_out
from ..rates import lacks_a_rate, near_the_rate
from ..record import Rows, VoidBy
from ..relation import RELATED, Nature, lists_related, says_how_related, without_conflict
from ..restriction import exchanges
from ..rule import when
from ..signing import Signing


class Exchange(Kind):
    """Exchanges money: `to_amount` is ⌊amount × rate⌋, both in minor units. Up to this amount, money that the project received and
    that no cost has used counts as received in the new currency from then on."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("two officers above the threshold",))
    void_by: ClassVar[VoidBy] = "row"
    demands: ClassVar[Rows] = (
        in_its_books("exchanged_on"), as_many("units", "amount", "unit"),
        near_the_rate("fund", "unit/to_unit", "rate", "exchanged_on"),
        says_how_related("custodian", "exchanged_on", "related"),
        when("custodian", without_conflict("custodian", "exchanged_on")),
    )  # fmt: skip
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"), comes_in("fund/to_unit", "to_amount"))
    remembers: ClassVar[Rows] = (
        exchanges("fund/unit", "fund/to_unit", "amount/to_amount", "exchanged_on"),
        counts("unit", "amount", "exchanged_on", "custodian"), moves_on("exchanged_on"),
        lacks_a_rate("fund", "unit/to_unit", "amount/to_amount", "exchanged_on"),
        when("related", lists_related("custodian", "exchanged_on", "related")),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["exchange"]
    fund: FundId = Field(description="The fund whose money is exchanged.")
    unit: MoneyUnit = Field(description="The currency that is given.")
    amount: Amount = Field(description="How much is given.")
    to_unit: MoneyUnit = Field(description="The currency that is received.")
    to_amount: Amount = Field(description="How much is received: amount × rate, rounded down to a minor unit.")
    rate: Ratio = Field(description="Minor units received for minor units given, as in 71/10.")
    source: Text = Field(description="Who set the rate.")
    exchanged_on: Day = Field(description="When the money was exchanged.")
    units: Ranges | None = Field(
        None, description="Which units to take, as ranges [start, end). If left out: the oldest in the fund."
    )
    custodian: PartyId | None = Field(None, description="The party that exchanged it, if it is one of the ledger.")
    related: Nature | None = Field(None, description=RELATED)
    breach: Breach | None = Field(None, description=BREACH)

    @model_validator(mode="after")
    def _rate_gives_the_amount(self) -> Self:
        """`to_unit` is another than `unit`, and `to_amount` is `amount` times `rate`, rounded down"""
        if self.unit == self.to_unit:
            raise ValueError("to_unit must be another unit")
        if self.to_amount != self.amount * self.rate[0] // self.rate[1]:
            raise ValueError("to_amount must be amount times rate, rounded down")
        return self
