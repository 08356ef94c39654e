"""The kind `progress`: what was done in an activity."""

from typing import ClassVar, Literal

from pydantic import Field

from ..days import not_after_today
from ..field import ActivityId, Day, Files, Slug, Text
from ..kind import Kind
from ..record import Rows, VoidBy
from ..signing import Signing


class Progress(Kind):
    """Reports work done or a milestone reached, with evidence. It says nothing about a person."""

    stage: ClassVar[str] = "implementation"
    signing: ClassVar[Signing] = Signing("owner or implementer of the activity")
    void_by: ClassVar[VoidBy] = "alone"
    demands: ClassVar[Rows] = (not_after_today("done_on"),)

    kind: Literal["progress"]
    activity: ActivityId = Field(description="The activity that the work belongs to.")
    done_on: Day = Field(description="When the work was done.")
    note: Text = Field(description="What was done, without naming a person.")
    milestone: Slug | None = Field(None, description="A short id for the milestone that was reached.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")
