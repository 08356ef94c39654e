"""The kind `receipt`: somebody acknowledges a payment or a delivery."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ..act import Act, Flow
from ..field import Amount, Committed, Day, Files, Ref
from ..record import Record, Signing, disbursement_of, not_after_today
from ..state import Books, Disbursement


class Receipt(Record):
    """Acknowledges `amount` units, from the payment's lowest not yet acknowledged up, at one level; levels do not add up."""

    stage: ClassVar[str] = "receipt"
    signing: ClassVar[Signing] = Signing("acknowledger")

    kind: Literal["receipt"]
    of: Ref
    amount: Amount
    level: Literal["recipient-signed", "third-party", "self-declared"]
    received_on: Day
    document: Committed | None = None
    evidence: Files | None = None

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and what it names."""
        return "of", (self.of,)

    def _total(self, row: Disbursement) -> int:
        return self.amount + max((total for _, _, level, total, _ in row.receipts if level == self.level), default=0)

    def check(self, books: Books, act: Act) -> None:
        row = disbursement_of(books, act, self.of, "of")
        not_after_today(books, act, self.received_on, "received_on")
        paid = row.amount - row.returned
        if self._total(row) > paid:
            books.fault(
                "receipt-excess",
                f"amount {self.amount}: {self.level} receipts of {self.of} would reach {self._total(row)}; {paid} were paid",
            )

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        row = disbursement_of(books, act, self.of, "of")
        mark = (act.index, act.number, self.level, min(self._total(row), row.amount), self.received_on)
        books.disbursement.put(act.resolve(self.of, "of"), row._replace(receipts=(*row.receipts, mark)))
