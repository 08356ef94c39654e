"""The kind `key-revocation`: a key signs nothing after this entry."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import KeyText
from ..record import Record, Signing
from ..state import ACTIVE, Books, Held


def revoke(books: Books, key: str, index: int) -> None:
    """Take the key out of force, and its officer off the party's list when it was the officer's last."""
    row = books.key.get(key)
    party = books.party.get(row.party) if row else None
    if row is None or party is None:
        return
    books.key.put(key, row._replace(until=index))
    name = f"{row.party}/{row.officer}"
    held = books.held.get(name)
    keys = held.keys if held else ()
    at = keys.index(key) if key in keys else len(keys)
    books.held.put(name, Held((*keys[:at], *keys[at + 1 :])))
    if len(keys) == 1 and at == 0:
        at = party.officers.index(row.officer)
        books.party.put(row.party, party._replace(officers=(*party.officers[:at], *party.officers[at + 1 :])))


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
