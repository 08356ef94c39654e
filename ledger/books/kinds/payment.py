"""The kind `payment`: money leaves a fund for a payee."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...errors import Refused
from ..act import Act, Flow, Leg
from ..field import Amount, Committed, Day, Files, FundId, GoodsUnit, Part, PartyId, Ranges, Slug, Text, Unit
from ..life import End, disbursement_ends
from ..record import Hop, Record, Signing, fund_of, ins, not_after_today, outs, party_of, tape_of
from ..restriction import check_cost_limit, check_kept, check_passing_on, check_spending, spend, threshold
from ..state import Books, Disbursement, Sum, total
from ..tape import EMPTY, split
from .allocation import check_units
from .donation import channel_key
from .project import CostClass


class Goods(Part):
    """Things bought: how many of which unit, into which fund, for which part of the payment. Money is not bought so."""

    fund: FundId
    unit: GoodsUnit
    quantity: Amount
    cost: Amount


class Payment(Record):
    """Pays a payee. With `goods` the money becomes things in a fund; with `to_fund` it comes into the payee's own fund."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("two officers above the threshold",))

    kind: Literal["payment"]
    fund: FundId
    unit: Unit
    amount: Amount
    payee: PartyId
    cost_class: CostClass
    paid_on: Day
    units: Ranges | None = None
    goods: Annotated[tuple[Goods, ...], Field(min_length=1, max_length=16)] | None = None
    to_fund: FundId | None = None
    invoice: Committed | None = None
    channel: Slug | None = None
    channel_ref: Committed | None = None
    purpose: Text | None = None
    evidence: Files | None = None

    @model_validator(mode="after")
    def _costs_sum_to_the_amount(self) -> Self:
        if self.goods and self.to_fund:
            raise ValueError("goods and to_fund exclude one another")
        if self.goods and sum(part.cost for part in self.goods) != self.amount:
            raise ValueError("the costs of the goods have to sum to the amount")
        return self

    @model_validator(mode="after")
    def _channel_of_the_reference(self) -> Self:
        if self.channel_ref is not None and self.channel is None:
            raise ValueError("channel_ref needs its channel")
        return self

    def unique_keys(self, party: str) -> Sequence[str]:
        return () if self.channel_ref is None else (channel_key(party, self.channel or "", self.channel_ref),)

    def threshold(self, books: Books) -> int | None:
        """Above which sum a day two officers sign, in minor units; None where neither the fund nor one above it says."""
        return threshold(books, self.fund, self.unit)

    def paid_that_day(self, books: Books, act: Act) -> int:
        """What the payee was paid from the fund's tree before: on that day, or by records of this entry's day, whichever is more.
        So a sum is not split by dating its parts apart."""
        paid = [books.paid.get(key) for key in self._paid_keys(books, act)]
        return max(row.amount if row else 0 for row in paid)

    def _paid_keys(self, books: Books, act: Act) -> tuple[str, str]:
        fund = books.fund.get(self.fund)
        payee = f"{fund.root if fund else ''}/{self.payee}"
        return f"{payee}/{self.paid_on}/{self.unit}", f"{payee}/recorded {act.day}/{self.unit}"

    def check(self, books: Books, act: Act) -> None:
        fund = fund_of(books, act, self.fund)
        party_of(books, act, self.payee, "payee")
        not_after_today(books, act, self.paid_on, "paid_on")
        check_units(self.units, self.amount)
        check_spending(books, act, self.fund)
        if self.to_fund is not None:
            receiver = fund_of(books, act, self.to_fund, "to_fund")
            if receiver.owner != self.payee or receiver.owner == fund.owner:
                raise Refused(f"to_fund {self.to_fund!r}: is not a fund of the payee {self.payee!r}", rule="reference")
            check_passing_on(books, act, self.fund, self.to_fund)
        for part in self.goods or ():
            fund_of(books, act, part.fund, "goods.fund")
            check_kept(books, act, self.fund, part.fund)
        check_cost_limit(books, act, self.fund, self.unit, self.cost_class, self.amount)
        total(self.paid_that_day(books, act), self.amount, f"what {self.payee} was paid on a day")

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        out = tape_of(books, act, self.fund, self.unit)
        if self.goods:
            taken = self.units or (books.tape.get(out) or EMPTY).lowest(self.amount)
            costs = [part.cost for part in self.goods]
            tapes = [tape_of(books, act, part.fund, part.unit, "goods") for part in self.goods]
            return [
                Leg(out, part.cost, units, tape, part.quantity)
                for part, units, tape in zip(self.goods, split(taken, costs), tapes, strict=True)
            ]
        into = tape_of(books, act, self.to_fund, self.unit, "to_fund") if self.to_fund else ""
        return (Leg(out, self.amount, self.units or (), into, self.amount if into else 0),)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        yields = "goods" if self.goods else "fund" if self.to_fund else ""
        books.disbursement.put(act.ref, Disbursement(
            "payment", act.party, self.fund, f"{self.fund}/{self.unit}", self.amount, self.payee, self.cost_class,
            self.paid_on, yields,
        ))  # fmt: skip
        for key in self._paid_keys(books, act):
            paid = books.paid.get(key)
            books.paid.put(key, Sum(total(paid.amount if paid else 0, self.amount, f"what {self.payee} was paid on a day")))
        spend(books, self.fund, self.unit, self.cost_class, self.amount)

    def ends(self, books: Books, ref: str, start: int, end: int) -> Sequence[End]:
        return disbursement_ends(books, ref, start, end)

    def hops(self, rows: Sequence[Flow]) -> tuple[Hop, ...]:
        if not self.goods:
            return super().hops(rows)
        taken = tuple(span for _, span in outs(rows))
        parts = split(taken, [part.cost for part in self.goods])
        tape = outs(rows)[0][0]
        return tuple(Hop(tape, units, into, span) for units, (into, span) in zip(parts, ins(rows), strict=True))
