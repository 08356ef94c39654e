"""The kind `requirement`: what the law of a place asks of charities and channels."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..field import Day, Place, Ratio, Text, Total
from ..kind import Kind
from ..record import Rows
from ..requirements import requires
from ..signing import Signing


class Requirement(Kind):
    """Says what a place asks: an audit judges by it whatever is recorded from then on of the days from `from_day` to `until_day`.
    It judges parties whose `jurisdiction` is in the place, and only ever as a finding for people."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator, regulator or auditor")
    remembers: ClassVar[Rows] = (requires("jurisdiction", "name", "value/ratio", "from_day/until_day"),)

    kind: Literal["requirement"]
    jurisdiction: Place = Field(description="The place whose law it is: CN, or CN-51.")
    name: Literal["fee/custodian", "fee/platform", "rate/tolerance"] = Field(
        description="What it limits: the share of gifts that a custodian or platform keeps, or how far a rate may differ."
    )
    value: Total | None = Field(None, description="How much it asks, as a whole number.")
    ratio: Ratio | None = Field(None, description="How much it asks, as a share such as 6/1000.")
    from_day: Day = Field(description="The first day on which it holds.")
    until_day: Day | None = Field(None, description="The last day on which it holds; left out if it has no end.")
    basis: Text = Field(description="The article of the law, so that a reader can look it up.")

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        """either `value` or `ratio` is there, and `from_day` is not after `until_day`"""
        if (self.value is None) == (self.ratio is None):
            raise ValueError("give value or ratio, and not both")
        if self.until_day is not None and self.until_day < self.from_day:
            raise ValueError("from_day must not be after until_day")
        return self
