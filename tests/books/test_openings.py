"""What was there when the books began, and who showed it (books §2)."""

from __future__ import annotations

import pytest

from ledger.audit.balances import opened_without_proof
from tests.language import Ledger, a_ledger

FIRST, OTHER = "2026-08-01", f"account=hmac-sha256:accounts:{'B' * 42}A"
STATED = f"channel=bank from_day={FIRST} to_day=2026-08-31"
OFFICERS = "hope by li, auditco.zhou"
OPENED = f"hope: income 100.00 CNY -> general income_class=opening-balance received_on={FIRST}"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play(OPENED)


def missing(ledger: Ledger) -> dict[str, int]:
    """How much of each unit was not confirmed."""
    return {one.unit: one.amount for one in opened_without_proof(ledger.books)}


def test_a_bank_statement_shows_it(ledger: Ledger):
    assert missing(ledger) == {"CNY": 100_00}
    ledger.play(f"{OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED}")
    assert missing(ledger) == {}


def test_accounts_and_a_count_are_one_sum_and_so_are_the_balances_of_the_tree(ledger: Ledger):
    ledger.play(f"""
        hope: fund camp restricted general
        {OPENED.replace("general", "camp").replace("100.00", "20.00")}
        {OFFICERS}: bank-statement general CNY 70.00 7.00 {STATED}; bank-statement general CNY 40.00 7.00 {STATED} {OTHER}
        {OFFICERS}: stocktake general CNY 9.00 hope counted_on={FIRST}
    """)
    assert missing(ledger) == {"CNY": 1_00}
    (found,) = opened_without_proof(ledger.books)
    assert found.message == (
        "fund 'general' and the funds below it: opening balances of 120.00 CNY on 2026-08-01, the first day of the books; bank "
        "statements and stocktakes of that day show 119.00 CNY"
    )
    ledger.play(f"{OFFICERS}: stocktake general CNY 10.00 hope counted_on={FIRST}")
    assert missing(ledger) == {}


def test_the_order_does_not_matter():
    ledger = a_ledger().play(f"{OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED}")
    assert missing(ledger.play(OPENED)) == {}


def test_a_later_statement_of_the_account_takes_the_place_of_an_earlier_one(ledger: Ledger):
    ledger.play(f"{OFFICERS}: bank-statement general CNY 90.00 7.00 {STATED}")
    assert missing(ledger) == {"CNY": 10_00}
    ledger.play(f"{OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED}")
    assert missing(ledger) == {}


def test_a_statement_of_another_day_shows_nothing(ledger: Ledger):
    ledger.play(f"""
        {OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED.replace("08-01", "08-02")}
        {OFFICERS}: stocktake general CNY 100.00 hope counted_on=2026-08-02
    """)
    assert missing(ledger) == {"CNY": 100_00}


def test_goods_are_counted():
    ledger = a_ledger().play(f"hope: income 7 box -> books income_class=opening-balance received_on={FIRST}")
    assert missing(ledger) == {"box": 7}
    assert missing(ledger.play(f"{OFFICERS}: stocktake general box 7 auditco counted_on={FIRST}")) == {"box": 7}
    assert missing(ledger.play(f"{OFFICERS}: stocktake school box 7 auditco counted_on={FIRST}")) == {}


def test_an_opening_balance_on_another_day_is_never_confirmed_until_it_is_void_or_corrected(ledger: Ledger):
    ledger.play(f"""
        {OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED}
        hope: income 5.00 CNY -> general income_class=opening-balance received_on=2026-08-02 as late
    """)
    assert missing(ledger) == {"CNY": 5_00}
    ledger.play("hope: reversal of ^late")
    assert missing(ledger) == {}
    ledger.play("""
        hope: income 5.00 CNY -> general income_class=opening-balance received_on=2026-08-02 as late
        hope: correction of ^late day=2026-08-01
    """)
    assert missing(ledger) == {"CNY": 5_00}
    ledger.play(f"{OFFICERS}: stocktake general CNY 5.00 hope counted_on={FIRST}")
    assert missing(ledger) == {}


def test_books_that_are_moved_back_begin_again(ledger: Ledger):
    ledger.play(f"""
        {OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED}
        {OFFICERS}: mandate 0 books_from=2026-07-01
    """)
    assert missing(ledger) == {"CNY": 100_00}
    before = f"channel=bank from_day=2026-07-01 to_day=2026-07-31 {OTHER}"
    ledger.play(f"""
        hope: correction of {len(ledger.leaves) - 3}.0 day=2026-07-01
        {OFFICERS}: bank-statement general CNY 100.00 100.00 {before}
    """)
    assert missing(ledger) == {}


def test_other_income_is_no_opening_balance():
    ledger = a_ledger().play(f"hope: income 100.00 CNY -> general income_class=interest received_on={FIRST}")
    assert missing(ledger) == {}


def test_who_counted_signs(ledger: Ledger):
    ledger.play("""
        hope by li, auditco.zhou: stocktake general box 7 shop
          ! approval: who counted must sign
        hope by li, shop.sun: stocktake general box 7 shop
          ! approval: only one signature
        hope by li, shop.sun, auditco.zhou: stocktake general box 7 shop
        hope by li, auditco.zhou: stocktake books box 7 auditco
          ! reference: is below 'school'; name the root
    """)


@pytest.mark.parametrize("shown", [100, 60])
def test_a_statement_of_the_first_day_counts_once_whatever_came_between(ledger: Ledger, shown: int):
    ledger.play(f"""
        {OFFICERS}: bank-statement general CNY 50.00 7.00 channel=bank from_day=2026-07-01 to_day=2026-07-31
        {OFFICERS}: bank-statement general CNY 80.00 7.00 {STATED}
        {OFFICERS}: bank-statement general CNY 7.00 8.00 channel=bank from_day=2026-09-01 to_day=2026-09-02
        {OFFICERS}: bank-statement general CNY {shown}.00 7.00 {STATED}
    """)
    assert missing(ledger) == ({"CNY": (100 - shown) * 100} if shown < 100 else {})


def test_books_that_are_moved_back_count_a_statement_of_the_new_first_day_only(ledger: Ledger):
    before = "channel=bank from_day=2026-07-01 to_day=2026-07-31"
    ledger.play(f"""
        {OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED}
        {OFFICERS}: mandate 0 books_from=2026-07-01
        hope: correction of 3.0 day=2026-07-01
        {OFFICERS}: bank-statement general CNY 100.00 100.00 {before}
        {OFFICERS}: bank-statement general CNY 100.00 7.00 {STATED}
        {OFFICERS}: bank-statement general CNY 100.00 100.00 {before}
    """.replace("of 3.0", f"of {len(ledger.leaves) - 1}.0"))
    assert missing(ledger) == {}
