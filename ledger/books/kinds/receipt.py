"""The kind `receipt`: somebody acknowledges a payment or a delivery."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ..demands import not_after_today
from ..disbursement import acknowledges, within_paid
from ..field import Amount, Committed, Day, DisbursementRef, Files
from ..record import Record, Rows, Signing


class Receipt(Record):
    """Confirms that `amount` of a payment or delivery was received, starting with the first part not yet confirmed. Each level is
    counted separately."""

    stage: ClassVar[str] = "receipt"
    signing: ClassVar[Signing] = Signing("acknowledger")
    demands: ClassVar[Rows] = (not_after_today("received_on"), within_paid("of", "amount", "level"))
    remembers: ClassVar[Rows] = (acknowledges("of", "level", "received_on"),)

    kind: Literal["receipt"]
    of: DisbursementRef
    amount: Amount
    level: Literal["recipient-signed", "third-party", "self-declared"]
    received_on: Day
    document: Committed | None = None
    evidence: Files | None = None

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and what it names."""
        return "of", (self.of,)
