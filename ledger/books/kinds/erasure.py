"""The kind `erasure`: disclosures and salts were deleted; the digests stay and every proof still holds."""

from typing import ClassVar, Literal

from pydantic import Field

from ..claims import digests_of
from ..days import not_after_today
from ..field import Day, Private, Ref
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class Erasure(Kind):
    """Says that the disclosures of these digests were deleted, when, and why."""

    stage: ClassVar[str] = "privacy"
    signing: ClassVar[Signing] = Signing("any party")
    demands: ClassVar[Rows] = (not_after_today("erased_on"), digests_of("of", "digests"))

    kind: Literal["erasure"]
    of: Ref = Field(description="The record that the disclosures belonged to.")
    digests: Private = Field(description="The digests of the disclosures that were deleted.")
    erased_on: Day = Field(description="When they were deleted.")
    ground: Literal["request", "consent-withdrawn", "retention-ended", "legal"] = Field(description="Why they were deleted.")
