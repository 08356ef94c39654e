"""The fold in its parts: what a statement is bound to, what its times and days are, and what a record moves."""

from __future__ import annotations

import pytest

from ledger.books.clock import check_times
from ledger.books.fold import EPOCH, apply, check_place, inflows, move, rules_of
from ledger.books.moment import books_time, local_day, seconds
from ledger.books.rows import Given, Head, Sum
from ledger.books.state import Books
from ledger.books.statement_context import Kept, Leg, inflow, refuse
from ledger.books.tape import Tape
from tests.books.by_hand import (
    DAY,
    SIZE,
    TIME,
    a_project,
    act_of,
    at,
    books_of,
    faults_of,
    judged,
    rule_of,
    said,
    small_books,
    tapes,
)  # fmt: skip
from tests.language import key_text

LEDGER = "ledger chief name=L time_zone=UTC+08:00 rules=givetrail/1 operator_name=O officer=chief"


def test_a_statement_is_applied_record_by_record():
    books = small_books(tape={"general/CNY": Tape(50)})
    context = apply(books, said("donation 1 CNY general; donation 2 CNY general; progress books; donation 4 CNY general"))
    assert context.flows == [
        [0, "+", "general/CNY", 50, 51], [1, "+", "general/CNY", 51, 53], [3, "+", "general/CNY", 53, 57],
    ]  # fmt: skip
    assert context.number == 4
    assert tapes(books) == {"general/CNY": (57, 0, ())}
    assert books.given.get(f"general/CNY/{DAY}") == Given(7, 3)
    assert books.head.get("") == Head(SIZE + 1, TIME, "givetrail/1")


def test_gifts_that_are_alike_come_into_a_new_tape_and_a_project():
    books = small_books()
    assert apply(books, said("donation 1 CNY school; donation 2 CNY school")).flows == [
        [0, "+", "school/CNY", 0, 1], [1, "+", "school/CNY", 1, 3],
    ]  # fmt: skip
    assert tapes(books) == {"school/CNY": (3, 0, ())}
    assert (books.came.get("school/CNY"), books.given.get("school/CNY/2026")) == (Sum(3), Given(3, 2))


@pytest.mark.parametrize(
    ("text", "more", "rule"),
    [
        ("progress books", {}, ""),
        ("progress books", {"ledger": "another.example"}, "ledger"),
        ("progress books", {"signed_at": "2026-07-07T10:00:00Z"}, "time"),
        ("progress books", {"by": ["hope", "ghost"]}, "key-standing"),
        ("progress books", {"by": []}, "authority"),
        ("progress books", {"by": ["hope", "shop"]}, "authority"),
        ("progress books", {"party": "shop"}, "authority"),
        ("progress books done_on=2026-09-08", {}, "day"),
        ("donation 1 CNY nowhere", {}, "reference"),
        ("progress books", {"time": "2026-02-30T10:00:00Z", "signed_at": TIME}, "time"),
    ],
)  # fmt: skip
def test_each_rule_is_asked_by_both(text: str, more: dict, rule: str):
    """What stops intake is what an audit finds."""
    books = small_books()
    assert rule_of(apply, books, said(text, **more)) == rule
    books.rollback()
    assert [fault.rule for fault in judged(books, text, **more)] == ([rule] if rule else [])
    assert books.head.get("").size == SIZE + 1


def test_the_place_of_a_statement():
    """Entry 0 begins with the ledger and is bound to none; every other is bound to one before it."""
    for index, after, text, rules in (
        (5, 4, "progress books", []), (5, 0, "progress books", []), (5, -1, "progress books", ["after"]),
        (5, 5, "progress books", ["after"]), (5, 6, "progress books", ["after"]), (1, 0, "progress books", []),
        (0, -1, LEDGER, []), (0, 0, LEDGER, ["after"]), (0, -2, LEDGER, ["after"]), (0, 1, LEDGER, ["after"]),
        (0, -1, "progress books", ["ledger"]), (0, -1, f"progress books; {LEDGER}", ["ledger"]),
        (0, -1, f"{LEDGER}; progress books", []), (1, 0, LEDGER, []),
    ):  # fmt: skip
        context = act_of(after=after)
        one = said(text, index=index, after=after)
        assert faults_of(small_books(), check_place, context, one) == rules
        assert context.after == (index - 1 if "after" in rules else after)


def test_a_log_is_entered_under_its_own_name():
    ended = f"succession a.example:5:{'a' * 64} log_key={key_text('the.log')}"
    for books, text, name, rules in (
        (small_books(), "progress books", "b.example", ["ledger"]), (small_books(), "progress books", "ledger.example.org", []),
        (Books(), "progress books", "b.example", []), (small_books(), ended, "b.example", []),
        (small_books(), f"progress books; {ended}", "b.example", ["ledger"]),
    ):  # fmt: skip
        assert faults_of(books, check_place, act_of(), said(text, ledger=name)) == rules


def faults_of_times(before: str, time: str, signed_at: str) -> list[str]:
    kept = Kept()
    check_times(kept, before, time, signed_at)
    return [fault.rule for fault in kept]


def test_a_statement_is_entered_near_the_moment_when_it_was_signed():
    days_s = 30 * 24 * 3600
    for signed_s, rules in (
        (0, []), (300, []), (301, ["time"]), (-300, []), (-days_s, []), (-days_s - 1, ["time"]), (days_s, ["time"]),
    ):  # fmt: skip
        assert faults_of_times("", TIME, at(signed_s)) == rules, signed_s


def test_times_never_run_backwards():
    assert [faults_of_times(before, TIME, TIME) for before in ("", at(-1), TIME, at(1))] == [[], [], [], ["time"]]
    assert faults_of_times("", TIME, "2026-02-30T10:00:00Z") == ["time"]
    assert faults_of_times(at(1), TIME, at(301)) == ["time", "time"]
    assert rule_of(check_times, refuse, "", TIME, "2026-13-01T10:00:00Z") == "time"


def test_seconds_since_1970():
    assert [seconds(time) for time in (EPOCH, "1970-01-02T00:00:01Z", "2026-09-07T10:00:00Z")] == [0, 86401, 1788775200]
    for time in ("2026-02-29T00:00:00Z", "2026-09-07T24:00:00Z", "2026-09-07", ""):
        assert rule_of(seconds, time) == "time"


def test_the_local_day():
    for offset, time, day in (
        (480, "2026-09-07T15:59:59Z", "2026-09-07"), (480, "2026-09-07T16:00:00Z", "2026-09-08"),
        (-720, "2026-09-07T11:59:59Z", "2026-09-06"), (-720, "2026-09-07T12:00:00Z", "2026-09-07"),
        (0, "2026-09-07T23:59:59Z", "2026-09-07"), (1, "2026-09-07T23:59:00Z", "2026-09-08"),
        (1, "2026-09-07T23:58:59Z", "2026-09-07"), (899, "2026-09-07T09:01:00Z", "2026-09-08"),
        (899, "2026-09-07T09:00:59Z", "2026-09-07"),
    ):  # fmt: skip
        row = small_books().ledger.get("")._replace(offset_minutes=offset)
        assert local_day(books_of(ledger={"": row}), time) == day, (offset, time)


def test_the_day_of_entry_0_is_that_of_utc_until_it_names_its_own():
    assert local_day(Books(), "2026-09-07T00:00:00Z") == "2026-09-07"
    assert local_day(Books(), "2026-09-07T23:59:59Z") == "2026-09-07"


def test_a_local_day_beyond_the_calendar_is_refused():
    assert rule_of(local_day, small_books(), "9999-12-31T15:59:59Z") == ""
    assert rule_of(local_day, small_books(), "9999-12-31T16:00:00Z") == "time"


def test_where_the_fold_stands():
    assert (books_time(Books()), rules_of(Books())) == ("", "")
    assert (books_time(small_books()), rules_of(small_books())) == (TIME, "givetrail/1")


def test_what_the_legs_of_a_record_move():
    """Everything out, then everything in."""
    for legs, flows, then in (
        ([inflow("p/CNY", 5)], ["+ p/CNY 10..15"], {"p/CNY": (15, 2, ())}),
        ([inflow("q/CNY", 5)], ["+ q/CNY 0..5"], {"q/CNY": (5, 0, ())}),
        ([inflow("p/CNY", 5), inflow("a/CNY", 3)], ["+ p/CNY 10..15", "+ a/CNY 0..3"], {"p/CNY": (15, 2, ()), "a/CNY": (3, 0, ())}),
        ([inflow("p/CNY", 5), inflow("p/CNY", 3)], ["+ p/CNY 10..15", "+ p/CNY 15..18"], {"p/CNY": (18, 2, ())}),
        ([Leg("p/CNY", 3)], ["- p/CNY 2..5"], {"p/CNY": (10, 5, ())}),
        ([Leg("p/CNY", 3, ((4, 5), (7, 9)))], ["- p/CNY 4..5", "- p/CNY 7..9"], {"p/CNY": (10, 2, (4, 5, 7, 9))}),
        ([Leg("p/CNY", 3), inflow("q/CNY", 3)], ["- p/CNY 2..5", "+ q/CNY 0..3"], {"p/CNY": (10, 5, ()), "q/CNY": (3, 0, ())}),
        ([inflow("q/USD", 7), Leg("p/CNY", 3)], ["- p/CNY 2..5", "+ q/USD 0..7"], {"p/CNY": (10, 5, ()), "q/USD": (7, 0, ())}),
        ([Leg("p/CNY", 8), inflow("p/CNY", 8)], ["- p/CNY 2..10", "+ p/CNY 10..18"], {"p/CNY": (18, 10, ())}),
    ):  # fmt: skip
        books = a_project({"p/CNY": Tape(10, 2)})
        assert [f"{sign} {tape} {start}..{end}" for _, sign, tape, start, end in move(books, legs, 3)] == flows
        assert {row[0] for row in move(a_project({"p/CNY": Tape(10, 2)}), legs, 3)} == {3}
        assert tapes(books) == {"p/CNY": (10, 2, ()), **then}


def test_nothing_goes_out_of_a_tape_that_is_not_there():
    assert rule_of(move, Books(), [Leg("a/CNY", 1)], 0) == "overdraft"
    assert rule_of(move, Books(), [Leg("a/CNY", 1, ((0, 1),))], 0) == "overdraft"


def test_a_record_has_so_many_flows_at_most():
    for ranges, into, rule in ((64, "", ""), (65, "", "fragmented"), (63, "b/CNY", ""), (64, "b/CNY", "fragmented")):
        units = tuple((2 * n, 2 * n + 1) for n in range(ranges))
        books = books_of(tape={"a/CNY": Tape(200)})
        assert rule_of(move, books, [Leg("a/CNY", ranges, units, into, ranges if into else 0)], 0) == rule


def test_the_flows_of_amounts_one_after_the_other():
    assert inflows("a/CNY", 7, [5]) == [[0, "+", "a/CNY", 7, 12]]
    assert inflows("a/CNY", 7, [5, 1, 2], 3) == [[3, "+", "a/CNY", 7, 12], [4, "+", "a/CNY", 12, 13], [5, "+", "a/CNY", 13, 15]]
