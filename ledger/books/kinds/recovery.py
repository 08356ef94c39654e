"""The kind `recovery`: operator and overseer give a party that lost its keys a new one."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import KeyText, PartyId, Slug, Text
from ..record import Record, Signing, party_of
from ..state import Books
from .key import check_new_key, hold
from .key_revocation import revoke


class Recovery(Record):
    """Revokes every key of a party and gives it a new one. It stays a finding of every audit."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("auditor or regulator", "new key"))

    kind: Literal["recovery"]
    party: PartyId
    key: KeyText
    officer: Slug
    reason: Text

    def introduces(self, party: str) -> Sequence[tuple[str, str, str]]:
        return ((self.key, self.party, self.officer),)

    def check(self, books: Books, act: Act) -> None:
        if party_of(books, act, self.party, "party").since == act.index:
            raise Refused(f"party {self.party!r}: is admitted in this statement; there is nothing to recover", rule="reference")
        check_new_key(books, self.key)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        for officer in party_of(books, act, self.party, "party").officers:
            held = books.held.get(f"{self.party}/{officer}")
            for key in held.keys if held else ():
                revoke(books, key, act.index)
        hold(books, self.party, self.officer, self.key, act.index)
