"""The kind `payment`: money leaves a fund for a payee."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..demands import as_many, not_after_today
from ..disbursement import disburses, fund_of_payee, pays, spends
from ..field import Amount, Committed, Day, Files, FundId, GoodsUnit, Part, PartyId, Ranges, Slug, Text, Unit
from ..moves import bought, comes_in, goes_out
from ..record import Record, Rows, Signing
from ..restriction import (
    enters,
    kept_within,
    spendable,
    stays_restricted,
    within_cost_limit,
)
from ..rule import each, when
from .project import CostClass


class Goods(Part):
    """Goods bought: how many, of what unit, the fund that they go to, and their part of the payment. Money cannot be bought in this
    way."""

    fund: FundId
    unit: GoodsUnit
    quantity: Amount
    cost: Amount


class Payment(Record):
    """Pays a payee. With `goods`, the money buys goods that go into a fund; with `to_fund`, it goes into the payee's own fund."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("two officers above the threshold",))
    demands: ClassVar[Rows] = (
        not_after_today("paid_on"),
        as_many("units", "amount", "unit"),
        spendable("fund"),
        when("to_fund", fund_of_payee("to_fund", "payee", "fund"), stays_restricted("fund", "to_fund")),
        each("goods", kept_within("fund", "goods.fund")),
        within_cost_limit("fund/unit", "cost_class", "amount"),
    )
    moves: ClassVar[Rows] = (
        goes_out("fund/unit", "amount", "units"),
        when("to_fund", comes_in("to_fund/unit", "amount")),
        each("goods", bought("goods.fund/goods.unit", "goods.quantity", "goods.cost")),
    )
    remembers: ClassVar[Rows] = (
        disburses("payee", "paid_on"), pays(), spends("fund/unit", "cost_class", "amount"), enters(),
    )  # fmt: skip

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
