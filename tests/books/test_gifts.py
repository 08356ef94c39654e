"""Gifts and other income (books §3), and the statistics that are made of gifts."""

from __future__ import annotations

import pytest

from ledger.errors import SchemaError


def test_a_gift_has_a_day_that_has_come(ledger):
    ledger.play("""
        hope: donation 1.00 CNY -> school received_on=2026-09-07
        hope: donation 1.00 CNY -> school received_on=2026-09-08
          ! day: received_on 2026-09-08: is after the day of the entry, 2026-09-07
        hope: donation 1.00 CNY -> school received_on=2026-02-29
          ! schema: received_on
    """)


def test_days_are_the_ledgers_own(ledger):
    """17:00 UTC is one in the morning of the next day at UTC+08:00."""
    record = ledger.read("hope", "donation 1.00 CNY -> school received_on=2026-09-08")[0]
    ledger.say("hope", record, ["hope.li"], time="2026-09-07T17:00:00Z")
    assert ledger.context.day == "2026-09-08"


def test_income_is_no_gift(ledger):
    ledger.play("""
        hope: income 10.00 CNY -> school income_class=opening-balance
          + school/CNY 0..1000
        hope: donation 1.00 CNY -> school as gift; income 5.00 CNY -> school as sale
        hope: refund ^sale school CNY units=1100..1200 reason=donor-request
          ! reference: is not a donation
        hope: statistics school CNY from_day=2026-09-01 to_day=2026-09-30 cells=2026-09:1.00:1
        hope: income 5.00 CNY -> school income_class=gift
          ! schema: income_class
    """)


def test_the_file_that_gifts_came_from_adds_up(ledger):
    ledger.play(f"""
        hope: source media=text/csv bytes=10 digest={"a" * 64} rows=9 entered=5 known=3 left_out=1
        hope: source media=text/csv bytes=10 digest={"a" * 64} rows=9 entered=5 known=3 left_out=0
          ! schema: entered, known and left_out must add up to rows
    """)


def test_an_amount_is_a_whole_positive_number(ledger):
    gift = ledger.read("hope", "donation 1.00 CNY -> school")[0][0]
    for amount in (0, -5, 10**14 + 1, 2**53, "5", True, 1.0, [5]):
        with pytest.raises(SchemaError, match="amount"):
            ledger.say("hope", [{**gift, "amount": amount}], ["hope.li"])
    ledger.say("hope", [{**gift, "amount": 10**14}], ["hope.li"])


def test_a_reference_of_a_channel_is_a_key_of_its_party(ledger):
    """The keys are what a ledger holds once; who looks them up refuses the second."""
    ref = "hmac-sha256:2026:" + "A" * 43
    ledger.play(f"""
        hope: donation 1.00 CNY -> school channel=wechat channel_ref={ref}; donation 1.00 CNY -> school
    """)
    gift, without = (record.unique_keys("hope") for record in ledger.leaves[-1].statement.records)
    assert gift == (f"reference\0hope\0wechat\0{ref}",)
    assert without == ()
    ledger.play(f"""
        hope: payment 1.00 CNY school -> shop channel=wechat channel_ref={ref}
    """)
    assert ledger.leaves[-1].statement.records[0].unique_keys("hope") == gift
    ledger.play(f"hope: income 1.00 CNY -> school channel=wechat channel_ref={ref}")
    assert ledger.leaves[-1].statement.records[0].unique_keys("hope") == gift


@pytest.fixture
def month(ledger):
    """Twenty gifts of 1.00 in August, twelve of 2.00 in September, one to another fund."""
    august = "; ".join(["donation 1.00 CNY -> school received_on=2026-08-15"] * 20)
    september = "; ".join(["donation 2.00 CNY -> school received_on=2026-09-02"] * 12)
    return ledger.play(f"""
        hope: mandate books_from=2026-08-01
        hope: {august}
        hope: {september}; donation 9.00 CNY -> general
    """)


def test_statistics_have_the_total_of_the_ledger(month):
    month.play("""
        hope: statistics school CNY from_day=2026-08-01 to_day=2026-09-30 cells=2026-08:20.00:20+2026-09:24.00:12
        hope: statistics school CNY by=day from_day=2026-08-01 to_day=2026-08-31 cells=2026-08-15:20.00:20
        hope: statistics school CNY from_day=2026-08-01 to_day=2026-09-30 cells=2026-08:20.00:20+2026-09:24.01:12
          ! statistics-total: cells: 44.01 CNY in 32 gifts, but the ledger has 44.00 CNY in 32 gifts
        hope: statistics school CNY from_day=2026-08-16 to_day=2026-09-02 cells=2026-08:44.00:32
          ! statistics-total: the ledger has 24.00 CNY in 12 gifts
        hope: statistics school CNY from_day=2026-08-01 to_day=2026-09-30 cells=2026-08:24.00:12+2026-09:20.00:20
          ! statistics-total: cells: 24.00 CNY in 12 gifts in 2026-08, but the ledger has 20.00 CNY in 20 gifts
        hope: statistics school CNY from_day=2026-08-01 to_day=2026-09-01 cells=2026-09:20.00:20
          ! statistics-total: cells: 20.00 CNY in 20 gifts in 2026-09, but the ledger has 0.00 CNY in 0 gifts
        hope: statistics school CNY from_day=2026-08-01 to_day=2026-09-01 cells=2026-10:20.00:20
          ! statistics-total: in 2026-10
        hope: statistics school CNY from_day=2026-08-15 to_day=2026-09-02 cells=2026-08:20.00:20+2026-09:24.00:12
    """)


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ("2026-09:10.00:10+2026-08:10.00:10", "sorted by code"),
        ("2026-08:10.00:10+2026-08:10.00:10", "each once"),
        ("2026-08-01:20.00:20", "codes must be months"),
        ("CN-11:20.00:20", "cells"),
    ],
)
def test_cells_are_of_the_period(month, cells, wrong):
    month.play(f"""
        hope: statistics school CNY from_day=2026-08-01 to_day=2026-09-30 cells={cells}
          ! schema: {wrong}
    """)
