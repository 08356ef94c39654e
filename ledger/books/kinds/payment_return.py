"""The kind `payment-return`: money of a payment comes back; the only undo of a payment."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow, Leg
from ..field import Amount, Day, Ref, Text
from ..life import returned
from ..record import Record, Signing, disbursement_of, ins, not_after_today
from ..restriction import same_project, spend
from ..state import Back, Books, Disbursement


class PaymentReturn(Record):
    """The highest `amount` units of the payment that have not come back yet come into the fund it was paid from, at the tail."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the disbursement")

    kind: Literal["payment-return"]
    of: Ref
    amount: Amount
    returned_on: Day
    reason: Text

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and what it names."""
        return "of", (self.of,)

    def check(self, books: Books, act: Act) -> None:
        payment = self._payment(books, act)
        not_after_today(books, act, self.returned_on, "returned_on")
        left = payment.amount - payment.returned
        if self.amount > left:
            raise Refused(f"amount {self.amount}: only {left} of payment {self.of} has not come back", rule="return-excess")

    def _payment(self, books: Books, act: Act) -> Disbursement:
        payment = disbursement_of(books, act, self.of, "of")
        if payment.kind != "payment":
            raise Refused(f"of {self.of}: is no payment; give the payment's reference", rule="reference")
        if payment.yields == "fund":
            raise Refused(f"of {self.of}: that money is in the payee's fund; the payee pays it back", rule="reference")
        if payment.yields == "goods":
            raise Refused(
                f"of {self.of}: it bought goods; write off the goods and record the money as income (recovery)", rule="reference"
            )
        return payment

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

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        payment = self._payment(books, act)
        inner = self.amount if same_project(books, payment.fund, payment.fund) else 0
        return (Leg(into=payment.tape, in_amount=self.amount, inner=inner),)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        payment = self._payment(books, act)
        ((tape, (start, _)),) = ins(rows)
        end = payment.amount - payment.returned
        name = act.resolve(self.of, "of")
        books.back.put(f"{name}/{payment.returns}", Back(act.index, act.number, end - self.amount, end, tape, start))
        row = payment._replace(returned=payment.returned + self.amount, returns=payment.returns + 1)
        books.disbursement.put(name, row)
        spend(books, payment.fund, payment.tape.partition("/")[2], payment.cost_class, -self.amount)
