"""Which fund trees were overdrawn on a day, by the days that their records say."""

from __future__ import annotations

from collections.abc import Iterator

from ..books.balance import Shortfall, shortfalls
from ..books.moment import books_time, local_day
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


def _message(books: Books, short: Shortfall) -> str:
    days = f"on 1 day, {short.first_day}" if short.days == 1 else f"on {short.days} days, first on {short.first_day}"
    most = money(books, short.unit, short.most)
    return f"fund {short.root!r} and the funds below it: {days}, more had gone out than had come in, by up to {most}"
