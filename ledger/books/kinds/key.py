"""The kind `key`: a party gives one of its officers a key."""

from bisect import bisect
from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import KeyText, Slug
from ..record import Record, Signing, party_of
from ..state import ACTIVE, Books, Held, KeyRow


def check_new_key(books: Books, key: str) -> None:
    """A key belongs to one party for ever, and the log's key to none. Raises Refused."""
    row = books.key.get(key)
    if row is not None:
        raise Refused(f"key {key}: belongs to {row.party} since entry {row.since}; make another key", rule="key-standing")
    ledger = books.ledger.get("")
    if ledger is not None and key in (ledger.log_key, *(ended.log_key for _, ended in books.ended.all())):
        raise Refused(f"key {key}: is the log's key; make another key", rule="key-standing")


def hold(books: Books, party: str, officer: str, key: str, index: int) -> None:
    """Put a key of an officer in force, and the officer on the list of the party, which is there."""
    row, held = books.party.get(party), books.held.get(f"{party}/{officer}")
    if row is not None and officer not in row.officers:
        at = bisect(row.officers, officer)
        books.party.put(party, row._replace(officers=(*row.officers[:at], officer, *row.officers[at:])))
    books.held.put(f"{party}/{officer}", Held((*(held.keys if held else ()), key)))
    books.key.put(key, KeyRow(party, officer, index, ACTIVE))


class Key(Record):
    """Adds a key of an officer to the party that says it; the new key signs too."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("any party", must=("own rule", "new key"))

    kind: Literal["key"]
    key: KeyText
    officer: Slug

    def introduces(self, party: str) -> Sequence[tuple[str, str, str]]:
        return ((self.key, party, self.officer),)

    def check(self, books: Books, act: Act) -> None:
        check_new_key(books, self.key)
        if not any(signer.party == act.party and signer.key != self.key for signer in act.signers):
            raise Refused(f"key {self.key}: no key in force of {act.party} has signed it; sign with one", rule="key-standing")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        party_of(books, act, act.party, "party")
        hold(books, act.party, self.officer, self.key, act.index)
