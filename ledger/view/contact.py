"""How the public reaches a party."""

from __future__ import annotations

from ..books.marks import marks_of
from .listing import Listed
from .snapshot import Snapshot

AT_ONCE = 5


def contact_of(snapshot: Snapshot, party: str) -> Listed | None:
    """The last `contact` of a party that is not void; None if there is none."""
    after = None
    while True:
        page = snapshot.records(kind="contact", party=party, after=after, limit=AT_ONCE, newest_first=True)
        for one in page.items:
            if not marks_of(snapshot.books, one.ref).is_void:
                return one
        if page.next is None:
            return None
        after = page.next
