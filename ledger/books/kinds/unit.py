"""The kind `unit`: a unit of account, money or goods."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...amount import MAX_EXPONENT
from ..field import Name, NewUnit
from ..identity import decimals_of, declares, is_new_unit
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class UnitRecord(Kind):
    """Declares a unit: a currency by its ISO 4217 code in capital letters, anything else by a slug. One unit is 10^exponent minor
    units; a currency has the exponent that ISO 4217 gives it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator")
    demands: ClassVar[Rows] = (is_new_unit("unit"), decimals_of("unit", "exponent"))
    remembers: ClassVar[Rows] = (declares("unit", "exponent"),)

    kind: Literal["unit"]
    unit: NewUnit = Field(description="The code of the unit: CNY for a currency, a short id for goods.")
    exponent: Annotated[int, Field(ge=0, le=MAX_EXPONENT)] = Field(description="How many decimals an amount in it has.")
    name: Name = Field(description="The unit's name, for readers.")
