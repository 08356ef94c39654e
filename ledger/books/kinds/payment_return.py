"""The kind `payment-return`: money of a payment comes back; the only undo of a payment."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow, Leg
from ..field import Amount, Day, Ref, Text
from ..record import Record, Signing, disbursement_of, ins, not_after_today
from ..restriction import same_project, spent_key
from ..state import Books, Disbursement, Sum


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
        row = books.disbursement.get(name)
        for back in row.returns if row else ():
            if back[:2] == (int(entry), int(record)):
                paid = name.partition(".")
                return int(paid[0]), int(paid[2]), back[2], back[3]
        return None

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        payment = self._payment(books, act)
        inner = self.amount if same_project(books, payment.fund, payment.fund) else 0
        return (Leg(into=payment.tape, in_amount=self.amount, inner=inner),)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        payment = self._payment(books, act)
        ((tape, (start, _)),) = ins(rows)
        end = payment.amount - payment.returned
        back = (act.index, act.number, end - self.amount, end, tape, start)
        row = payment._replace(returned=payment.returned + self.amount, returns=(*payment.returns, back))
        books.disbursement.put(act.resolve(self.of, "of"), row)
        key = spent_key(books, payment.fund, payment.tape.partition("/")[2], payment.cost_class)
        spent = books.spent.get(key)
        if spent:
            books.spent.put(key, Sum(max(0, spent.amount - self.amount)))
