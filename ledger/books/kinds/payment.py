"""The kind `payment`: money leaves a fund for a payee."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..conduct import BREACH, Breach, another_party, breaks
from ..day_sums import counts
from ..days import in_its_books
from ..demands import as_many
from ..disbursement import disburses, fund_of_payee, spends
from ..field import Amount, Committed, Day, Files, FundId, GoodsUnit, Part, PartyId, Ranges, Slug, Text, Unit
from ..kind import Kind
from ..moves import bought, comes_in, goes_out
from ..record import Rows
from ..restriction import (
    enters,
    kept_within,
    spendable,
    stays_restricted,
    within_cost_limit,
)
from ..rule import each, when
from ..signing import Signing
from .project import CostClass


class Goods(Part):
    """Goods that were bought: how much of which unit, into which fund, for which part of the payment. Money cannot be bought."""

    fund: FundId = Field(description="The fund that receives the goods.")
    unit: GoodsUnit = Field(description="The unit that the goods are counted in.")
    quantity: Amount = Field(description="How much was bought.")
    cost: Amount = Field(description="The part of the payment that was paid for them.")


class Payment(Kind):
    """Pays a payee. With `goods` the money becomes goods in a fund; with `to_fund` it goes into the payee's own fund."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("two officers above the threshold",))
    demands: ClassVar[Rows] = (
        in_its_books("paid_on"),
        as_many("units", "amount", "unit"),
        spendable("fund"),
        another_party("payee", "fund"),
        when("to_fund", fund_of_payee("to_fund", "payee"), stays_restricted("fund", "to_fund")),
        each("goods", kept_within("fund", "goods.fund")),
        within_cost_limit("fund/unit", "cost_class", "amount"),
    )
    moves: ClassVar[Rows] = (
        goes_out("fund/unit", "amount", "units"),
        when("to_fund", comes_in("to_fund/unit", "amount")),
        each("goods", bought("goods.fund/goods.unit", "goods.quantity", "goods.cost")),
    )
    remembers: ClassVar[Rows] = (
        disburses("payee", "paid_on"), counts("unit", "amount", "paid_on", "payee"), moves_on("paid_on"),
        spends("fund/unit", "cost_class", "amount"), enters(),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["payment"]
    fund: FundId = Field(description="The fund to pay from.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="How much is paid.")
    payee: PartyId = Field(description="The party that receives the money.")
    cost_class: CostClass = Field(description="What kind of cost it is.")
    paid_on: Day = Field(description="When it was paid.")
    units: Ranges | None = Field(
        None, description="Which units to take, as ranges [start, end). If left out: the oldest in the fund."
    )
    goods: Annotated[tuple[Goods, ...], Field(min_length=1, max_length=16)] | None = Field(
        None, description="What was bought: fund, unit, quantity and cost of each kind of goods."
    )
    to_fund: FundId | None = Field(None, description="The payee's own fund, if the money stays in this ledger.")
    invoice: Committed | None = Field(None, description="The number of the invoice, as a keyed hash.")
    channel: Slug | None = Field(None, description="The way it was paid, such as bank or cash.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for the payment, as a keyed hash.")
    purpose: Text | None = Field(None, description="What was paid for.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")
    breach: Breach | None = Field(None, description=BREACH)

    @model_validator(mode="after")
    def _costs_sum_to_the_amount(self) -> Self:
        """`goods` and `to_fund` exclude one another; the costs of the goods sum to `amount`"""
        if self.goods and self.to_fund:
            raise ValueError("give goods or to_fund, not both")
        if self.goods and sum(part.cost for part in self.goods) != self.amount:
            raise ValueError("the costs of the goods must add up to the amount")
        return self

    @model_validator(mode="after")
    def _channel_of_the_reference(self) -> Self:
        """where there is a `channel_ref` there is a `channel`"""
        if self.channel_ref is not None and self.channel is None:
            raise ValueError("channel_ref needs its channel")
        return self
