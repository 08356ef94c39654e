"""The kind `delivery`: goods leave a fund for whom they are meant for."""

from typing import ClassVar, Literal

from ..demands import as_many, not_after_today
from ..disbursement import disburses
from ..field import Amount, Day, Digest, Files, FundId, GoodsUnit, Name, PartyId, Private, Ranges
from ..moves import goes_out
from ..record import BY_OWNER, Record, Rows, Signing
from ..restriction import spendable


class Delivery(Record):
    """Hands over goods (to pay money, use `payment`). Use `holder` for a receiver who is not a party of the ledger: it commits that
    person's one-time key."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = BY_OWNER
    private_fields: ClassVar[tuple[str, ...]] = ("name", "address")

    demands: ClassVar[Rows] = (not_after_today("delivered_on"), as_many("units", "amount", "unit"), spendable("fund"))
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"),)
    remembers: ClassVar[Rows] = (disburses("to", "delivered_on"),)

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
