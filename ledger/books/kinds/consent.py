"""The kind `consent`: a person allows, or no longer allows, that a committed field is shown."""

from typing import ClassVar, Literal

from ..claims import digests_of
from ..demands import not_after_today
from ..field import Day, Private, Ref, Text
from ..record import Record, Rows, Signing


class Consent(Record):
    """Says which disclosures of a record may be shown from that day on (`granted`), or no longer (`withdrawn`)."""

    stage: ClassVar[str] = "privacy"
    signing: ClassVar[Signing] = Signing("any party")
    demands: ClassVar[Rows] = (not_after_today("decided_on"), digests_of("of", "digests"))

    kind: Literal["consent"]
    of: Ref
    digests: Private
    decision: Literal["granted", "withdrawn"]
    decided_on: Day
    purpose: Text
