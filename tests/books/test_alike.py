"""Statements that are alike, folded together: they leave what they leave one after the other, and one wrong one is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.books.alike import Series, apply_series
from ledger.books.fold import apply
from ledger.books.record import runs_of
from ledger.books.state import Books, Given, Head, Sum
from ledger.books.tape import Tape
from tests.books.by_hand import SIZE, TIME, record, rule_of, said, small_books

LATER = "2026-09-07T10:00:05Z"
GIFTS = [(0, [3]), (1, [5]), (0, [1, 2]), (1, [7]), (2, [4])]
FORMS = ("donation 1 CNY school", "donation 1 CNY general", "income 1 CNY general")


def rows(books: Books) -> dict[str, list]:
    return {table.name: list(table.items()) for table in books.tables}


def a_series(**more: Any) -> Series:
    """Five statements of three forms: gifts to the school, gifts to the general fund, and interest."""
    forms = [said(text, index=SIZE + place, **more) for place, text in zip((0, 1, 4), FORMS, strict=True)]
    moments = [(TIME, TIME), (LATER, TIME)]
    return Series(SIZE, forms[:2], [form for form, _ in GIFTS[:4]], [amounts for _, amounts in GIFTS[:4]], moments)


def test_a_series_leaves_what_its_statements_leave_one_after_the_other():
    together, apart = (small_books(tape={"general/CNY": Tape(20, 3)}) for _ in range(2))
    flows = []
    for place, (form, amounts) in enumerate(GIFTS[:4]):
        runs = runs_of([record(FORMS[form].replace(" 1 ", f" {amount} ")) for amount in amounts])
        one = said(FORMS[form], index=SIZE + place, runs=runs, time=LATER if place else TIME, signed_at=TIME)
        flows.append(apply(apart, one).flows)
    assert apply_series(together, a_series()) == flows == [
        [[0, "+", "school/CNY", 0, 3]], [[0, "+", "general/CNY", 20, 25]],
        [[0, "+", "school/CNY", 3, 4], [1, "+", "school/CNY", 4, 6]], [[0, "+", "general/CNY", 25, 32]],
    ]  # fmt: skip
    assert rows(together) == rows(apart)
    assert together.head.get("") == Head(SIZE + 4, LATER, "givetrail/1")
    assert (together.came.get("school/CNY"), together.given.get("general/CNY/2026")) == (Sum(6), Given(12, 2))
    assert tuple(together.tape.get("general/CNY")) == (32, 3, ())


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({}, ""), ({"ledger": "another.example"}, "ledger"), ({"after": 9}, "after"), ({"by": ["hope", "ghost"]}, "key-standing"),
        ({"by": ["hope", "shop"]}, "authority"), ({"by": []}, "authority"), ({"party": "river"}, "authority"),
        ({"time": "9999-12-31T16:00:00Z"}, "time"),
    ],
)  # fmt: skip
def test_each_form_is_judged(more: dict, rule: str):
    assert rule_of(apply_series, small_books(), a_series(**more)) == rule


@pytest.mark.parametrize(
    ("moments", "rule"),
    [
        ([(TIME, TIME)], ""), ([("2026-09-07T09:59:59Z", TIME)], "time"), ([(LATER, LATER), (TIME, TIME)], "time"),
        ([(TIME, TIME), (TIME, "2026-09-07T10:05:01Z")], "time"), ([(TIME, TIME), (TIME, "2026-09-07T10:05:00Z")], ""),
    ],
)  # fmt: skip
def test_each_moment_is_judged(moments: list[tuple[str, str]], rule: str):
    assert rule_of(apply_series, small_books(), a_series()._replace(moments=moments)) == rule


def test_the_head_has_the_time_of_the_last():
    books = small_books()
    apply_series(books, a_series()._replace(moments=[(TIME, TIME), (LATER, TIME), ("2026-09-07T10:00:09Z", TIME)]))
    assert books.head.get("").time == "2026-09-07T10:00:09Z"


def test_a_form_that_nobody_is_owner_for_or_on_a_day_that_has_not_come():
    forms = [said("donation 1 CNY nowhere")], [said("donation 1 CNY aid")], [said("donation 1 CNY general received_on=2026-09-08")]
    series = [a_series()._replace(forms=some, which=[0], amounts=[[1]]) for some in forms]
    assert [rule_of(apply_series, small_books(), one) for one in series] == ["reference", "authority", "time"]
