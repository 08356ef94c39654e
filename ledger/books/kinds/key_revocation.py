"""The kind `key-revocation`: a key signs nothing after this entry."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import KeyText
from ..record import Record, Signing
from ..state import ACTIVE, Books


def revoke(books: Books, key: str, index: int) -> None:
    """Take the key out of force, and its officer off the party's list when it was the officer's last."""
    row = books.key.get(key)
    party = books.party.get(row.party) if row else None
    if row is None or party is None:
        return
    books.key.put(key, row._replace(until=index))
    if not any(k.party == row.party and k.officer == row.officer and k.until == ACTIVE for _, k in books.key.items()):
        officers = tuple(officer for officer in party.officers if officer != row.officer)
        books.party.put(row.party, party._replace(officers=officers))


class KeyRevocation(Record):
    """Revokes a key of the party that says it. The key itself may sign that."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("holder of the key", must=("own rule",))

    kind: Literal["key-revocation"]
    key: KeyText
    reason: Literal["rotated", "lost", "compromised", "officer-left"]

    def check(self, books: Books, act: Act) -> None:
        row = books.key.get(self.key)
        if row is None or row.until != ACTIVE:
            raise Refused(f"key {self.key}: is not in force; nothing is left to revoke", rule="reference")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        revoke(books, self.key, act.index)
