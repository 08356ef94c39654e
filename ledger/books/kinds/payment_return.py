"""The kind `payment-return`: money of a payment comes back; the only undo of a payment."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from ..balance import moves_on
from ..corrections import is_answered
from ..days import answers, in_its_books
from ..disbursement import not_come_back, returnable, takes_back
from ..disputes import agrees_with_receipts
from ..field import Amount, Committed, Day, DisbursementRef, Slug, Text
from ..invoice import unpays_invoice
from ..kind import Kind
from ..life import brought_by, named_at, returned
from ..moves import comes_in
from ..record import Rows
from ..referenced import has_reference, under_its_label
from ..rule import about
from ..signing import Signing
from ..state import Books
from ..void import not_void


class PaymentReturn(Kind):
    """Returns `amount` of a payment to the fund it was paid from. The last units paid come back first, and go to the end of the
    fund's line. Have the recipient sign it too if anyone but you acknowledged them."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the disbursement", may=("recipient of the disbursement",))
    demands: ClassVar[Rows] = (
        not_void("of"), returnable("of"), in_its_books("returned_on"), answers("returned_on", "of"),
        has_reference("channel", "channel_ref"), under_its_label("channel_ref", "channel", "returned_on"),
        not_come_back("of", "amount"), agrees_with_receipts("of", "amount"),
    )  # fmt: skip
    moves: ClassVar[Rows] = (about("of", "disbursement", comes_in("of.fund/of.unit", "amount")),)
    remembers: ClassVar[Rows] = (
        takes_back("of", "amount"), is_answered("of", "returned_on"), unpays_invoice("of", "amount"), moves_on("returned_on"),
    )  # fmt: skip

    kind: Literal["payment-return"]
    of: DisbursementRef = Field(description="The payment that money came back from.")
    amount: Amount = Field(description="How much came back.")
    returned_on: Day = Field(description="When the money came back.")
    reason: Text = Field(description="Why the money came back.")
    channel: Slug = Field(description="The way it came back, such as bank or cash.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for the return, as a keyed hash.")

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and their names."""
        return "of", (self.of,)

    def brings_back(self, books: Books, ref: str) -> tuple[int, int, int, int] | None:
        name, place = named_at(self.of, ref)
        row = books.disbursement.get(name)
        return brought_by(books, name, place, row.returns, returned) if row else None
