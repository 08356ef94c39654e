"""The kind `allocation`: money is assigned to another fund of the same tree."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow, Leg
from ..field import Amount, FundId, Ranges, Text, Unit
from ..record import BY_OWNER, Record, Signing, fund_of, ins, size, tape_of
from ..restriction import check_allocation, leave_project, same_project
from ..state import ACTIVE, Books
from ..state import Allocation as AllocationRow


class Allocation(Record):
    """Moves units from a fund to another in its tree. Restricted money goes to descendants only."""

    stage: ClassVar[str] = "implementation"
    signing: ClassVar[Signing] = BY_OWNER

    kind: Literal["allocation"]
    fund: FundId
    to: FundId
    unit: Unit
    amount: Amount
    units: Ranges | None = None
    purpose: Text | None = None

    def check(self, books: Books, act: Act) -> None:
        fund_of(books, act, self.fund)
        fund_of(books, act, self.to, "to")
        check_allocation(books, act, self.fund, self.to)
        check_units(self.units, self.amount)

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        inner = self.amount if same_project(books, self.fund, self.to) else 0
        out = tape_of(books, act, self.fund, self.unit)
        into = tape_of(books, act, self.to, self.unit, "to")
        return (Leg(out, self.amount, self.units or (), into, self.amount, inner),)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        ((_, (start, _)),) = ins(rows)
        row = AllocationRow(act.party, self.fund, self.to, self.unit, self.amount, start, ACTIVE)
        books.allocation.put(act.ref, row)
        if not same_project(books, self.fund, self.to):
            leave_project(books, f"{self.fund}/{self.unit}", self.amount)


def check_units(units: Sequence[tuple[int, int]] | None, amount: int) -> None:
    """Named units sum to the amount. Raises Refused."""
    if units is not None and size(units) != amount:
        raise Refused(f"units: hold {size(units)}, the amount is {amount}; they have to be equal", rule="reference")
