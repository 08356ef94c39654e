"""The kind `project`: a fund with a goal, cost limits and promises of days."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..act import Act, Flow
from ..field import Days, FundId, Name, Part, Place, Ratio, Sum, Text
from ..record import Record, Signing
from ..state import Books
from ..state import Project as ProjectRow
from .fund import Restriction, Thresholds, new_fund

CostClass = Literal["programme", "fundraising", "administration"]


class CostLimit(Part):
    """At most ⌊rate × inflow⌋ of the project's tree, as it is then, is paid in this cost class."""

    cost_class: CostClass
    rate: Ratio


class Project(Record):
    """Makes the fund of its id, and says until when receipts and feedback are due (days after the payment, after the receipt)."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))

    kind: Literal["project"]
    id: FundId
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

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        fund = new_fund(books, act, self.id, "project", self.parent, self.restriction, self.thresholds)
        books.fund.put(self.id, fund)
        limits = tuple((limit.cost_class, *limit.rate) for limit in self.cost_limits)
        row = ProjectRow(act.party, self.name, limits, self.receipt_days, self.feedback_days)
        books.project.put(self.id, row)
