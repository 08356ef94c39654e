"""How the public reaches a party: what its last contact says that is not void."""

from __future__ import annotations

from ..books.kinds.contact import Contact
from ..books.marks import marks_of
from .snapshot import Snapshot

LOOKED_AT = 20


def contact_of(snapshot: Snapshot, party: str) -> Contact | None:
    """The contact of a party that counts: the last of its newest 20 that is not void; None if there is none."""
    for item in snapshot.records(kind="contact", party=party, limit=LOOKED_AT, newest_first=True).items:
        if not marks_of(snapshot.books, item.ref).is_void:
            contact: Contact = item.record
            return contact
    return None
