"""Times of entries, and the local days that they fall on in the ledger's time zone."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from ..errors import Refused, UsageError, shown
from .field import DAY
from .state import Books

MOMENT = re.compile(r"\A([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z\Z")


@lru_cache(maxsize=1024)
def seconds(time: str) -> int:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`. Raises Refused if the calendar does not have that time."""
    try:
        (parts,) = MOMENT.findall(time)
        year, month, day, hour, minute, second = map(int, parts)
        return int(datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC).timestamp())
    except ValueError:
        raise Refused(f"time {time}: is not in the calendar; write YYYY-MM-DDTHH:MM:SSZ", rule="time") from None


def local_day(books: Books, time: str) -> str:
    """The day of a UTC time in the ledger's time zone. Raises Refused if the calendar does not have that time or day."""
    ledger = books.ledger.get("")
    return _day(time, ledger.offset_minutes if ledger else 0)


@lru_cache(maxsize=1024)
def _day(time: str, offset_minutes: int) -> str:
    try:
        moment = datetime.datetime.fromtimestamp(seconds(time) + 60 * offset_minutes, datetime.UTC)
    except (ValueError, OverflowError):
        raise Refused(f"time {time}: its day in the ledger's time zone is beyond the calendar", rule="time") from None
    return moment.date().isoformat()


def check_as_of(day: str) -> None:
    """Check a day that a reader asks for, "" for none. Raises UsageError if it is not one that a record can have."""
    if day and re.fullmatch(DAY, day) is None:
        words = "is not a day; write it as YYYY-MM-DD, such as 2026-09-07"
        raise UsageError(f"as of {shown(day)}: {words}", rule="usage", where="as_of")


def day_to_judge(asked: str, last: str) -> str:
    """The day as of which overdue items are judged: the one that was asked for, or that of the last entry if it is later, because
    a reader who asks for an early day must not miss what was overdue when the ledger said its last."""
    return max(asked, last)


def books_time(books: Books) -> str:
    """The time of the last entry; "" before the first."""
    head = books.head.get("")
    return head.time if head else ""


def books_from_of(books: Books, party: str) -> str:
    """The first day of a party's books; "" where a bundle does not show the party."""
    row = books.party.get(party)
    return row.books_from if row else ""


def days_after(day: str, days: int) -> str:
    """The day `days` after `day`; the last day of the calendar if it would be beyond that."""
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()
    except OverflowError:
        return "9999-12-31"


def is_too_early(day: str, answered: str) -> bool:
    """Whether a day is more than one day before the day of what it answers."""
    return datetime.date.fromisoformat(day).toordinal() + 1 < datetime.date.fromisoformat(answered).toordinal()
