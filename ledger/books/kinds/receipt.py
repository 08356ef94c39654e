"""The kind `receipt`: a party acknowledges a payment or a delivery."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from ..days import in_books_of
from ..disbursement import acknowledges, within_paid
from ..field import Amount, Committed, Day, DisbursementRef, Files
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class Receipt(Kind):
    """Confirms that `amount` of a payment or delivery was received, from its lowest unit not yet confirmed up. Each level is
    counted separately."""

    stage: ClassVar[str] = "receipt"
    signing: ClassVar[Signing] = Signing("acknowledger")
    demands: ClassVar[Rows] = (in_books_of("received_on", "of"), within_paid("of", "amount", "level"))
    remembers: ClassVar[Rows] = (acknowledges("of", "level", "received_on"),)

    kind: Literal["receipt"]
    of: DisbursementRef = Field(description="The payment or delivery that was received.")
    amount: Amount = Field(description="How much of it was received.")
    level: Literal["recipient-signed", "third-party", "self-declared"] = Field(
        description="Who confirms it: the recipient, a third party, or the payer itself."
    )
    received_on: Day = Field(description="When it was received.")
    document: Committed | None = Field(None, description="The number of the paper receipt, as a keyed hash.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and their names."""
        return "of", (self.of,)
