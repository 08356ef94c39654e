"""Records that are alike, folded together: they leave what they leave one after the other, and one wrong one is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.books.alike import Alike, apply_alike
from ledger.books.fees import below
from ledger.books.fold import apply
from ledger.books.record import runs_of
from ledger.books.rows import Given, Head, Sum
from ledger.books.rule import FIRST, RULE_SETS
from ledger.books.state import Books
from ledger.books.tape import Tape
from ledger.bounds import MAX_INTEGER
from tests.books.by_hand import SIZE, TIME, record, rule_of, said, small_books

LATER = "2026-09-07T10:00:05Z"
FORMS = ("donation 1 CNY school", "donation 9 CNY general fee=1 fee_to=till", "income 1 CNY general", "donation 9 CNY general")
GIFTS = [[(0, 3, 0)], [(1, 5, 2), (3, 4, 0), (1, 9, 1)], [(0, 1, 0), (0, 2, 0)], [(3, 7, 0), (0, 6, 0), (1, 2, 1)]]


def rows(books: Books) -> dict[str, list]:
    return {table.name: list(table.items()) for table in books.tables}


def together(**more: Any) -> Alike:
    """Four statements of gifts of three forms: to the school, and to the general fund with a fee and without."""
    forms = [said(FORMS[form], index=SIZE + place, **more) for form, place in ((0, 0), (1, 1), (3, 1))]
    which, amounts, shares = zip(*((min(form, 2), amount, share) for gifts in GIFTS for form, amount, share in gifts), strict=True)
    return Alike(SIZE, forms, [len(gifts) for gifts in GIFTS], which, amounts, shares, [(TIME, TIME), (LATER, TIME)])


def gift(form: int, amount: int, share: int) -> Any:
    return record(FORMS[form].replace(" 9 ", f" {amount} ").replace(" 1 ", f" {amount} ").replace("=1 ", f"={share} "))


def test_records_of_several_forms_leave_what_they_leave_one_after_the_other():
    at_once, apart = (small_books(tape={"general/CNY": Tape(20, 3)}) for _ in range(2))
    flows = []
    for place, gifts in enumerate(GIFTS):
        runs = runs_of([gift(*one) for one in gifts])
        one = said(FORMS[0], index=SIZE + place, runs=runs, time=LATER if place else TIME, signed_at=TIME)
        flows.append(apply(apart, one).flows)
    assert apply_alike(at_once, together()) == flows
    assert flows[1] == [
        [0, "+", "general/CNY", 20, 23], [1, "+", "general/CNY", 23, 27], [2, "+", "general/CNY", 27, 35],
    ]  # fmt: skip
    assert rows(at_once) == rows(apart)
    assert at_once.head.get("") == Head(SIZE + 4, LATER, "givetrail/1")
    assert (at_once.came.get("school/CNY"), at_once.given.get("general/CNY/2026")) == (Sum(12), Given(27, 5))
    assert tuple(at_once.tape.get("general/CNY")) == (43, 3, ())


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({}, ""), ({"ledger": "another.example"}, "ledger"), ({"after": 9}, "after"), ({"by": ["hope", "ghost"]}, "key-standing"),
        ({"by": ["hope", "shop"]}, "authority"), ({"by": []}, "authority"), ({"party": "river"}, "authority"),
        ({"time": "9999-12-31T16:00:00Z"}, "time"),
    ],
)  # fmt: skip
def test_each_form_is_judged(more: dict, rule: str):
    assert rule_of(apply_alike, small_books(), together(**more)) == rule


@pytest.mark.parametrize(
    ("moments", "rule"),
    [
        ([(TIME, TIME)], ""), ([("2026-09-07T09:59:59Z", TIME)], "time"), ([(LATER, LATER), (TIME, TIME)], "time"),
        ([(TIME, TIME), (TIME, "2026-09-07T10:05:01Z")], "time"), ([(TIME, TIME), (TIME, "2026-09-07T10:05:00Z")], ""),
    ],
)  # fmt: skip
def test_each_moment_is_judged(moments: list[tuple[str, str]], rule: str):
    assert rule_of(apply_alike, small_books(), together()._replace(moments=moments)) == rule


def test_the_head_has_the_time_of_the_last():
    books = small_books()
    apply_alike(books, together()._replace(moments=[(TIME, TIME), (LATER, TIME), ("2026-09-07T10:00:09Z", TIME)]))
    assert books.head.get("").time == "2026-09-07T10:00:09Z"


def test_a_form_that_nobody_is_owner_for_or_on_a_day_that_has_not_come():
    texts = "donation 1 CNY nowhere", "donation 1 CNY aid", "donation 1 CNY general received_on=2026-09-08"
    alone = [together()._replace(forms=[said(text)], counts=[1], which=[0], amounts=[1], shares=[0]) for text in texts]
    assert [rule_of(apply_alike, small_books(), one) for one in alone] == ["reference", "authority", "day"]


@pytest.mark.parametrize(
    ("fee", "rule"), [("1 fee_to=river", "fee"), ("1 fee_to=hope", "fee"), ("9 fee_to=till", "fee"), ("1 fee_to=none", "reference")]
)
def test_what_is_wrong_with_a_fee_is_found_in_the_first_of_its_form(fee: str, rule: str):
    forms = [said(f"donation 9 CNY general fee={fee}")]
    alone = together()._replace(forms=forms, counts=[1], which=[0], amounts=[9], shares=[1])
    assert rule_of(apply_alike, small_books(), alone) == rule


def test_a_tape_or_a_sum_that_would_be_too_long_is_refused():
    for full in ({"tape": {"school/CNY": Tape(MAX_INTEGER - 11, 0)}}, {"given": {"general/CNY/2026": Given(MAX_INTEGER - 26, 1)}}):
        assert rule_of(apply_alike, small_books(**full), together()) == "tape-limit"
    for room in ({"tape": {"school/CNY": Tape(MAX_INTEGER - 12, 0)}}, {"given": {"general/CNY/2026": Given(MAX_INTEGER - 27, 1)}}):
        assert rule_of(apply_alike, small_books(**room), together()) == ""


def test_by_other_rules_records_are_not_alike(monkeypatch: pytest.MonkeyPatch):
    """What another rule set demands may look at the amount."""
    monkeypatch.setitem(RULE_SETS, "givetrail/2", {**RULE_SETS[FIRST], "donation": (below("amount", "amount", "unit"),)})
    books = small_books(head={"": Head(SIZE, TIME, "givetrail/2")})
    assert rule_of(apply_alike, books, together()) == "rules"
    monkeypatch.setitem(RULE_SETS, "givetrail/2", {**RULE_SETS[FIRST], "income": ()})
    assert rule_of(apply_alike, books, together()) == ""


def kept_until(day: str) -> Books:
    """Books in which the key that signs the gifts falls on a day."""
    books = small_books()
    key, row = next((key, row) for key, row in books.key.items() if row.party == "hope")
    books.key.load(key, row._replace(until=SIZE - 1, until_day=day))
    return books


def test_a_form_is_judged_on_every_day_of_its_run():
    """A key that falls in the middle of a run signs nothing more, whatever it signed before."""
    times = [(TIME, TIME), ("2026-09-08T10:00:00Z", "2026-09-08T10:00:00Z"), ("2026-09-09T10:00:00Z", "2026-09-09T10:00:00Z")]
    run = together()._replace(moments=times)
    found = [rule_of(apply_alike, kept_until(day), run) for day in ("2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10")]
    assert found == ["key-standing", "key-standing", "key-standing", ""]
