"""The kind `consent`: a person allows, or no longer allows, that a committed field is shown."""

from typing import ClassVar, Literal

from pydantic import Field

from ..claims import digests_of
from ..days import not_after_today
from ..field import Day, Private, Ref, Text
from ..kind import Kind
from ..record import Rows, VoidBy
from ..signing import Signing


class Consent(Kind):
    """Says which disclosures of a record may be shown from that day on (`granted`), or no longer (`withdrawn`)."""

    stage: ClassVar[str] = "privacy"
    signing: ClassVar[Signing] = Signing("any party")
    void_by: ClassVar[VoidBy] = "alone"
    demands: ClassVar[Rows] = (not_after_today("decided_on"), digests_of("of", "digests"))

    kind: Literal["consent"]
    of: Ref = Field(description="The record that the disclosures belong to.")
    digests: Private = Field(description="The digests of the disclosures that the person decided about.")
    decision: Literal["granted", "withdrawn"] = Field(description="Whether they may be shown.")
    decided_on: Day = Field(description="When the person decided.")
    purpose: Text = Field(description="What the person was asked to agree to.")
