"""The kind `unit`: a unit of account, money or goods."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...amount import MAX_EXPONENT
from ...errors import Refused
from ..act import Act, Flow
from ..currency import in_other_case, why_not
from ..field import Name, Unit
from ..record import Record, Signing
from ..state import Books, UnitRow


class UnitRecord(Record):
    """Declares a unit: ISO 4217 codes in upper case, anything else a slug; 10^exponent minor units make one. A currency has the
    exponent that ISO 4217 gives it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator")

    kind: Literal["unit"]
    unit: Unit
    exponent: Annotated[int, Field(ge=0, le=MAX_EXPONENT)]
    name: Name

    def check(self, books: Books, act: Act) -> None:
        if books.unit.get(self.unit) is not None:
            raise Refused(f"unit {self.unit!r}: is declared already; a unit is declared once", rule="reference")
        if books.unit.get(other := in_other_case(self.unit)) is not None:
            message = f"unit {self.unit!r}: {other!r} is declared already; two units do not differ by case only"
            raise Refused(message, rule="reference")
        if fault := why_not(self.unit, self.exponent):
            act.fault("exponent", fault)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        books.unit.put(self.unit, UnitRow(self.exponent, act.index))
