"""The kind `progress`: what was done in an activity."""

from typing import ClassVar, Literal

from ..demands import not_after_today
from ..field import ActivityId, Day, Files, Slug, Text
from ..record import Record, Rows, Signing


class Progress(Record):
    """Work done or a milestone reached, with evidence. It must not say anything about a person."""

    stage: ClassVar[str] = "implementation"
    signing: ClassVar[Signing] = Signing("owner or implementer of the activity")
    can_be_withdrawn: ClassVar[bool] = True
    demands: ClassVar[Rows] = (not_after_today("done_on"),)

    kind: Literal["progress"]
    activity: ActivityId
    done_on: Day
    note: Text
    milestone: Slug | None = None
    evidence: Files | None = None
