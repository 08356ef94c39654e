"""The kind `unit`: a unit of account, money or goods."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...amount import MAX_EXPONENT
from ..field import Name, NewUnit
from ..identity import decimals_of, declares, is_new_unit
from ..record import Record, Rows, Signing


class UnitRecord(Record):
    """Declares a unit: an ISO 4217 code in capitals, or a slug for anything else; 10^exponent minor units make one. A currency has
    the exponent that ISO 4217 gives it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator")
    demands: ClassVar[Rows] = (is_new_unit("unit"), decimals_of("unit", "exponent"))
    remembers: ClassVar[Rows] = (declares("unit", "exponent"),)

    kind: Literal["unit"]
    unit: NewUnit
    exponent: Annotated[int, Field(ge=0, le=MAX_EXPONENT)]
    name: Name
