"""The kind `correction`: what a payment, delivery or income should have said."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..conduct import BREACH, Breach, breaks
from ..corrections import (
    before_its_answers,
    can_be_corrected,
    corrects,
    costs_as,
    helps_no_relative_then,
    moves_to,
    pays_instead,
    pays_once_again,
    stays_related,
    under_labels_of,
    within_cost_limit_again,
)
from ..day_sums import counts_again
from ..days import in_its_books
from ..field import Committed, Day, Ref, Slug, Text
from ..invoice import Invoice
from ..kind import Kind
from ..record import Rows
from ..referenced import has_reference
from ..rule import when
from ..signing import Signing
from .project import CostClass


class Correction(Kind):
    """Says what a payment, delivery or income should have said: its day, cost class, invoice or reference. The limits on them
    are judged again. An amount, a fund or a payee cannot be corrected: declare the record void."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("maker of the record", must=("own rule", "two officers above the threshold"))
    demands: ClassVar[Rows] = (
        can_be_corrected("of", "day", "cost_class", "invoice", "channel"),
        when(
            "day", in_its_books("day"), before_its_answers("of", "day"), stays_related("of", "day"),
            helps_no_relative_then("of", "day"),
        ),
        when("channel", has_reference("channel", "channel_ref")),
        under_labels_of("of", "day", "channel/channel_ref", "invoice"),
        when("cost_class", within_cost_limit_again("of", "cost_class")),
        when("invoice", pays_once_again("of", "invoice.ref", "invoice.amount")),
    )
    remembers: ClassVar[Rows] = (
        when("day", counts_again("of", "day"), moves_to("of", "day")),
        when("cost_class", costs_as("of", "cost_class")),
        when("invoice", pays_instead("of", "invoice.ref", "invoice.amount")),
        corrects("of", "day", "cost_class", "invoice", "channel/channel_ref"),
        when("breach", breaks("breach.findings", "breach.reason")),
    )  # fmt: skip

    kind: Literal["correction"]
    of: Ref = Field(description="The payment, delivery or income that is corrected.")
    reason: Text = Field(description="Why what it says is not right.")
    day: Day | None = Field(None, description="When the money or the goods moved.")
    cost_class: CostClass | None = Field(None, description="What kind of cost it is.")
    invoice: Invoice | None = Field(None, description="The invoice that was paid, or part of it.")
    channel: Slug | None = Field(None, description="The way the money went or came, such as bank or cash.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for it, as a keyed hash.")
    breach: Breach | None = Field(None, description=BREACH)

    @property
    def corrects(self) -> str:
        """The record whose reference it may have again."""
        return self.of

    @model_validator(mode="after")
    def _corrects_something(self) -> Self:
        """it corrects something; `channel_ref` is beside a `channel`"""
        if all(said is None for said in (self.day, self.cost_class, self.invoice, self.channel)):
            raise ValueError("give what is corrected: day, cost_class, invoice or channel")
        if self.channel_ref is not None and self.channel is None:
            raise ValueError("give the channel of channel_ref")
        return self
