"""Which fund trees were overdrawn on a day, by the days that their records say, and which opening balances nothing confirms."""

from __future__ import annotations

from collections.abc import Iterator

from ..books.balance import Shortfall, shortfalls
from ..books.moment import books_time, local_day
from ..books.opening import Unconfirmed, unconfirmed
from ..books.state import Books, money
from ..bounds import MAX_INTEGER
from ..findings.finding import WHOLE, Finding


def overdrawn(books: Books) -> Iterator[Finding]:
    """A finding for each tree and unit whose balance is below 0 on a day, at the end of the log."""
    time = books_time(books)
    for short in shortfalls(books, local_day(books, time)) if time else ():
        yield Finding(
            WHOLE, WHOLE, "overdrawn-on-day", _message(books, short), cases=short.days, amount=min(short.most, MAX_INTEGER),
            unit=short.unit,
        )  # fmt: skip


def opened_without_proof(books: Books) -> Iterator[Finding]:
    """A finding for each tree and unit whose opening balances are not on the first day of the books, or not what was shown."""
    for one in unconfirmed(books):
        missing = one.elsewhere + abs(one.booked - one.shown)
        yield Finding(WHOLE, WHOLE, "opening-unconfirmed", _unconfirmed(books, one), amount=missing, unit=one.unit)


def _unconfirmed(books: Books, one: Unconfirmed) -> str:
    booked, shown, elsewhere = (money(books, one.unit, amount) for amount in (one.booked, one.shown, one.elsewhere))
    words = f"fund {one.root!r} and the funds below it: opening balances of {booked} on {one.day}, the first day of the books"
    off = f", and of {elsewhere} on other days" if one.elsewhere else ""
    return f"{words}{off}; bank statements and stocktakes of that day show {shown}"


def _message(books: Books, short: Shortfall) -> str:
    days = f"on 1 day, {short.first_day}" if short.days == 1 else f"on {short.days} days, first on {short.first_day}"
    most = money(books, short.unit, short.most)
    return f"fund {short.root!r} and the funds below it: {days}, more had gone out than had come in, by up to {most}"
