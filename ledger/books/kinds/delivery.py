"""The kind `delivery`: goods leave a fund for the people they are meant for."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..conduct import BREACH, Breach, another_party, breaks
from ..day_sums import counts
from ..days import in_its_books
from ..demands import as_many
from ..disbursement import disburses
from ..field import Amount, Day, Digest, Files, FundId, GoodsUnit, Name, PartyId, Private, Ranges
from ..grant import GRANT, Grant, as_strict, of_payee
from ..group import GROUP, Group
from ..inflow import grants
from ..kind import Kind
from ..moves import goes_out
from ..record import Rows, VoidBy
from ..relation import RELATED, Nature, helps_no_relative, lists_related, says_how_related, without_conflict
from ..restriction import spendable
from ..rule import when
from ..signing import Signing


class Delivery(Kind):
    """Hands over goods; to pay money, use `payment`. Use `holder` for a receiver who is not a party of the ledger, and `group`
    for many who are not."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("two officers above the threshold",))
    void_by: ClassVar[VoidBy] = "row"
    private_fields: ClassVar[tuple[str, ...]] = ("name", "address")

    demands: ClassVar[Rows] = (
        in_its_books("delivered_on"), as_many("units", "amount", "unit"), spendable("fund"),
        says_how_related("to", "delivered_on", "related"),
        when(
            "to", another_party("to", "fund"), without_conflict("to", "delivered_on"),
            helps_no_relative("to", "fund", "delivered_on"),
        ),
        when("grant", of_payee("grant.fund", "to"), as_strict("fund", "grant.fund")),
    )  # fmt: skip
    moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"),)
    remembers: ClassVar[Rows] = (
        disburses("to/group.group_class", "delivered_on"),
        counts("unit", "amount", "delivered_on", "to", "group.group_class"),
        moves_on("delivered_on"), when("grant", grants("to", "unit", "amount")),
        when("related", lists_related("to", "delivered_on", "related")),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["delivery"]
    fund: FundId = Field(description="The fund that the goods leave.")
    unit: GoodsUnit = Field(description="The unit that the goods are counted in.")
    amount: Amount = Field(description="How much is handed over.")
    delivered_on: Day = Field(description="When the goods were handed over.")
    to: PartyId | None = Field(None, description="The party that receives the goods.")
    group: Group | None = Field(None, description=GROUP)
    units: Ranges | None = Field(
        None, description="Which units to take, as ranges [start, end). If left out: the oldest in the fund."
    )
    grant: Grant | None = Field(None, description=GRANT)
    batch: Name | None = Field(None, description="The batch or lot that the goods are from.")
    private: Private | None = Field(None, description="Digests of private data, such as the receiver's name and address.")
    holder: Digest | None = Field(None, description="The salted hash of a one-time key of a receiver who is not a party.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")
    related: Nature | None = Field(None, description=RELATED)
    breach: Breach | None = Field(None, description=BREACH)

    @model_validator(mode="after")
    def _one_receiver(self) -> Self:
        """it names either `to` or `group`; beside a `group` there is no `grant`, no `private` and no `holder`"""
        if (self.to is None) == (self.group is None):
            raise ValueError("give either to or group")
        if self.group is not None and (self.grant, self.private, self.holder) != (None, None, None):
            raise ValueError("a delivery to a group has no grant, no private and no holder; the group's list is committed in it")
        return self
