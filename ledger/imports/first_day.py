"""What is older than the first day of a party's books is not imported, and the party is told how to move that day back.

The day may be moved back as often as one likes, but each time is found (`backfilled`). So the day named is the earliest of all
that is new in a file, and one command is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from ..books.days import before_books
from ..books.moment import books_from_of
from ..books.record import channel_key
from ..books.state import Books
from ..entries.channel_reference import ReferenceKeys
from ..errors import Refused
from ..writer.sequencer import Sequencer
from .reading import CHUNK
from .row import Gift


def check_first_day(books: Books, party: str, day: str) -> None:
    """Refuse what happened before the party's books begin; say how to let them begin earlier. Raises Refused (`day`)."""
    if day and day < books_from_of(books, party):
        raise Refused(f"{day}: {before_books(books, party, day)}", rule="day")


def check_new_gifts(
    sequencer: Sequencer, party: str, channel: str, keys: ReferenceKeys, days: Sequence[str], gifts: Iterable[Gift]
) -> None:
    """Refuse gifts older than the party's books, unless the ledger has them: the source may have corrected a day since. The gifts
    are read only if the first of their `days`, which are in order, is too early. Raises Refused (`day`)."""
    earliest = first = books_from_of(sequencer.books, party)
    if not days or days[0] >= first:
        return
    committers, beginning = list(keys.committers(channel).values()), channel_key(party, channel, "")
    older = (gift for gift in gifts if gift[1] < first)
    while batch := list(islice(older, CHUNK)):
        known = {at for commit in committers for at in sequencer.known_of(beginning, [commit(gift[4]) for gift in batch])}
        earliest = min([earliest, *(gift[1] for at, gift in enumerate(batch) if at not in known)])
    check_first_day(sequencer.books, party, earliest)
