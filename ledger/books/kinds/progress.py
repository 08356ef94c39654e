"""The kind `progress`: what was done in an activity."""

from typing import ClassVar, Literal

from ..act import Act
from ..field import ActivityId, Day, Files, Slug, Text
from ..record import Record, Signing, not_after_today
from ..state import Books


class Progress(Record):
    """Work done, a milestone reached, with evidence. It says nothing of a person."""

    stage: ClassVar[str] = "implementation"
    signing: ClassVar[Signing] = Signing("owner or implementer of the activity")

    kind: Literal["progress"]
    activity: ActivityId
    done_on: Day
    note: Text
    milestone: Slug | None = None
    evidence: Files | None = None

    def check(self, books: Books, act: Act) -> None:
        not_after_today(books, act, self.done_on, "done_on")
