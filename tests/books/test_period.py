"""A period as few days, months, years and centuries: each day of it once, and no other."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.books.period import cover, is_century, is_month, steps_of

DAYS = st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31))
MOST = 2 * (30 + 11 + 99) + 20


@settings(max_examples=300, deadline=None)
@given(DAYS, DAYS, st.lists(DAYS, max_size=20))
def test_each_day_of_a_period_has_one_step_in_it_and_no_other_day_has(one: datetime.date, other: datetime.date, more: list):
    first, last = sorted((one, other))
    steps = list(cover(first.isoformat(), last.isoformat()))
    assert len(steps) == len(set(steps)) <= MOST
    around = [first, last, *(day + datetime.timedelta(n) for day in (first, last) for n in (-1, 1)), *more]
    for day in around:
        held = Counter(steps_of(day.isoformat())) & Counter(steps)
        assert held.total() == (first <= day <= last), day


def test_periods_between_the_edges_of_months_years_and_centuries():
    """All that they are made of, laid out as days, is every day from the first to the last."""
    edges = ["1999-12-31", "2000-01-01", "2000-02-28", "2000-02-29", "2000-03-01", "2000-12-31", "2001-01-01", "2001-01-31"]
    days = [(datetime.date(1999, 12, 1) + datetime.timedelta(n)).isoformat() for n in range(460)]
    for first in edges:
        for last in edges:
            steps = list(cover(first, last))
            held = [day for day in days for step in steps if day.startswith(step)]
            assert held == [day for day in days if first <= day <= last], (first, last)


@pytest.mark.parametrize(
    ("first", "last", "steps"),
    [
        ("2026-09-07", "2026-09-07", ["2026-09-07"]), ("2026-12-31", "2027-01-01", ["2026-12-31", "2027-01-01"]),
        ("2026-01-01", "2026-12-31", ["2026"]), ("1900-01-01", "1999-12-31", ["19"]),
        ("2026-12-01", "2027-01-31", ["2026-12", "2027-01"]),
        ("2026-09-08", "2026-09-07", []), ("1000-01-01", "2999-12-31", [str(n) for n in range(10, 30)]),
    ],
)  # fmt: skip
def test_what_is_whole_is_one_step(first: str, last: str, steps: list[str]):
    assert sorted(cover(first, last)) == sorted(steps)


def test_the_steps_of_a_day():
    day, month, year, century = steps_of("2026-09-07")
    assert (day, month, year, century) == ("2026-09-07", "2026-09", "2026", "20")
    assert [is_month(step) for step in steps_of(day)] == [False, True, False, False]
    assert [is_century(step) for step in steps_of(day)] == [False, False, False, True]
