"""The kind `delivery`: goods leave a fund for the people they are meant for."""

from typing import ClassVar, Literal

from pydantic import Field

from ..conduct import BREACH, Breach, another_party, breaks
from ..demands import as_many, not_after_today
from ..disbursement import disburses
from ..field import Amount, Day, Digest, Files, FundId, GoodsUnit, Name, PartyId, Private, Ranges
from ..kind import Kind
from ..moves import goes_out
from ..record import BY_OWNER, Rows
from ..restriction import spendable
from ..rule import when
from ..signing import Signing


class Delivery(Kind):
    """Hands over goods; to pay money, use `payment`. Use `holder` for a receiver who is not a party of the ledger."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = BY_OWNER
    private_fields: ClassVar[tuple[str, ...]] = ("name", "address")

    demands: ClassVar[Rows] = (
        not_after_today("delivered_on"), as_many("units", "amount", "unit"), spendable("fund"), another_party("to", "fund"),
    )  # fmt: skip
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"),)
    remembers: ClassVar[Rows] = (disburses("to", "delivered_on"), when("breach", breaks("breach.findings", "breach.reason")))

    kind: Literal["delivery"]
    fund: FundId = Field(description="The fund that the goods leave.")
    unit: GoodsUnit = Field(description="The unit that the goods are counted in.")
    amount: Amount = Field(description="How much is handed over.")
    to: PartyId = Field(description="The party that receives the goods.")
    delivered_on: Day = Field(description="When the goods were handed over.")
    units: Ranges | None = Field(
        None, description="Which units to take, as ranges [start, end). If left out: the oldest in the fund."
    )
    batch: Name | None = Field(None, description="The batch or lot that the goods are from.")
    private: Private | None = Field(None, description="Digests of private data, such as the receiver's name and address.")
    holder: Digest | None = Field(None, description="The salted hash of a one-time key of a receiver who is not a party.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")
    breach: Breach | None = Field(None, description=BREACH)
