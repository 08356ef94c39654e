"""Days on which money or goods moved, apart from the times of entries.

A party's days begin with the first day of its books, and none is later than the day of the entry that says it. What answers an
earlier record is at most one day before it, because a bank in another time zone may have another date.
"""

from __future__ import annotations

from .moment import books_from_of, is_too_early
from .naming import activity_of, disbursement_of
from .rule import demand
from .state import Books
from .statement_context import StatementContext

Fields = tuple[str, ...]


@demand("the day is not after the day of the entry, in the ledger's time zone", "day", decidable=True)
def not_after_today(books: Books, context: StatementContext, fields: Fields, day: str) -> None:
    _has_come(context, fields[0], day)


@demand(
    "the day is between the first day of the party's books and the day of the entry, in the ledger's time zone",
    "day", decidable=True,
)  # fmt: skip
def in_its_books(books: Books, context: StatementContext, fields: Fields, day: str) -> None:
    _check_between(books, context, fields[0], day, context.party)


@demand(
    "the day is between the first day of the books of the party that paid or delivered and the day of the entry",
    "day", decidable=True,
)  # fmt: skip
def in_books_of(books: Books, context: StatementContext, fields: Fields, day: str, of: str) -> None:
    _check_between(books, context, fields[0], day, disbursement_of(books, context, of, fields[1]).party)


@demand(
    "the days are between the first day of the books of the party that leads the activity and the day of the entry",
    "day", decidable=True,
)  # fmt: skip
def in_books_of_leader(
    books: Books, context: StatementContext, fields: Fields, from_day: str, to_day: str, activity: str
) -> None:
    if _has_come(context, fields[1], to_day):
        _check_between(books, context, fields[0], from_day, activity_of(books, context, activity).owner)


@demand("the day is at most one day before that of the payment or delivery", "day", decidable=True)
def answers(books: Books, context: StatementContext, fields: Fields, day: str, of: str) -> None:
    paid_on = disbursement_of(books, context, of, fields[1]).day
    if is_too_early(day, paid_on):
        context.fault("day", f"{fields[0]} {day}: is more than one day before {paid_on}, the day of what it answers, {of}")


def _has_come(context: StatementContext, field: str, day: str) -> bool:
    if day > context.day:
        context.fault("day", f"{field} {day}: is after the day of the entry, {context.day}; record it after it has happened")
    return day <= context.day


def _check_between(books: Books, context: StatementContext, field: str, day: str, party: str) -> None:
    """Part of a log does not show whether the party moved the first day of its books back."""
    if _has_come(context, field, day) and context.whole and day < books_from_of(books, party):
        context.fault("day", f"{field} {day}: {before_books(books, party, day)}")


def before_books(books: Books, party: str, day: str) -> str:
    """What is said of a day before the party's books begin: how they begin on it."""
    also = ", and with all that its mandate says now, because the last one counts" if books.mandate.get(party) else ""
    return (
        f"is before {books_from_of(books, party)}, the first day of the books of {party}; move that day back with "
        f"`givetrail record mandate --party {party} --books-from {day}`{also}"
    )
