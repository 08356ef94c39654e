"""The kind `erasure`: disclosures and salts were deleted; the digests stay and every proof still holds."""

from typing import Any, ClassVar, Literal

from ..act import Act
from ..field import Day, Private, Ref
from ..record import Record, Signing, Target, not_after_today
from ..state import Books
from .consent import settle_digests


class Erasure(Record):
    """Says that the disclosures of these digests were deleted, when, and on what ground."""

    stage: ClassVar[str] = "privacy"
    signing: ClassVar[Signing] = Signing("any party")

    kind: Literal["erasure"]
    of: Ref
    digests: Private
    erased_on: Day
    ground: Literal["request", "consent-withdrawn", "retention-ended", "legal"]

    def check(self, books: Books, act: Act) -> None:
        act.resolve(self.of, "of")
        not_after_today(books, act, self.erased_on, "erased_on")
        act.claim(self.of, digests=self.digests, party=act.party)

    @classmethod
    def settle(cls, facts: dict[str, Any], target: Target) -> None:
        """The digests stand in the record named, which the same party said. Raises Refused."""
        settle_digests(facts, target)
