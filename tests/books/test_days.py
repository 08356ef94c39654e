"""Days on which money and goods moved: not after the entry, not before what they answer."""

import pytest

from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope: mandate books_from=2026-01-01
        hope: donation 10.00 CNY -> general as gift
        2026-09-10
        hope: payment 4.00 CNY general -> shop paid_on=2026-09-09 as paid
    """)


def test_a_return_is_at_most_one_day_before_its_payment(ledger: Ledger):
    ledger.play("""
        hope: payment-return 1.00 of ^paid returned_on=2026-09-07
          ! day: returned_on 2026-09-07: is more than one day before 2026-09-09, the day of what it answers
        hope: payment-return 1.00 of ^paid returned_on=2026-09-08
          + general/CNY 1000..1100
    """)


def test_a_refund_is_at_most_one_day_before_its_gift(ledger: Ledger):
    ledger.play("""
        hope: donation 5.00 CNY -> general received_on=2026-09-10 as later
        hope: refund ^later general CNY reason=legal units=1000..1100 refunded_on=2026-09-08
          ! day: refunded_on 2026-09-08: is more than one day before 2026-09-10, the day on which the gift came in
        hope: refund ^later general CNY reason=legal units=1000..1100 refunded_on=2026-09-09
    """)


def test_a_day_is_not_before_the_first_day_of_the_books(ledger: Ledger):
    ledger.play("""
        hope: donation 1.00 CNY -> general received_on=2025-12-31
          ! day: received_on 2025-12-31: is before 2026-01-01, the first day of the books of hope
        shop: receipt 1.00 of ^paid received_on=2025-12-31
          ! day: received_on 2025-12-31: is before 2026-01-01, the first day of the books of hope
        hope: donation 1.00 CNY -> general received_on=2026-01-01
    """)


def test_a_receipt_may_precede_its_payment(ledger: Ledger):
    ledger.play("""
        shop: receipt 4.00 of ^paid received_on=2026-08-01
    """)
