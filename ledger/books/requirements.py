"""What the law of a place asks, as the operator, a regulator or an auditor says it (books §8). A requirement never makes a record
wrong: it is what an audit judges by, from its entry on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .fee_rows import Required, Used
from .rule import memory
from .state import Books
from .statement_context import Flow, StatementContext

LOOKED_BACK = 16


@memory("the place whose requirements judge the party")
def is_under(books: Books, context: StatementContext, record: object, rows: Sequence[Flow], party: str, place: str) -> None:
    row = books.party.get(party)
    if row is not None:
        books.party.put(party, row._replace(jurisdiction=place))


@memory("a requirement of the place by that name, before those of the same name that were said earlier")
def requires(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow],
    place: str, name: str, much: tuple[int | None, Sequence[int] | None], days: tuple[str, str | None],
) -> None:  # fmt: skip
    require(books, f"{place}/{name}", much, days, context.party, context.ref)


def require(
    books: Books, key: str, much: tuple[int | None, Sequence[int] | None], days: tuple[str, str | None], by: str, ref: str
) -> None:
    """Put a requirement before the earlier ones of the same place and name. A whole number is a ratio to 1."""
    (value, ratio), (first, until), last, before = much, days, books.requirement.get(key), ""
    if last is not None:
        before = f"{key}@{last.ref}"
        books.requirement.put(before, last)
    numerator, denominator = ratio or (value or 0, 1)
    books.requirement.put(key, Required(numerator, denominator, first, until or "", by, ref, before))


def required_of(books: Books, party: str, name: str, day: str) -> Required | None:
    """The requirement of a name by which a party is judged on a day: the one said last of those in force on it, of the party's
    place or else of its country. Whoever judges by it notes that it was used. All that the verifier brought comes first."""
    row = books.party.get(party)
    place = row.jurisdiction if row is not None else ""
    places = (place, place.partition("-")[0]) if place else ()
    for said in (books.brought, books):
        for where in places:
            found = next(
                (one for one in _last_first(said, f"{where}/{name}") if one.from_day <= day <= (one.until_day or day)), None
            )
            if found is not None:
                own = found.by == party
                use(books, Used(where, name, found.by, found.ref, own), f"{found.ref}{'/own' if own else ''}")
                return found
    return None


def use(books: Books, used: Used, key: str) -> None:
    """Note that somebody was judged by a requirement or rate; of one key, the first is kept."""
    if books.used.get(key) is None:
        books.used.put(key, used)


def _last_first(books: Books | None, key: str) -> Iterator[Required]:
    row = books.requirement.get(key) if books is not None else None
    for _ in range(LOOKED_BACK):
        if row is None:
            return
        yield row
        row = books.requirement.get(row.before) if books is not None and row.before else None
