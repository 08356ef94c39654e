"""Who is related to whom, by what is on record (books §7).

Of each pair of parties there are at most three rows: what an overseer said of both, and what each of the two says itself. Who says
alone that it is related to another binds only itself: nobody can make others relatives, or take a witness from them. So whoever
asks names the parties that are `bound`: those whose record, or whose payment, is judged. Both are bound where both say the same.

Who else a party may be related to is a chain: the row of the party names the last of them, and the row of the party and that one
the one before. So no row grows, and a party's relations are read one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .relation_rows import RelationRow
from .state import Books


def pair(one: str, other: str) -> str:
    """The key of the row of two parties."""
    return "/".join(sorted((one, other)))


def said_of(books: Books, one: str, other: str) -> Iterator[RelationRow]:
    """What is said of two parties: by an overseer, and by each of them, if it is on record."""
    two = pair(one, other)
    return filter(None, (books.relation.get(key) for key in (two, f"{two}/{one}", f"{two}/{other}")))


def relations_of(books: Books, one: str, other: str, day: str, bound: Collection[str]) -> Iterator[RelationRow]:
    """The relations of two parties that are in force on a day and bind: said by an overseer, by who is bound, or by both."""
    rows = [row for row in said_of(books, one, other) if row.covers(day)]
    said = {(row.said_by, row.what) for row in rows}
    for row in rows:
        of_both = {(row.of, row.what), (row.to, row.what)} <= said
        if row.by_overseer or row.said_by in bound or of_both:
            yield row


def relations_on(books: Books, one: str, other: str, days: Collection[str], bound: Collection[str]) -> Iterator[RelationRow]:
    """The relations of two parties that bind and are in force on one of the days, the first day's first."""
    return (row for day in days for row in relations_of(books, one, other, day, bound))


def kin_of(books: Books, party: str, day: str, bound: Collection[str]) -> Iterator[str]:
    """Every party that a party is related to on a day; the last that was recorded first."""
    link = books.kin.get(party)
    while link is not None and link.party:
        if any(relations_of(books, party, link.party, day, bound)):
            yield link.party
        link = books.kin.get(f"{party}/{link.party}")


def _controls(books: Books, one: str, other: str, day: str, bound: Collection[str]) -> bool:
    return any(row.controls(one, other) for row in relations_of(books, one, other, day, bound))


def relatives(books: Books, party: str, days: Collection[str], bound: Collection[str]) -> Iterator[str]:
    """A party, and all that it is related to on one of the days: by a relation of their own, or because a third party controls
    both."""
    yield party
    for day in days:
        for third in kin_of(books, party, day, bound):
            yield third
            if _controls(books, third, party, day, bound):
                yield from (other for other in kin_of(books, third, day, bound) if _controls(books, third, other, day, bound))


def nature_of(books: Books, one: str, other: str, day: str, bound: Collection[str]) -> str:
    """How two parties are related on a day: by a relation of their own, or because a third party controls both; "" if not."""
    row = next(relations_of(books, one, other, day, bound), None)
    if row is not None:
        return row.nature
    thirds = (third for third in kin_of(books, other, day, bound) if _controls(books, third, other, day, bound))
    return "common-control" if any(_controls(books, third, one, day, bound) for third in thirds) else ""


def nature_on(books: Books, one: str, other: str, days: Collection[str], bound: Collection[str]) -> str:
    """How two parties are related on the first of the days on which they are; "" if on none."""
    return next(filter(None, (nature_of(books, one, other, day, bound) for day in days)), "")


def is_near(books: Books, party: str, others: Collection[str], days: Collection[str], bound: Collection[str]) -> bool:
    """Whether a party is one of the others, or related to one of them on one of the days."""
    return party in others or any(nature_on(books, other, party, days, bound) for other in others)
