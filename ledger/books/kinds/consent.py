"""The kind `consent`: a person allows, or no longer allows, that a committed field is shown."""

from typing import Any, ClassVar, Literal

from ...errors import Refused
from ..act import Act
from ..field import Day, Private, Ref, Text
from ..record import Record, Signing, Target, not_after_today
from ..state import Books


def settle_digests(facts: dict[str, Any], target: Target) -> None:
    """The digests stand in the record named, which the same party said. Raises Refused."""
    if facts["party"] != target.party:
        raise Refused("of: was said by another party", rule="authority")
    missing = set(facts["digests"]) - set(getattr(target.record, "private", None) or ())
    if missing:
        raise Refused(f"digests: {sorted(missing)[0]} does not stand in that record", rule="reference")


class Consent(Record):
    """Which disclosures of a record may be shown from that day on (`granted`), or no longer (`withdrawn`)."""

    stage: ClassVar[str] = "privacy"
    signing: ClassVar[Signing] = Signing("any party")

    kind: Literal["consent"]
    of: Ref
    digests: Private
    decision: Literal["granted", "withdrawn"]
    decided_on: Day
    purpose: Text

    def check(self, books: Books, act: Act) -> None:
        act.resolve(self.of, "of")
        not_after_today(books, act, self.decided_on, "decided_on")
        act.claim(self.of, digests=self.digests, party=act.party)

    @classmethod
    def settle(cls, facts: dict[str, Any], target: Target) -> None:
        """The digests stand in the record named, which the same party said. Raises Refused."""
        settle_digests(facts, target)
