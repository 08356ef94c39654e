"""What replaces a void record, and what an invoice's payments come to when some of them are void (books §2, §3)."""

from __future__ import annotations

import pytest

from tests.language import Ledger, a_ledger

REF = f"hmac-sha256:2026:{'A' * 43}"
BILL = f"hmac-sha256:invoices:{'B' * 42}A"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("hope: donation 100.00 CNY -> general as gift")


def paid_of(ledger: Ledger) -> tuple[int, int]:
    """What the invoice comes to, and what is paid of it."""
    row = ledger.books.invoice[f"hope/{BILL}"]
    return row.amount, row.paid


def test_only_a_void_record_of_the_same_party_is_replaced(ledger: Ledger):
    ledger.play("""
        hope: payment 5.00 CNY general -> shop as wrong
        hope: payment 6.00 CNY general -> shop replaces=^wrong
          ! reference: is not void
        hope by li: reversal of ^wrong
        hope: payment 6.00 CNY general -> shop replaces=^wrong
        op: fund own unrestricted
        op: donation 1.00 CNY -> own replaces=^wrong
          ! authority: is a record of hope
    """)


def test_what_a_void_payment_paid_of_an_invoice_is_not_paid(ledger: Ledger):
    ledger.play(f"""
        hope: payment 6.00 CNY general -> shop invoice={BILL}:10.00 as first
        hope: payment 4.00 CNY general -> shop invoice={BILL}:10.00 as second
        hope by li: reversal of ^second
        hope: payment 4.01 CNY general -> shop invoice={BILL}:10.00
          ! duplicate-invoice: would reach 10.01 CNY
        hope by li: reversal of ^first
        hope: payment 9.00 CNY general -> shop invoice={BILL}:9.00
        hope: payment 0.01 CNY general -> shop invoice={BILL}:9.00
          ! duplicate-invoice: would reach 9.01 CNY
    """)
    assert paid_of(ledger) == (900, 900)


def test_the_first_payment_names_the_amount_while_others_are_paid(ledger: Ledger):
    ledger.play(f"""
        hope: payment 6.00 CNY general -> shop invoice={BILL}:10.00 as first
        hope: payment 3.00 CNY general -> shop invoice={BILL}:10.00
        hope by li: reversal of ^first
        hope: payment 6.00 CNY general -> shop invoice={BILL}:12.00
          ! duplicate-invoice: the first payment of that invoice says 10.00 CNY
        hope: payment 7.00 CNY general -> shop invoice={BILL}:10.00
    """)
    assert paid_of(ledger) == (1000, 1000)
