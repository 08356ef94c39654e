"""Days in steps: a day is in a month, a year and a century, and any period of whole days is the union of a few of these.

What is kept by day is kept by month, year and century too, so a question about a period takes a few hundred steps at most, however
many days have data. The steps are prefixes of days: `2026-09-07`, `2026-09`, `2026`, `20`.
"""

from __future__ import annotations

from collections.abc import Iterator

LENGTHS = (10, 7, 4, 2)
# Every month has room for 31 days: a day that is not in the calendar has no data.
DAYS, MONTHS, YEARS = 31, 12, 100


def steps_of(day: str) -> tuple[str, ...]:
    """The day, its month, its year and its century."""
    return day, day[:7], day[:4], day[:2]


def is_month(step: str) -> bool:
    """Whether the step is a month."""
    return len(step) == LENGTHS[1]


def is_century(step: str) -> bool:
    """Whether the step is a century. Centuries together include every day once."""
    return len(step) == LENGTHS[3]


def cover(from_day: str, to_day: str) -> Iterator[str]:
    """Days, months, years and centuries that together are the days from one to another, both included, each once."""
    low, high = _number(from_day), _number(to_day) + 1
    for length, radix in zip(LENGTHS, (DAYS, MONTHS, YEARS), strict=False):
        while low < high and low % radix:
            yield _text(low, length)
            low += 1
        while low < high and high % radix:
            high -= 1
            yield _text(high, length)
        low, high = low // radix, high // radix
    for century in range(low, high):
        yield _text(century, LENGTHS[-1])


def _number(day: str) -> int:
    return (int(day[:4]) * MONTHS + int(day[5:7]) - 1) * DAYS + int(day[8:]) - 1


def _text(number: int, length: int) -> str:
    if length == 10:
        return f"{_text(number // DAYS, 7)}-{number % DAYS + 1:02}"
    if length == 7:
        return f"{number // MONTHS:04}-{number % MONTHS + 1:02}"
    return f"{number:0{length}}"
