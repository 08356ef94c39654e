"""The kind `project`: a fund with a goal, cost limits and promises of days."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from ..fees import promises_fees
from ..field import Days, FundId, Name, NewFundId, Part, Place, Ratio, ReceiptLevel, Sums, Text, Total, UnitCode, each_once
from ..kind import Kind
from ..programme import can_stand_below, is_new_fund, makes_fund, promises
from ..record import Rows
from ..rule import when
from ..signing import Signing
from ..target import TARGETS, Targets
from .fund import FEE_LIMITS, FeeLimits, Restriction

CostClass = Literal["programme", "fundraising", "administration"]


class CostLimit(Part):
    """At most ⌊rate × inflow⌋ may be spent on this class of costs, with the inflow of the project at that time."""

    cost_class: CostClass = Field(description="The kind of cost that is limited.")
    rate: Ratio = Field(description="The largest share of the money received, as in 1/10.")


class BudgetLine(Part):
    """An amount of one unit that is planned for a class of costs."""

    cost_class: CostClass = Field(description="The kind of cost that is planned.")
    unit: UnitCode = Field(description="The unit of the amount.")
    amount: Total = Field(description="How much.")


def _each_line_once(lines: tuple[BudgetLine, ...]) -> tuple[BudgetLine, ...]:
    """no class of costs twice with one unit"""
    each_once([(one.cost_class, one.unit) for one in lines], "class of costs and unit")
    return lines


def _each_class_once(limits: tuple[CostLimit, ...]) -> tuple[CostLimit, ...]:
    """no class of costs twice"""
    each_once([one.cost_class for one in limits], "class of costs")
    return limits


class Project(Kind):
    """Makes a project: a fund that promises by which day receipts and feedback are due, in days after the payment and after the
    receipt."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (is_new_fund("id"), when("parent", can_stand_below("parent", "kind")))
    remembers: ClassVar[Rows] = (
        makes_fund("id", "parent"), promises("id", "receipt_days", "feedback_days", "receipt_level"),
        promises_fees("id", "fee_limits"),
    )  # fmt: skip

    kind: Literal["project"]
    id: NewFundId = Field(description="A short id for the project and its fund.")
    name: Name = Field(description="The project's name, for readers.")
    purpose: Text = Field(description="What its money may be spent on.")
    restriction: Restriction = Field(description="Whether its money is tied to the purpose.")
    receipt_days: Days = Field(description="How many days after a payment its receipt is due.")
    feedback_days: Days = Field(description="How many days after a receipt feedback is due.")
    receipt_level: ReceiptLevel | None = Field(
        None,
        description="The weakest level that ends the wait. Default: recipient-signed if the payee had a key, else documented.",
    )
    parent: FundId | None = Field(None, description="The fund that it is part of.")
    goal: Sums = Field((), description="The amounts to raise, one for each unit.")
    budget: Annotated[tuple[BudgetLine, ...], Field(max_length=16), AfterValidator(_each_line_once)] = Field(
        (), description="The amounts planned, one for each class of costs and unit."
    )
    targets: Targets = Field((), description=TARGETS)
    cost_limits: Annotated[tuple[CostLimit, ...], Field(max_length=3), AfterValidator(_each_class_once)] = Field(
        (), description="The largest share of the money received that a kind of cost may use."
    )
    fee_limits: FeeLimits = Field((), description=FEE_LIMITS)
    filing: Name | None = Field(None, description="The number under which the fundraising is registered.")
    place: Place | None = Field(None, description="Where it takes place: an ISO 3166 code such as CN or CN-51.")

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner records it."""
        return self.parent
