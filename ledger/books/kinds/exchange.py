"""The kind `exchange`: one unit of account becomes another in the same fund."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..demands import as_many, not_after_today
from ..field import Amount, Day, FundId, MoneyUnit, Ranges, Ratio, Text
from ..moves import comes_in, goes_out
from ..record import BY_OWNER, Record, Rows, Signing
from ..restriction import exchanges


class Exchange(Record):
    """Exchanges money into another currency: `to_amount` is ⌊amount × rate⌋, both in minor units; the source says who set the rate.
    The part of a project's inflow that no cost has used moves to the new currency."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = BY_OWNER
    demands: ClassVar[Rows] = (not_after_today("exchanged_on"), as_many("units", "amount", "unit"))
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"), comes_in("fund/to_unit", "to_amount"))
    remembers: ClassVar[Rows] = (exchanges("fund/unit", "fund/to_unit", "amount/to_amount"),)

    kind: Literal["exchange"]
    fund: FundId
    unit: MoneyUnit
    amount: Amount
    to_unit: MoneyUnit
    to_amount: Amount
    rate: Ratio
    source: Text
    exchanged_on: Day
    units: Ranges | None = None

    @model_validator(mode="after")
    def _rate_gives_the_amount(self) -> Self:
        """`to_unit` is another than `unit`, and `to_amount` is `amount` times `rate`, rounded down"""
        if self.unit == self.to_unit:
            raise ValueError("to_unit must be another unit")
        if self.to_amount != self.amount * self.rate[0] // self.rate[1]:
            raise ValueError("to_amount must be amount times rate, rounded down")
        return self
