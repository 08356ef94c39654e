"""The kind `payment-return`: money of a payment comes back; the only undo of a payment."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from ..balance import moves_on
from ..days import answers, in_its_books
from ..disbursement import not_come_back, returnable, takes_back
from ..field import Amount, Day, DisbursementRef, Text
from ..kind import Kind
from ..life import returned
from ..moves import comes_in
from ..record import Rows
from ..rule import about
from ..signing import Signing
from ..state import Books


class PaymentReturn(Kind):
    """Returns `amount` of a payment to the fund it was paid from. The last units paid come back first, and go to the end of the
    fund's line."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the disbursement")
    demands: ClassVar[Rows] = (
        returnable("of"), in_its_books("returned_on"), answers("returned_on", "of"), not_come_back("of", "amount"),
    )  # fmt: skip
    moves: ClassVar[Rows] = (about("of", "disbursement", comes_in("of.fund/of.unit", "amount")),)
    remembers: ClassVar[Rows] = (takes_back("of", "amount"), moves_on("returned_on"))

    kind: Literal["payment-return"]
    of: DisbursementRef = Field(description="The payment that money came back from.")
    amount: Amount = Field(description="How much came back.")
    returned_on: Day = Field(description="When the money came back.")
    reason: Text = Field(description="Why the money came back.")

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and their names."""
        return "of", (self.of,)

    def brings_back(self, books: Books, ref: str) -> tuple[int, int, int, int] | None:
        entry, _, record = ref.partition(".")
        name = f"{entry}.{self.of[1:]}" if self.of[0] == "@" else self.of
        row, place = books.disbursement.get(name), (int(entry), int(record))
        if row is None:
            return None
        number = bisect_left(range(row.returns), place, key=lambda n: returned(books, name, n).by)
        if number == row.returns or (back := returned(books, name, number)).by != place:
            return None
        paid_entry, _, paid_record = name.partition(".")
        return int(paid_entry), int(paid_record), back.start, back.end
