"""The kind `recovery`: operator and overseer give a party that lost its keys a new one."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import KeyText, PartyId, Slug, Text
from ..record import Record, Signing, party_of
from ..state import ACTIVE, Books, KeyRow
from .key import check_new_key
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
        for key, row in list(books.key.items()):
            if row.party == self.party and row.until == ACTIVE:
                revoke(books, key, act.index)
        party = party_of(books, act, self.party, "party")
        books.party.put(self.party, party._replace(officers=(self.officer,)))
        books.key.put(self.key, KeyRow(self.party, self.officer, act.index, ACTIVE))
