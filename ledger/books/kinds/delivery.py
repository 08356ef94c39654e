"""The kind `delivery`: goods leave a fund for whom they are meant for."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ..act import Act, Flow, Leg
from ..field import Amount, Day, Digest, Files, FundId, GoodsUnit, Name, PartyId, Private, Ranges
from ..life import End, disbursement_ends
from ..record import BY_OWNER, Record, Signing, fund_of, not_after_today, party_of, tape_of
from ..restriction import check_spending
from ..state import Books, Disbursement
from .allocation import check_units


class Delivery(Record):
    """Hands over goods; money leaves by `payment`. `holder` commits the one-time key of a receiver who is no party."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = BY_OWNER
    private_fields: ClassVar[tuple[str, ...]] = ("name", "address")

    kind: Literal["delivery"]
    fund: FundId
    unit: GoodsUnit
    amount: Amount
    to: PartyId
    delivered_on: Day
    units: Ranges | None = None
    batch: Name | None = None
    private: Private | None = None
    holder: Digest | None = None
    evidence: Files | None = None

    def check(self, books: Books, act: Act) -> None:
        fund_of(books, act, self.fund)
        party_of(books, act, self.to, "to")
        not_after_today(books, act, self.delivered_on, "delivered_on")
        check_units(self.units, self.amount)
        check_spending(books, act, self.fund)

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        return (Leg(tape_of(books, act, self.fund, self.unit), self.amount, self.units or ()),)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        books.disbursement.put(act.ref, Disbursement(
            "delivery", act.party, self.fund, f"{self.fund}/{self.unit}", self.amount, self.to, "programme",
            self.delivered_on, "",
        ))  # fmt: skip

    def ends(self, books: Books, ref: str, start: int, end: int) -> Sequence[End]:
        return disbursement_ends(books, ref, start, end)
