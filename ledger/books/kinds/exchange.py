"""The kind `exchange`: one unit of account becomes another in the same fund."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..act import Act, Flow, Leg
from ..field import Amount, Day, FundId, MoneyUnit, Ranges, Ratio, Text
from ..record import BY_OWNER, Record, Signing, not_after_today, tape_of
from ..restriction import inflow_not_used, leave_project
from ..state import Books
from .allocation import check_units


class Exchange(Record):
    """Money into other money: `to_amount` is ⌊amount × rate⌋, both in minor units; the source says who set the rate. Of a
    project's inflow, as much goes along as no cost has used yet."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = BY_OWNER

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
        if self.unit == self.to_unit:
            raise ValueError("to_unit has to be another unit")
        if self.to_amount != self.amount * self.rate[0] // self.rate[1]:
            raise ValueError("to_amount has to be amount times rate, rounded down")
        return self

    def check(self, books: Books, act: Act) -> None:
        not_after_today(books, act, self.exchanged_on, "exchanged_on")
        check_units(self.units, self.amount)

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        out = tape_of(books, act, self.fund, self.unit)
        into = tape_of(books, act, self.fund, self.to_unit)
        taken_along = inflow_not_used(books, self.fund, self.unit, self.amount) * self.to_amount // self.amount
        return (Leg(out, self.amount, self.units or (), into, self.to_amount, self.to_amount - taken_along),)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        # Neither what is spent nor the inflow in this unit was changed by the movement, so this is what `legs` took along.
        leave_project(books, f"{self.fund}/{self.unit}", inflow_not_used(books, self.fund, self.unit, self.amount))
