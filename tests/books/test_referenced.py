"""What channels and payees call a payment: money by a channel has a reference, and an invoice is paid once."""

import pytest

from tests.language import Ledger, a_ledger

REF = "hmac-sha256:2026:" + "A" * 43
GIFT = "donation 1.00 CNY -> school"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play(f"hope by hope.li, hope.wang: key wang; {GIFT} as gift").play("""
        hope: allocation 0.50 CNY school -> books
        hope: payment 0.20 CNY books -> shop as paid
    """)


@pytest.mark.parametrize("said", [
    GIFT, "income 1.00 CNY -> school", "payment 0.10 CNY books -> shop", "payment-return 0.10 of ^paid",
    "refund ^gift school CNY units=50..60 reason=legal",
])  # fmt: skip
def test_a_channel_has_a_reference_for_each_payment(ledger: Ledger, said: str):
    ledger.play(f"""
        hope by li, wang: {said} channel=bank
          ! reference-missing: channel 'bank' has a reference for each payment
        hope by li, wang: {said} channel=bank channel_ref={REF}
    """)


@pytest.mark.parametrize("channel", ["cash", "in-kind", "own"])
def test_what_no_channel_names_needs_no_reference(ledger: Ledger, channel: str):
    ledger.play(f"hope: {GIFT} channel={channel}; {GIFT} channel={channel} channel_ref={REF}")


def test_gifts_of_one_statement_are_judged_one_by_one_where_a_reference_is_lacking(ledger: Ledger):
    ledger.play(f"""
        hope: {GIFT} channel=bank channel_ref={REF}; {GIFT} channel=bank; {GIFT} channel=cash
          leaf 0 + school/CNY 100..200
          leaf 1 + school/CNY 200..300
          leaf 2 + school/CNY 300..400
          finds 1 reference-missing: give it
        hope: {GIFT} channel=cash channel_ref={REF}; {GIFT} channel=cash; {GIFT} channel=bank
          ! reference-missing: give it
    """)


def test_a_missing_reference_is_found_and_the_money_counts(ledger: Ledger):
    ledger.play(f"""
        hope: {GIFT} channel=bank
          leaf 0 + school/CNY 100..200
          finds 0 reference-missing: channel 'bank'
        hope: {GIFT}
          + school/CNY 200..300
    """)


BILL = "hmac-sha256:invoices:" + "A" * 43
OTHER = "hmac-sha256:invoices:" + "B" * 42 + "A"


def test_an_invoice_is_paid_once(ledger: Ledger):
    ledger.play(f"""
        hope: payment 0.10 CNY school -> shop invoice={BILL}:0.10
        hope: payment 0.10 CNY school -> shop invoice={BILL}:0.10
          ! duplicate-invoice: payments of that invoice would reach 0.20 CNY, but it comes to 0.10 CNY
        hope: payment 0.10 CNY school -> shop invoice={OTHER}:0.10
    """)


def test_an_invoice_is_paid_in_parts_by_whatever_fund(ledger: Ledger):
    ledger.play(f"""
        hope: payment 0.06 CNY school -> shop invoice={BILL}:0.10; payment 0.03 CNY books -> shop invoice={BILL}:0.10
        hope: payment 0.02 CNY school -> shop invoice={BILL}:0.10
          ! duplicate-invoice: would reach 0.11 CNY
        hope: payment 0.01 CNY school -> shop invoice={BILL}:0.10
    """)


def test_an_invoice_comes_to_what_was_said_first(ledger: Ledger):
    ledger.play(f"""
        hope: payment 0.06 CNY school -> shop invoice={BILL}:0.10
        hope: payment 0.04 CNY school -> shop invoice={BILL}:0.20
          ! duplicate-invoice: invoice.amount 0.20 CNY: the first payment of that invoice says 0.10 CNY
        hope: payment 0.20 CNY school -> shop invoice={OTHER}:0.10
          ! duplicate-invoice: would reach 0.20 CNY, but it comes to 0.10 CNY
    """)


def test_what_came_back_of_an_invoice_can_be_paid_again(ledger: Ledger):
    ledger.play(f"""
        hope: payment 0.10 CNY school -> shop invoice={BILL}:0.10 as bill
        hope: payment-return 0.04 of ^bill
        hope: payment 0.05 CNY school -> shop invoice={BILL}:0.10
          ! duplicate-invoice: would reach 0.11 CNY
        hope: payment 0.04 CNY school -> shop invoice={BILL}:0.10
    """)


def test_a_second_payment_of_an_invoice_says_so(ledger: Ledger):
    ledger.play(f"""
        hope: payment 0.10 CNY school -> shop invoice={BILL}:0.10
        hope by li, wang: payment 0.10 CNY school -> shop invoice={BILL}:0.10 "breach=duplicate-invoice:The bank paid it twice"
        hope by li, wang: payment 0.01 CNY school -> shop invoice={BILL}:0.10 "breach=duplicate-invoice:And again"
    """)
    assert [remark.fault.rule for remark in ledger.context.remarks] == ["duplicate-invoice"]


def test_an_invoice_is_the_partys_own(ledger: Ledger):
    ledger.play(f"""
        op: party river charity xu
        river: fund aid unrestricted; donation 1.00 CNY -> aid
        hope: payment 0.10 CNY school -> shop invoice={BILL}:0.10
        river: payment 0.10 CNY aid -> shop invoice={BILL}:0.10
    """)


def ref(label: str, letter: str = "A") -> str:
    return f"hmac-sha256:{label}:{letter * 42}A"


def test_where_a_mandate_names_no_label_it_is_the_year(ledger: Ledger):
    ledger.play(f"""
        hope: {GIFT} channel=bank channel_ref={ref("2025")}
          ! reference: channel_ref: is committed under label '2025', but those of 'bank' on 2026-09-07 are under '2026'
        hope: {GIFT} channel=360giving channel_ref={ref("2026")}
          ! reference: are under '360giving'
        hope: {GIFT} channel=360giving channel_ref={ref("360giving")}
        hope: payment 0.10 CNY school -> shop invoice={ref("2026")}:0.10
          ! reference: invoice.ref: is committed under label '2026', but those of 'invoices' on 2026-09-07 are under 'invoices'
    """)


def test_one_gift_cannot_be_entered_again_under_the_label_of_another_day(ledger: Ledger):
    """A use and a day have one label. The other label is that of the other year, and its day is another one."""
    ledger.play(f"""
        2026-12-31
        hope: {GIFT} channel=bank channel_ref={ref("2026")}
        2027-01-01
        hope: {GIFT} channel=bank channel_ref={ref("2027")} received_on=2026-12-31
          ! reference: are under '2026'
        hope: {GIFT} channel=bank channel_ref={ref("2026", "B")}
          ! reference: are under '2027'
    """)


def test_a_mandate_names_the_label_of_a_channel_and_of_all_others(ledger: Ledger):
    ledger.play(f"""
        hope by li, wang: mandate labels=b1:bank:2026-01-01:2026-09-06+b2:bank:2026-09-07+rest:other:2026-09-01
        hope: {GIFT} channel=bank channel_ref={ref("b2")}; {GIFT} channel=card channel_ref={ref("rest")}
        hope: {GIFT} channel=bank channel_ref={ref("b1")} received_on=2026-09-07
          ! reference: are under 'b2'
        hope: {GIFT} channel=card channel_ref={ref("b2", "B")}
          ! reference: those of 'card' on 2026-09-07 are under 'rest'
        hope: {GIFT} channel=card channel_ref={ref("rest", "B")}; {GIFT} channel=card channel_ref={ref("2026", "B")}
          ! reference: are under 'rest'
        hope: payment 0.10 CNY school -> shop invoice={ref("invoices")}:0.10
    """)


def test_a_day_without_a_label_has_no_reference(ledger: Ledger):
    ledger.play(f"""
        hope by li, wang: mandate labels=rest:other:2027-01-01
        hope: {GIFT} channel=card channel_ref={ref("rest")}
          ! reference: no label of 'card' in the mandate covers 2026-09-07
    """)
