"""The kind `unit`: a unit of account, money or goods."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...amount import MAX_EXPONENT
from ..field import Name, NewUnit
from ..identity import decimals_of, declares, is_new_unit
from ..kind import Kind
from ..record import Rows, Signing


class UnitRecord(Kind):
    """Declares a unit: ISO 4217 codes in upper case, anything else a slug; 10^exponent minor units make one. A currency has the
    exponent that ISO 4217 gives it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator")
    demands: ClassVar[Rows] = (is_new_unit("unit"), decimals_of("unit", "exponent"))
    remembers: ClassVar[Rows] = (declares("unit", "exponent"),)

    kind: Literal["unit"]
    unit: NewUnit
    exponent: Annotated[int, Field(ge=0, le=MAX_EXPONENT)]
    name: Name
