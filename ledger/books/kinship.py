"""Who is related to whom, by what is on record (books §7).

Each pair of parties has one row, by both names in order. Who else a party is related to is a chain: the row of the party names the
last of them, and the row of the party and that one the one before. So no row grows, and a party's relations are read one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .relation_rows import RelationRow
from .state import Books


def pair(one: str, other: str) -> str:
    """The key of the row of two parties."""
    return "/".join(sorted((one, other)))


def relation_of(books: Books, one: str, other: str, day: str) -> RelationRow | None:
    """The relation of two parties that is in force on a day, if any is on record."""
    row = books.relation.get(pair(one, other))
    return row if row and row.covers(day) else None


def relation_on(books: Books, one: str, other: str, days: Collection[str]) -> RelationRow | None:
    """The relation of two parties that is in force on one of the days."""
    return next(filter(None, (relation_of(books, one, other, day) for day in days)), None)


def kin_of(books: Books, party: str, day: str) -> Iterator[tuple[str, RelationRow]]:
    """Every party that a party is related to on a day, and how; the last that was recorded first."""
    link = books.kin.get(party)
    while link is not None and link.party:
        row = relation_of(books, party, link.party, day)
        if row is not None:
            yield link.party, row
        link = books.kin.get(f"{party}/{link.party}")


def relatives(books: Books, party: str, days: Collection[str]) -> Iterator[str]:
    """A party, and all that it is related to on one of the days: by a relation of their own, or because a third party controls
    both."""
    yield party
    for day in days:
        for third, row in kin_of(books, party, day):
            yield third
            if row.controls(third, party):
                yield from (other for other, one in kin_of(books, third, day) if one.controls(third, other))


def nature_of(books: Books, one: str, other: str, day: str) -> str:
    """How two parties are related on a day: by a relation of their own, or because a third party controls both; "" if not."""
    row = relation_of(books, one, other, day)
    if row is not None:
        return row.nature
    thirds = (third for third, row in kin_of(books, other, day) if row.controls(third, other))
    above = ((third, relation_of(books, third, one, day)) for third in thirds)
    return "common-control" if any(row is not None and row.controls(third, one) for third, row in above) else ""


def nature_on(books: Books, one: str, other: str, days: Collection[str]) -> str:
    """How two parties are related on the first of the days on which they are; "" if on none."""
    return next(filter(None, (nature_of(books, one, other, day) for day in days)), "")


def is_near(books: Books, party: str, others: Collection[str], days: Collection[str]) -> bool:
    """Whether a party is one of the others, or related to one of them on one of the days."""
    return party in others or any(nature_on(books, other, party, days) for other in others)
