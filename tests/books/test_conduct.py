"""Rules of conduct: refused, unless the record says itself what it breaks."""

import pytest

from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope by li, wang: key wang; fund guard restricted; mandate 0 thresholds=CNY:15.00
        hope by li, wang: project clinic restricted guard cost_limits=administration:1/10
        hope: donation 100.00 CNY -> general; donation 100.00 CNY -> clinic; donation 9 box -> general
    """)


def remarks(ledger: Ledger) -> list[tuple[str, bool]]:
    """What the last statement is reported for."""
    return [(remark.fault.rule, remark.named) for remark in ledger.context.remarks]


def test_nobody_pays_or_delivers_to_itself(ledger: Ledger):
    ledger.play("""
        hope: payment 1.00 CNY general -> hope
          ! self-payment: payee 'hope': owns the fund that the units leave
        hope: delivery 1 box general -> hope
          ! self-payment: to 'hope': owns the fund that the units leave
    """)


def test_what_says_so_is_entered_under_the_partys_own_rule_and_reported(ledger: Ledger):
    ledger.play("""
        hope: payment 1.00 CNY general -> hope "breach=self-payment:It was paid"
          ! approval: two different officers must sign
        hope by li, wang: payment 1.00 CNY general -> hope "breach=self-payment:It was paid" as own
          - general/CNY 0..100
    """)
    assert remarks(ledger) == [("self-payment", True)]
    row = ledger.books.breach.get(ledger.labels["own"])
    assert row[:4] == ("hope", "payment", ("self-payment",), "It was paid")


def test_a_cost_above_the_limit_says_so(ledger: Ledger):
    ledger.play("""
        hope by li, wang: payment 10.00 CNY clinic -> shop cost_class=administration
        hope by li, wang: payment 0.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: the project allows at most 10.00 CNY
        hope by li, wang: payment 0.01 CNY clinic -> shop cost_class=administration "breach=cost-limit:The rent rose"
    """)
    assert remarks(ledger) == [("cost-limit", True)]


def test_what_two_officers_should_have_approved_needs_an_overseer(ledger: Ledger):
    ledger.play("""
        hope: payment 15.01 CNY clinic -> shop
          ! approval: above the threshold
        hope: payment 15.01 CNY clinic -> shop "breach=approval:Wang was ill"
          ! approval: its breach is of approval, so an auditor, inspector or regulator, or its mandate's second, must
        hope by li, shop.sun: payment 15.01 CNY clinic -> shop "breach=approval:Wang was ill"
          ! approval: must sign too
        hope by li, auditco.zhou: payment 15.01 CNY clinic -> shop "breach=approval:Wang was ill"
    """)
    assert remarks(ledger) == [("approval", True)]


def test_a_rule_that_is_not_broken_cannot_be_named(ledger: Ledger):
    ledger.play("""
        hope by li, wang: payment 1.00 CNY general -> shop "breach=self-payment:Just in case"
          ! breach: breach 'self-payment': the record does not break that rule
        hope by li, wang: payment 1.00 CNY general -> hope "breach=self-payment,cost-limit:Just in case"
          ! breach: breach 'cost-limit'
        hope by li, wang: payment 1.00 CNY general -> hope "breach=self-payment,self-payment:Twice"
          ! schema: each finding once
        hope by li, wang: payment 1.00 CNY general -> hope "breach=overdraft:No such rule of conduct"
          ! schema: breach.findings
    """)


def test_an_overseer_signs_only_what_needs_it(ledger: Ledger):
    ledger.play("""
        hope by li, wang, auditco.zhou: payment 1.00 CNY general -> hope "breach=self-payment:It was paid"
          ! authority: no record of the statement needs it
    """)


def test_an_audit_reports_a_breach_and_goes_on(ledger: Ledger):
    ledger.play("""
        hope: payment 1.00 CNY general -> hope "breach=self-payment:One officer"
          leaf 0 - general/CNY 0..100
          finds 0 approval: two different officers must sign
        hope by li, wang: payment 1.00 CNY general -> shop "breach=self-payment:It is not"
          leaf 0 - general/CNY 100..200
          finds 0 breach: does not break that rule
    """)
