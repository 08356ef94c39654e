"""Payments and deliveries to a group of people."""

import pytest

from tests.language import Ledger, a_ledger

LIST = "A" * 43
GROUP = f"group=payroll:340:{LIST}"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope by li, wang: key wang; fund guard restricted; mandate 0 thresholds=CNY:5.00
        hope: donation 100.00 CNY -> general; donation 100.00 CNY -> guard; donation 9 box -> general
    """)


def test_a_group_is_a_payee(ledger: Ledger):
    ledger.play(f"""
        hope: payment 1.00 CNY general {GROUP} as pay
          - general/CNY 0..100
        hope: delivery 1 box general group=own-use:1:{LIST} as use
    """)
    assert ledger.books.disbursement[ledger.labels["pay"]].payee == "group/payroll"
    assert ledger.books.disbursement[ledger.labels["use"]].payee == "group/own-use"


def test_either_a_party_or_a_group_without_words_about_people(ledger: Ledger):
    ledger.play(f"""
        hope: payment 1.00 CNY general
          ! schema: give either payee or group
        hope: payment 1.00 CNY general -> shop {GROUP}
          ! schema: give either payee or group
        hope: payment 1.00 CNY general {GROUP} purpose=Salaries
          ! schema: a payment to a group has no purpose
        hope: payment 1.00 CNY general group=own-use:1:{LIST}
          ! schema: own-use is for goods only
        hope: delivery 1 box general
          ! schema: give either to or group
        hope: delivery 1 box general group=beneficiaries:1:{LIST} holder={LIST}
          ! schema: a delivery to a group has no grant, no private and no holder
        hope: payment 1.00 CNY general {GROUP} grant=
          ! schema: a payment to a group has no purpose, no grant and no holder
        hope: delivery 1 box general group=beneficiaries:1:{LIST} grant=
          ! schema: a delivery to a group has no grant
        hope: payment 1.00 CNY general group=pets:340:{LIST}
          ! schema: group.group_class
    """)


def test_a_class_of_groups_counts_as_one_payee(ledger: Ledger):
    ledger.play(f"""
        hope by li, wang: mandate thresholds=CNY:5.00
        hope: payment 3.00 CNY guard group=payroll:3:{LIST}; payment 5.00 CNY guard group=tax:1:{LIST}
        hope: payment 2.00 CNY guard group=payroll:2:{LIST}
        hope: payment 0.01 CNY guard group=payroll:1:{LIST}
          ! approval: hope gives 5.01 CNY to group/payroll on 2026-09-07, above the threshold
        hope by li, wang: payment 0.01 CNY guard group=payroll:1:{LIST}
    """)


def test_nobody_signs_for_a_group_as_its_recipient(ledger: Ledger):
    ledger.play(f"""
        hope: payment 1.00 CNY general {GROUP} as pay
        shop: receipt 1.00 ^pay recipient-signed
          ! authority: can sign
        hope: receipt 1.00 ^pay recipient-signed
          ! authority: can sign
        shop: receipt 0.50 ^pay third-party
        hope: receipt 1.00 ^pay self-declared
    """)
