"""The kind `project`: a fund with a goal, cost limits and promises of days."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..field import Days, FundId, Name, NewFundId, Part, Place, Ratio, Sum, Text
from ..programme import can_stand_below, is_new_fund, makes_fund, promises
from ..record import Record, Rows, Signing
from ..rule import when
from .fund import Restriction, Thresholds

CostClass = Literal["programme", "fundraising", "administration"]


class CostLimit(Part):
    """At most ⌊rate × inflow⌋ may be spent on this class of costs, with the inflow of the project at that time."""

    cost_class: CostClass
    rate: Ratio


class Project(Record):
    """Creates a fund with this id, and promises when receipts and feedback are due (in days after the payment, and after the
    receipt)."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (is_new_fund("id"), when("parent", can_stand_below("parent", "kind")))
    remembers: ClassVar[Rows] = (makes_fund("id", "parent"), promises("id", "receipt_days", "feedback_days"))

    kind: Literal["project"]
    id: NewFundId
    name: Name
    purpose: Text
    restriction: Restriction
    receipt_days: Days
    feedback_days: Days
    parent: FundId | None = None
    goal: Annotated[tuple[Sum, ...], Field(max_length=16)] = ()
    cost_limits: Annotated[tuple[CostLimit, ...], Field(max_length=3)] = ()
    thresholds: Thresholds = ()
    filing: Name | None = None
    place: Place | None = None

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner says it."""
        return self.parent
