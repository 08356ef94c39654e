"""The kind `receipt`: somebody acknowledges a payment or a delivery."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ..act import Act, Flow
from ..field import Amount, Committed, Day, Files, Ref
from ..life import acknowledged, best_level, levels_of, reported_up_to
from ..record import Record, Signing, disbursement_of, not_after_today
from ..state import Books, Disbursement, Level


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
        return self.amount + acknowledged(row, self.level)

    def check(self, books: Books, act: Act) -> None:
        row = disbursement_of(books, act, self.of, "of")
        not_after_today(books, act, self.received_on, "received_on")
        paid = row.amount - row.returned
        if self._total(row) > paid:
            act.fault(
                "receipt-excess",
                f"amount {self.amount}: {self.level} receipts of {self.of} would reach {self._total(row)}; {paid} were paid",
            )

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        row, day = disbursement_of(books, act, self.of, "of"), self.received_on
        total = min(self._total(row), row.amount)
        level, most = best_level(row)
        levels = {one.level: one for one in levels_of(row)}
        before = levels.get(self.level) or Level(self.level, 0, 0, day, day)
        levels[self.level] = Level(self.level, total, before.count + 1, min(before.first_day, day), max(before.last_day, day))
        books.disbursement.put(act.resolve(self.of, "of"), row._replace(
            receipts=tuple(levels.values()), level=self.level if total > most else level, received_by=(act.index, act.number),
            reported=reported_up_to(books, row),
        ))  # fmt: skip
