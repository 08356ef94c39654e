"""The balance of a fund tree by day, whatever order records come in."""

from __future__ import annotations

import datetime
from collections import defaultdict
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit.balances import overdrawn
from ledger.books.balance import Moved, add, balance_on, moves_until, shortfalls
from ledger.books.record import KINDS
from ledger.books.rule import says
from ledger.books.state import Books
from tests.language import Ledger, a_ledger

LAST = "2026-09-07"


def early_ledger() -> Ledger:
    """A ledger in which hope's books begin before the days of its records."""
    return a_ledger().play("hope: mandate books_from=2026-01-01")


@pytest.fixture
def ledger() -> Ledger:
    return early_ledger()


def found(ledger: Ledger) -> list[tuple[str, int, int, str]]:
    return [(one.rule, one.cases, one.amount, one.unit) for one in overdrawn(ledger.books)]


def test_a_payment_ten_months_before_its_gift_overdraws_its_tree(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> general
        hope: payment 3.00 CNY general -> shop paid_on=2026-01-07
        hope: payment 4.00 CNY general -> shop paid_on=2026-02-07
    """)
    assert found(ledger) == [("overdrawn-on-day", 243, 700, "CNY")]
    (finding,) = overdrawn(ledger.books)
    assert finding.message == (
        "fund 'general' and the funds below it: on 243 days, first on 2026-01-07, more had gone out than had come in, "
        "by up to 7.00 CNY"
    )
    assert finding.as_json()["cases"] == 243 and finding.as_json()["amount"] == 700


def test_late_imports_in_any_order_are_right(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> general received_on=2026-05-01
        hope: payment 3.00 CNY general -> shop paid_on=2026-03-01
    """)
    assert found(ledger) == [("overdrawn-on-day", 61, 300, "CNY")]
    ledger.play("hope: donation 3.00 CNY -> general received_on=2026-03-01")
    assert found(ledger) == []


def test_one_day_is_said_as_one(ledger: Ledger):
    ledger.play("""
        hope: donation 1.00 CNY -> general received_on=2026-09-07
        hope: payment 1.00 CNY general -> shop paid_on=2026-09-06
    """)
    (finding,) = overdrawn(ledger.books)
    assert "on 1 day, 2026-09-06, more had gone out" in finding.message


def test_what_moves_within_a_tree_changes_nothing(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school
        hope: allocation 10.00 CNY school -> books as down
        hope: reversal of ^down
        hope: allocation 10.00 CNY school -> desks
    """)
    assert list(moves_until(ledger.books, "school", "CNY", LAST)) == [Moved(LAST, 1000, 0)]
    assert balance_on(ledger.books, "books", "CNY", LAST) == 0


def test_every_way_in_and_out_counts_on_its_day(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> general received_on=2026-03-01 as gift
        hope: donation 10.00 CNY -> general received_on=2026-03-01 fee=1.00 fee_to=till
        hope: income 1.00 CNY -> general received_on=2026-03-02
        hope: payment 5.00 CNY general -> shop paid_on=2026-03-03 as paid
        hope: payment-return 2.00 of ^paid returned_on=2026-03-04
        hope: refund ^gift general CNY reason=legal units=900..1000 refunded_on=2026-03-05
        hope: exchange 2.00 CNY general -> 1.00 USD rate=1/2 exchanged_on=2026-03-06
        hope: payment 2.00 CNY general -> shop goods=4:box:general:2.00 paid_on=2026-03-07
        hope: delivery 1 box general -> village delivered_on=2026-03-08
        hope by li, auditco.zhou: write-off 1 box general
    """)
    assert list(moves_until(ledger.books, "general", "CNY", LAST)) == [
        Moved("2026-03-01", 1900, 0), Moved("2026-03-02", 100, 0), Moved("2026-03-03", 0, 500), Moved("2026-03-04", 200, 0),
        Moved("2026-03-05", 0, 100), Moved("2026-03-06", 0, 200), Moved("2026-03-07", 0, 200),
    ]  # fmt: skip
    assert list(moves_until(ledger.books, "general", "box", LAST)) == [
        Moved("2026-03-07", 4, 0), Moved("2026-03-08", 0, 1), Moved(LAST, 0, 1),
    ]  # fmt: skip
    assert [balance_on(ledger.books, "general", "USD", f"2026-03-0{day}") for day in (5, 6, 7)] == [0, 100, 100]
    assert balance_on(ledger.books, "nobody", "CNY", LAST) == 0


def test_what_could_not_be_applied_overdraws_no_day(ledger: Ledger):
    """One fault is one finding: a skipped gift counts from the first day on, a skipped payment on the day of its entry."""
    ledger.play("""
        hope: donation 10.00 CNY -> nowhere
          leaf 0 + general/CNY 0..1000
          skips 0 reference: there is no such fund
        hope: payment 3.00 CNY general -> shop paid_on=2026-01-07
        hope: payment 3.00 CNY general -> nobody paid_on=2026-01-07
          leaf 0 - general/CNY 300..600
          skips 0 reference: there is no such party
    """)
    assert found(ledger) == [] and balance_on(ledger.books, "general", "CNY", LAST) == 400


def test_a_day_that_cannot_be_is_that_of_the_entry(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> general
        hope: payment 3.00 CNY general -> shop paid_on=2025-12-31
          leaf 0 - general/CNY 0..300
          finds 0 day: is before 2026-01-01, the first day of the books of hope
        hope: payment 3.00 CNY general -> shop paid_on=2026-09-08
          leaf 0 - general/CNY 300..600
          finds 0 day: is after the day of the entry
    """)
    assert list(moves_until(ledger.books, "general", "CNY", LAST)) == [Moved(LAST, 1000, 600)]


def test_every_kind_that_moves_units_says_on_which_day():
    within_a_tree = {"allocation", "reversal"}
    silent = {
        name for name, kind in KINDS.items()
        if kind.moves and not any(says(word, kind.remembers) for word in ("moves-on", "moves-today"))
    }  # fmt: skip
    assert silent == within_a_tree


DAYS = st.integers(0, 400).map(lambda days: (datetime.date(2025, 8, 3) + datetime.timedelta(days)).isoformat())
MOVES = st.lists(st.tuples(st.sampled_from(["a", "a-b"]), st.sampled_from(["CNY", "box"]), DAYS, st.integers(-9, 9)), max_size=30)


@given(MOVES)
def test_daily_balances_are_those_of_a_naive_recomputation(moves: list[tuple[str, str, str, int]]):
    books, last = Books(), "2026-10-01"
    for root, unit, day, amount in moves:
        add(books, (root, unit), day, max(0, amount), max(0, -amount))
    days = [(datetime.date(2025, 8, 3) + datetime.timedelta(n)).isoformat() for n in range(425)]
    assert days[-1] == last
    wanted = {}
    for tree in sorted({(root, unit) for root, unit, *_ in moves}):
        by_day = defaultdict[str, int](int)
        for root, unit, day, amount in moves:
            by_day[day] += amount if (root, unit) == tree else 0
        balances = [sum(by_day[day] for day in days[: n + 1]) for n in range(0, len(days), 7)]
        assert [balance_on(books, *tree, day) for day in days[::7]] == balances
        every, so_far = {}, 0
        for day in days:
            so_far += by_day[day]
            every[day] = so_far
        low = [day for day in days if every[day] < 0]
        if low:
            wanted[tree] = (low[0], len(low), -min(every.values()))
    assert {(one.root, one.unit): (one.first_day, one.days, one.most) for one in shortfalls(books, last)} == wanted


OF_2026 = st.integers(0, 249).map(lambda days: (datetime.date(2026, 1, 1) + datetime.timedelta(days)).isoformat())
SAID = {
    "donation 9.00 CNY -> general": "received_on", "donation 5.00 CNY -> school": "received_on",
    "income 4.00 CNY -> school": "received_on",
    "payment 3.00 CNY general -> shop": "paid_on", "payment 2.00 CNY books -> shop": "paid_on",
    "payment 1.00 CNY general -> shop goods=2:box:general:1.00": "paid_on", "delivery 1 box general -> village": "delivered_on",
    "exchange 2.00 CNY school -> 1.00 USD rate=1/2": "exchanged_on", "write-off 0.50 CNY general": "",
    "allocation 2.00 CNY school -> books": "",
}  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(SAID)), OF_2026), max_size=14))
def test_a_ledger_has_the_balances_of_its_records_and_their_flows(said: list[tuple[str, str]]):
    """Some are refused, because the fund does not hold as much; the others are recomputed from the entries, by fund and day."""
    ledger = early_ledger()
    for what, day in said:
        with suppress(AssertionError):
            by = "hope by li, auditco.zhou" if what.startswith("write-off") else "hope"
            ledger.play(f"{by}: {what} {SAID[what] and f'{SAID[what]}={day}'}")
    root = {"general": "general", "school": "school", "books": "school"}
    by_day = defaultdict[tuple[str, str, str], int](int)
    for leaf in ledger.leaves:
        for number, sign, tape, start, end in leaf.entry.flows:
            record = leaf.statement.records[number]
            day = getattr(record, SAID.get(next((one for one in SAID if one.startswith(record.kind)), ""), "") or "none", LAST)
            fund, _, unit = tape.partition("/")
            by_day[root[fund], unit, day] += end - start if sign == "+" else start - end
    for tree in {(one[0], one[1]) for one in by_day}:
        for day in sorted({one[2] for one in by_day}):
            until = sum(amount for (*of, when), amount in by_day.items() if tuple(of) == tree and when <= day)
            assert balance_on(ledger.books, *tree, day) == until
