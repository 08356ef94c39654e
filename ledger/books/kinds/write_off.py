"""The kind `write-off`: units are lost, expired or disposed of."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ..act import Act, Leg
from ..field import Amount, Files, FundId, Ranges, Text, Unit
from ..record import Record, Signing, tape_of
from ..state import Books
from .allocation import check_units


class WriteOff(Record):
    """Takes units out for good, with the reason and a second signature."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("second signature",))

    kind: Literal["write-off"]
    fund: FundId
    unit: Unit
    amount: Amount
    cause: Literal["loss", "expiry", "disposal"]
    reason: Text
    units: Ranges | None = None
    evidence: Files | None = None

    def check(self, books: Books, act: Act) -> None:
        check_units(self.units, self.amount)

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        return (Leg(tape_of(books, act, self.fund, self.unit), self.amount, self.units or ()),)
