"""The kind `rate`: what one currency is worth in another."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..days import not_after_today
from ..field import Day, MoneyUnit, Text, Worth
from ..kind import Kind
from ..rates import rates
from ..record import Rows
from ..signing import Signing


class RateRecord(Kind):
    """Says what a currency was worth in another on a day, so that an audit can compare the exchanges of others with it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator, regulator or auditor")
    demands: ClassVar[Rows] = (not_after_today("day"),)
    remembers: ClassVar[Rows] = (rates("unit/to_unit", "ratio", "day"),)

    kind: Literal["rate"]
    unit: MoneyUnit = Field(description="The currency that is given.")
    to_unit: MoneyUnit = Field(description="The currency that is received.")
    ratio: Worth = Field(description="Minor units received for minor units given, as in 71/10.")
    day: Day = Field(description="The day of the rate.")
    source: Text = Field(description="Who published the rate.")

    @model_validator(mode="after")
    def _two_units(self) -> Self:
        """`to_unit` is another than `unit`"""
        if self.unit == self.to_unit:
            raise ValueError("to_unit must be another unit")
        return self
