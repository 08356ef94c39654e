"""What a correction changes of a payment, delivery or income, and what is judged again (books §3)."""

from __future__ import annotations

import pytest

from ledger.books.balance import balance_on
from tests.language import Ledger, a_ledger

REF = f"hmac-sha256:2026:{'A' * 43}"
OLD = f"hmac-sha256:2025:{'A' * 43}"
BILL, OTHER = f"hmac-sha256:invoices:{'B' * 42}A", f"hmac-sha256:invoices:{'C' * 42}A"
DAYS = ("2026-09-04", "2026-09-05", "2026-09-06", "2026-09-07")


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        op: unit map 0
        hope: project clinic restricted cost_limits=administration:1/10
        hope: donation 100.00 CNY -> clinic received_on=2026-09-05; donation 9 box -> clinic received_on=2026-09-05
    """)


def balances(ledger: Ledger, unit: str = "CNY") -> list[int]:
    root = ledger.books.fund["clinic"].root
    return [balance_on(ledger.books, root, unit, day) for day in DAYS]


def test_what_moved_counts_on_the_new_day(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop paid_on=2026-09-06 goods=3:map:clinic:10.00 as paid
        hope: income 5.00 CNY -> clinic received_on=2026-09-07 as interest
        hope: delivery 2 box clinic -> shop delivered_on=2026-09-07 as given
    """)
    assert balances(ledger) == [0, 10000, 9000, 9500]
    assert balances(ledger, "map") == [0, 0, 3, 3]
    ledger.play("""
        hope by li: correction of ^paid day=2026-09-07
        hope by li: correction of ^interest day=2026-09-05
        hope by li: correction of ^given day=2026-09-06
    """)
    assert balances(ledger) == [0, 10500, 10500, 9500]
    assert balances(ledger, "map") == [0, 0, 0, 3]
    assert balances(ledger, "box") == [0, 9, 7, 7]
    ledger.play("hope by li: reversal of ^paid")
    assert balances(ledger) == [0, 10500, 10500, 10500]
    assert ledger.books.disbursement[ledger.labels["paid"]].day == "2026-09-07"


def test_the_day_is_in_the_books_and_counts_for_thresholds(ledger: Ledger):
    ledger.play("""
        hope by li: mandate thresholds=CNY:25.00
        hope by li: payment 10.00 CNY clinic -> shop paid_on=2026-09-05 as first
        hope by li: correction of ^first day=2026-09-08
          ! day: is after the day of the entry
        hope by li: correction of ^first day=2026-07-31
          ! day: before
        hope by li: correction of ^first day=2026-09-06
    """)
    assert ledger.books.paid["hope/shop/2026-09-05/CNY"].amount == ledger.books.paid["hope/shop/2026-09-06/CNY"].amount == 1000


def test_a_cost_moves_to_its_class_within_the_limit(ledger: Ledger):
    ledger.play("""
        hope: payment 8.00 CNY clinic -> shop as first; payment 4.00 CNY clinic -> shop as second
        hope by li: correction of ^first cost_class=programme
          ! reference: it is programme already
        hope by li: correction of ^first cost_class=administration
        hope by li: correction of ^second cost_class=administration
          ! cost-limit: costs reach 12.00 CNY
        hope by li: correction of ^first cost_class=programme
        hope by li: correction of ^second cost_class=administration
    """)
    assert {key: row.amount for key, row in ledger.books.spent.items() if row.amount} == {
        "clinic/CNY/programme": 800, "clinic/CNY/administration": 400,
    }  # fmt: skip


def test_an_invoice_is_paid_instead_of_another(ledger: Ledger):
    ledger.play(f"""
        hope: payment 8.00 CNY clinic -> shop invoice={BILL}:8.00 as first
        hope: payment 4.00 CNY clinic -> shop as second
        hope by li: correction of ^second invoice={BILL}:8.00
          ! duplicate-invoice: would reach 12.00 CNY
        hope by li: correction of ^second invoice={BILL}:12.00
          ! duplicate-invoice: the first payment of that invoice says 8.00 CNY
        hope by li: correction of ^first invoice={BILL}:7.99
          ! duplicate-invoice: would reach 8.00 CNY
        hope by li: correction of ^first invoice={BILL}:12.00
        hope by li: correction of ^second invoice={BILL}:12.00
        hope by li: correction of ^second invoice={OTHER}:5.00
        hope: payment 1.01 CNY clinic -> shop invoice={OTHER}:5.00
          ! duplicate-invoice: would reach 5.01 CNY
    """)
    assert {key: (row.amount, row.paid) for key, row in ledger.books.invoice.items()} == {
        f"hope/{BILL}": (1200, 800), f"hope/{OTHER}": (500, 400),
    }  # fmt: skip


def test_a_reference_has_the_label_of_the_day(ledger: Ledger):
    ledger.play(f"""
        hope: payment 8.00 CNY clinic -> shop channel=bank channel_ref={REF} as first
        hope by li: correction of ^first channel=bank
          ! reference-missing: has a reference
        hope by li: correction of ^first channel=bank channel_ref={OLD}
          ! reference: on 2026-09-07 references are under '2026'
        hope by li: correction of ^first channel=cash
    """)
    row = ledger.books.disbursement[ledger.labels["first"]]
    assert (row.channel, row.label) == ("cash", "")


def test_what_cannot_be_corrected(ledger: Ledger):
    ledger.play(f"""
        hope: payment 8.00 CNY clinic -> shop as paid; income 5.00 CNY -> clinic as interest
        hope: delivery 1 box clinic -> shop as given; donation 1.00 CNY -> clinic as gift
        hope by li: correction of ^gift day=2026-09-06
          ! reference: is not a payment, delivery or income
        hope by li: correction of ^interest cost_class=programme
          ! reference: is of kind income
        hope by li: correction of ^interest invoice={BILL}:5.00
          ! reference: is of kind income
        hope by li: correction of ^given channel=cash
          ! reference: is of kind delivery
        hope by li: correction of ^paid
          ! schema: give what is corrected
        hope by li: correction of ^paid channel_ref={REF} day=2026-09-06
          ! schema: give the channel
        shop: correction of ^paid day=2026-09-06
          ! authority: only
        hope by li: reversal of ^paid
        hope by li: correction of ^paid day=2026-09-06
          ! reference: was declared void
    """)


def test_what_came_back_of_it_stays_after_it(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop paid_on=2026-09-05 as paid
        hope: payment-return 1.00 of ^paid returned_on=2026-09-06; payment-return 1.00 of ^paid returned_on=2026-09-05
        hope by li: correction of ^paid day=2026-09-07
          ! day: came back on 2026-09-05, more than one day before that
        hope by li: correction of ^paid day=2026-09-06
    """)
