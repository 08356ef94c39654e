"""The kind `delivery`: goods leave a fund for the people they are meant for."""

from typing import ClassVar, Literal

from pydantic import Field

from ..balance import moves_on
from ..conduct import BREACH, Breach, another_party, breaks
from ..day_sums import counts
from ..days import in_its_books
from ..demands import as_many
from ..disbursement import disburses
from ..field import Amount, Day, Digest, Files, FundId, GoodsUnit, Name, PartyId, Private, Ranges
from ..kind import Kind
from ..moves import goes_out
from ..record import Rows
from ..restriction import spendable
from ..rule import when
from ..signing import Signing


class Delivery(Kind):
    """Hands over goods; to pay money, use `payment`. Use `holder` for a receiver who is not a party of the ledger."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("two officers above the threshold",))
    private_fields: ClassVar[tuple[str, ...]] = ("name", "address")

    demands: ClassVar[Rows] = (
        in_its_books("delivered_on"), as_many("units", "amount", "unit"), spendable("fund"), another_party("to", "fund"),
    )  # fmt: skip
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"),)
    remembers: ClassVar[Rows] = (
        disburses("to", "delivered_on"), counts("unit", "amount", "delivered_on", "to"), moves_on("delivered_on"),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

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
