"""Receipts and returns that contradict one another (books §4): both are entered, in whatever order, and the later is reported."""

import pytest

from ledger.books.life import disbursement_ends, disputed
from tests.language import Ledger, a_ledger

RULE = "return-against-receipt"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope: donation 1000.00 CNY -> school; allocation 600.00 CNY school -> books
        hope: payment 300.00 CNY books -> shop as desks
    """)


def reported(ledger: Ledger) -> list[str]:
    """What the last statement is reported for."""
    assert all(remark.fault.rule == RULE and not remark.named for remark in ledger.context.remarks)
    return [str(remark.fault) for remark in ledger.context.remarks]


def ends(ledger: Ledger) -> list[str]:
    """What became of the payment's units."""
    found = disbursement_ends(ledger.books, ledger.labels["desks"], 0, 300_00)
    return [f"{end.start}..{end.end} {end.state or 'back'}" for end in found]


def test_a_shop_signs_and_the_charity_alone_says_that_the_money_came_back(ledger: Ledger):
    ledger.play("shop: receipt 300.00 of ^desks")
    assert reported(ledger) == []
    ledger.play("hope: payment-return 300.00 of ^desks")
    assert "300.00 CNY of what is said to have come back was acknowledged" in reported(ledger)[0]
    assert ends(ledger) == ["0..30000 disputed"]


def test_the_order_does_not_matter(ledger: Ledger):
    ledger.play("hope: payment-return 300.00 of ^desks")
    assert reported(ledger) == []
    ledger.play("shop: receipt 300.00 of ^desks")
    assert "says that 300.00 CNY of what is acknowledged came back" in reported(ledger)[0]
    assert ends(ledger) == ["0..30000 disputed"]


def test_a_return_in_the_same_statement_does_not_silence_the_shop(ledger: Ledger):
    ledger.play("hope: payment 100.00 CNY books -> shop as desks; payment-return 100.00 of ^desks")
    ledger.play("shop: receipt 100.00 of ^desks")
    assert len(reported(ledger)) == 1


def test_what_fits_in_the_payment_is_no_dispute(ledger: Ledger):
    ledger.play("""
        shop: receipt 200.00 of ^desks
        hope: payment-return 100.00 of ^desks
    """)
    assert reported(ledger) == []
    assert ends(ledger) == ["0..20000 received", "20000..30000 back"]
    ledger.play("hope: payment-return 1 of ^desks")
    assert "0.01 CNY" in reported(ledger)[0]
    assert ends(ledger) == ["0..19999 received", "19999..20000 disputed", "20000..30000 back"]


def test_the_recipient_signs_the_return_too(ledger: Ledger):
    ledger.play("""
        shop: receipt 300.00 of ^desks
        hope by hope.li, shop.sun: payment-return 100.00 of ^desks
    """)
    assert reported(ledger) == []
    assert ends(ledger) == ["0..20000 received", "20000..30000 back"]
    ledger.play("hope: payment-return 50.00 of ^desks")
    assert "50.00 CNY" in reported(ledger)[0]
    assert ends(ledger) == ["0..15000 received", "15000..20000 disputed", "20000..30000 back"]
    assert disputed(ledger.books, ledger.labels["desks"], ledger.books.disbursement.get(ledger.labels["desks"])) == 50_00


def test_a_receipt_after_a_return_that_the_recipient_signed(ledger: Ledger):
    ledger.play("""
        hope by hope.li, shop.sun: payment-return 100.00 of ^desks
        hope: payment-return 100.00 of ^desks
        shop: receipt 100.00 of ^desks
    """)
    assert reported(ledger) == []
    ledger.play("shop: receipt 200.00 of ^desks")
    assert "100.00 CNY" in reported(ledger)[0]


def test_a_third_party_disputes_too_and_reports_only_what_is_new(ledger: Ledger):
    ledger.play("""
        hope: payment-return 300.00 of ^desks
        shop: receipt 100.00 of ^desks
        auditco: receipt 100.00 of ^desks level=third-party
    """)
    assert reported(ledger) == []
    ledger.play("auditco: receipt 50.00 of ^desks level=third-party")
    assert "50.00 CNY" in reported(ledger)[0]


def test_the_owner_does_not_dispute_its_own_word(ledger: Ledger):
    """A receipt that only the owner made says that the money arrived; its return, that it came back later."""
    ledger.play("""
        hope: receipt 300.00 of ^desks level=self-declared
        hope: payment-return 300.00 of ^desks
    """)
    assert reported(ledger) == []
    ledger.play("hope: payment 100.00 CNY books -> shop as desks; payment-return 100.00 of ^desks")
    ledger.play("hope: receipt 100.00 of ^desks level=self-declared")
    assert reported(ledger) == []


def test_only_the_recipient_may_sign_a_return_too(ledger: Ledger):
    ledger.play("""
        hope by hope.li, auditco.zhou: payment-return 1.00 of ^desks
          ! authority: signature of auditco: no record of the statement needs it
    """)
