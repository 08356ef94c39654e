"""Whether the log ends in the future, by the clock of whoever verifies it."""

from __future__ import annotations

from collections.abc import Iterator

from ..books.moment import books_time, local_day
from ..books.state import Books
from ..findings.finding import WHOLE, Finding


def future(books: Books, day: str) -> Iterator[Finding]:
    """A finding if the last entry has a time after `day`; nothing is judged if that is "". No other finding depends on a clock."""
    time = books_time(books)
    if day and time and local_day(books, time) > day:
        message = f"the last entry has the time {time}, which is after {day}, the day of this verification"
        yield Finding(WHOLE, WHOLE, "future", message)
