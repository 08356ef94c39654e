"""The kind `erasure`: disclosures and salts were deleted; the digests stay and every proof still holds."""

from typing import ClassVar, Literal

from ..claims import digests_of
from ..demands import not_after_today
from ..field import Day, Private, Ref
from ..kind import Kind
from ..record import Rows, Signing


class Erasure(Kind):
    """Says that the disclosures of these digests were deleted, when, and on what ground."""

    stage: ClassVar[str] = "privacy"
    signing: ClassVar[Signing] = Signing("any party")
    demands: ClassVar[Rows] = (not_after_today("erased_on"), digests_of("of", "digests"))

    kind: Literal["erasure"]
    of: Ref
    digests: Private
    erased_on: Day
    ground: Literal["request", "consent-withdrawn", "retention-ended", "legal"]
