"""The kind `payment`: money leaves a fund for a payee."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..conduct import BREACH, Breach, another_party, breaks
from ..day_sums import counts
from ..days import in_its_books
from ..demands import as_many
from ..disbursement import disburses, spends
from ..field import Amount, Committed, Day, Digest, Files, FundId, GoodsUnit, Part, PartyId, Ranges, Ref, Slug, Text, Unit
from ..grant import GRANT, Grant, as_strict, of_payee
from ..group import GROUP, Group
from ..inflow import grants, leaves_for_costs_besides, of_advance, repays, within_advance
from ..invoice import Invoice, pays_invoice, pays_once
from ..kind import Kind
from ..moves import bought, goes_out
from ..record import Rows, VoidBy
from ..referenced import has_reference, takes_place_of, under_invoice_label, under_its_label
from ..relation import RELATED, Nature, helps_no_relative, lists_related, says_how_related, without_conflict
from ..restriction import (
    enters,
    kept_within,
    spendable,
    within_cost_limit,
)
from ..returned import answers_receipt, gives_back, leaves_for_costs_when_paid_back, of_that_receipt, pays_back
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
    """Pays a payee: a party or, with `group`, people of one class. With `goods` the money becomes goods in a fund. With `grant` the
    payee will spend it itself: it takes the money into a fund of its own by a receipt. With `returns` it pays back what a receipt
    of the party took, and the party that had paid it takes it into the fund that it left."""

    stage: ClassVar[str] = "payment"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("two officers above the threshold",))
    void_by: ClassVar[VoidBy] = "row"
    demands: ClassVar[Rows] = (
        in_its_books("paid_on"),
        has_reference("channel", "channel_ref"),
        under_its_label("channel_ref", "channel", "paid_on"),
        as_many("units", "amount", "unit"),
        says_how_related("payee", "paid_on", "related"),
        when(
            "payee", another_party("payee", "fund"), without_conflict("payee", "paid_on"),
            helps_no_relative("payee", "fund", "paid_on"),
        ),
        when("grant", of_payee("grant.fund", "payee"), as_strict("fund", "grant.fund")),
        each("goods", kept_within("fund", "goods.fund")),
        when(
            "invoice", under_invoice_label("invoice.ref", "paid_on"),
            pays_once("invoice.ref", "invoice.amount", "unit", "amount"),
        ),
        when("cost_class", spendable("fund"), within_cost_limit("fund/unit", "cost_class", "amount")),
        when(
            "returns", gives_back("returns", "fund/unit", "payee"), answers_receipt("paid_on", "returns"),
            of_that_receipt("returns", "units"), leaves_for_costs_when_paid_back("returns", "amount"),
        ),
        when(
            "repays", spendable("fund"), of_advance("repays", "fund/unit", "payee"), within_advance("repays", "amount"),
            leaves_for_costs_besides("fund/unit", "amount"),
        ),
        when("replaces", takes_place_of("replaces")),
    )  # fmt: skip
    moves: ClassVar[Rows] = (
        goes_out("fund/unit", "amount", "units"),
        each("goods", bought("goods.fund/goods.unit", "goods.quantity", "goods.cost")),
    )
    remembers: ClassVar[Rows] = (
        disburses("payee/group.group_class", "paid_on"), counts("unit", "amount", "paid_on", "payee", "group.group_class"),
        moves_on("paid_on"), enters(), when("cost_class", spends("fund/unit", "cost_class", "amount")),
        when("grant", grants("payee", "unit", "amount")),
        when("returns", pays_back("returns", "amount")), when("repays", repays("repays", "amount")),
        when("invoice", pays_invoice("invoice.ref", "invoice.amount", "unit", "amount")),
        when("related", lists_related("payee", "paid_on", "related")),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["payment"]
    fund: FundId = Field(description="The fund to pay from.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="How much is paid.")
    channel: Slug = Field(description="The way it was paid, such as bank or cash.")
    paid_on: Day = Field(description="When it was paid.")
    payee: PartyId | None = Field(None, description="The party that receives the money.")
    group: Group | None = Field(None, description=GROUP)
    cost_class: CostClass | None = Field(None, description="What kind of cost it is; left out with `returns` or `repays`.")
    repays: Ref | None = Field(None, description="The income of class `advance` that is repaid, or some of it; that is not a cost.")
    returns: Ref | None = Field(
        None, description="The receipt by which the party took the grant that it pays back, or some of it, to who had paid it."
    )
    units: Ranges | None = Field(
        None, description="Which units to take, as ranges [start, end). If left out: the oldest in the fund."
    )
    goods: Annotated[tuple[Goods, ...], Field(min_length=1, max_length=16)] | None = Field(
        None, description="What was bought: fund, unit, quantity and cost of each kind of goods."
    )
    grant: Grant | None = Field(None, description=GRANT)
    invoice: Invoice | None = Field(None, description="The invoice that is paid, or part of it.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for the payment, as a keyed hash.")
    purpose: Text | None = Field(None, description="What was paid for.")
    holder: Digest | None = Field(None, description="The salted hash of a one-time key of the payee.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")
    related: Nature | None = Field(None, description=RELATED)
    replaces: Ref | None = Field(None, description="The void record that this one replaces; its reference may be used again.")
    breach: Breach | None = Field(None, description=BREACH)

    @model_validator(mode="after")
    def _one_payee(self) -> Self:
        """it names either `payee` or `group`; beside a `group`, which is not of class `own-use`, there is no `purpose`, no
        `grant` and no `holder`"""
        if (self.payee is None) == (self.group is None):
            raise ValueError("give either payee or group")
        said = (self.purpose, self.grant, self.holder)
        if self.group is not None and (said != (None, None, None) or self.group.group_class == "own-use"):
            raise ValueError("a payment to a group has no purpose, no grant and no holder, and own-use is for goods only")
        return self

    @model_validator(mode="after")
    def _cost_or_not(self) -> Self:
        """there is one of `cost_class`, `returns` and `repays`; with the last two there are no `goods`, `grant` or `invoice`, but
        there is `payee`, and with `returns` there are `units`"""
        if [self.cost_class, self.returns, self.repays].count(None) != 2:
            raise ValueError("give cost_class, or returns where a grant is paid back, or repays where an advance is")
        if self.cost_class is None and (self.goods, self.grant, self.invoice) != (None, None, None):
            raise ValueError("with returns or repays, give no goods, grant or invoice")
        if (self.cost_class is None and self.payee is None) or (self.returns is not None and self.units is None):
            raise ValueError("with returns or repays, give payee, and with returns units")
        return self

    @model_validator(mode="after")
    def _costs_sum_to_the_amount(self) -> Self:
        """`goods` and `grant` exclude one another; the costs of the goods sum to `amount`"""
        if self.goods and self.grant:
            raise ValueError("give goods or grant, not both")
        if self.goods and sum(part.cost for part in self.goods) != self.amount:
            raise ValueError("the costs of the goods must add up to the amount")
        return self
