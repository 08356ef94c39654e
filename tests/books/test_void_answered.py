"""A payee can say that it got what its payer alone declared void, or says to have come back (books §3, §4): neither silences it."""

import pytest

from ledger.books.life import disbursement_ends, disputed
from tests.language import Ledger, a_ledger

RULE = "return-against-receipt"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope: donation 1000.00 CNY -> school; allocation 600.00 CNY school -> books
        friends: fund camp restricted
        hope: payment 300.00 CNY books -> shop as desks
        hope: payment 100.00 CNY books -> friends grant=camp as given
    """)


def reported(ledger: Ledger) -> list[str]:
    assert all(remark.fault.rule == RULE and not remark.named for remark in ledger.context.remarks)
    return [str(remark.fault) for remark in ledger.context.remarks]


def ends(ledger: Ledger, label: str = "desks", end: int = 300_00) -> list[str]:
    found = disbursement_ends(ledger.books, ledger.labels[label], 0, end)
    return [f"{end.start}..{end.end} {end.state or 'back'}" for end in found]


def test_a_shop_signs_for_a_payment_that_is_void(ledger: Ledger):
    ledger.play("hope: reversal ^desks")
    assert ends(ledger) == ["0..30000 back"]
    ledger.play("shop: receipt 200.00 of ^desks")
    (said,) = reported(ledger)
    assert "the owner says that 200.00 CNY of what is acknowledged came back or never went out" in said
    assert ends(ledger) == ["0..20000 disputed", "20000..30000 back"]
    assert disputed(ledger.books, ledger.labels["desks"], ledger.books.disbursement[ledger.labels["desks"]]) == 200_00


def test_who_signed_the_reversal_too_disputes_nothing(ledger: Ledger):
    ledger.play("hope by hope.li, shop.sun: reversal ^desks")
    ledger.play("shop: receipt 300.00 of ^desks")
    assert reported(ledger) == [] and ends(ledger) == ["0..30000 back"]


def test_a_shop_takes_its_word_about_a_void_payment_back(ledger: Ledger):
    ledger.play("hope: reversal ^desks")
    ledger.play("shop: receipt 300.00 of ^desks as word; reversal ^word")
    assert ends(ledger) == ["0..30000 back"]


def test_only_others_than_the_payer_speak_of_what_is_void(ledger: Ledger):
    ledger.play("""
        hope: reversal ^desks
        hope: receipt 300.00 of ^desks level=self-declared
          ! reference: was declared void by
        hope: payment-return 1.00 of ^desks
          ! reference: was declared void by
        hope: feedback readers 40 payments=^desks
          ! reference: was declared void by
    """)


def test_an_organisation_signs_for_a_grant_that_its_giver_alone_took_back(ledger: Ledger):
    ledger.play("""
        friends: receipt 100.00 of ^given
          ! reference: is a grant to friends, which has a key
        hope: payment-return 60.00 of ^given
        friends: receipt 100.00 of ^given
          ! reference: is a grant to friends, which has a key
        friends: receipt 40.00 of ^given into=camp
        hope: receipt 100.00 of ^given level=self-declared
          ! reference: which has a key; its own receipt names the fund
        friends: receipt 100.00 of ^given
    """)
    assert "60.00 CNY of what is acknowledged came back, and" in reported(ledger)[0]
    assert ends(ledger, "given", 100_00) == ["0..4000 back", "4000..10000 disputed"]


def test_what_is_all_taken_needs_no_other_receipt(ledger: Ledger):
    ledger.play("""
        friends: receipt 100.00 of ^given into=camp
        friends: receipt 100.00 of ^given
          ! reference: is a grant to friends, which has a key
    """)


def test_an_organisation_signs_for_a_grant_and_its_return_in_one_statement_and_for_one_that_is_void(ledger: Ledger):
    ledger.play("hope: payment 50.00 CNY books -> friends grant=camp as once; payment-return 50.00 of ^once")
    ledger.play("friends: receipt 50.00 of ^once")
    assert len(reported(ledger)) == 1 and ends(ledger, "once", 50_00) == ["0..5000 disputed"]
    ledger.play("hope: reversal ^given")
    ledger.play("""
        friends: receipt 100.00 of ^given into=camp
          ! reference: was declared void by
        friends: receipt 100.00 of ^given
    """)
    assert len(reported(ledger)) == 1 and ends(ledger, "given", 100_00) == ["0..10000 disputed"]


def test_a_grant_that_giver_and_payee_sign_to_have_come_back_is_not_answered(ledger: Ledger):
    ledger.play("""
        hope by hope.li, friends.fan: payment-return 10.00 of ^given
        friends: receipt 90.00 of ^given into=camp
        friends: receipt 100.00 of ^given
          ! reference: is a grant to friends, which has a key
        hope: payment 20.00 CNY books -> friends grant=camp as other
        hope by hope.li, friends.fan: payment-return 5.00 of ^other
        hope: payment-return 5.00 of ^other
        friends: receipt 10.00 of ^other into=camp
        friends: receipt 20.00 of ^other
    """)
    assert "5.00 CNY of what is acknowledged came back, and" in reported(ledger)[0]
    assert ends(ledger, "other", 20_00) == ["0..1000 back", "1000..1500 disputed", "1500..2000 back"]
    ledger.play("hope: payment 20.00 CNY books -> friends grant=camp as both")
    ledger.play("""
        hope by hope.li, friends.fan: reversal ^both
        friends: receipt 20.00 of ^both
          ! reference: is a grant to friends, which has a key
    """)


def test_what_was_taken_stays_while_the_answer_stands(ledger: Ledger):
    ledger.play("""
        hope: payment-return 60.00 of ^given
        friends: receipt 40.00 of ^given into=camp as took
        friends: receipt 100.00 of ^given as word
        friends: reversal ^took
          ! reference: signed for grant
        friends: reversal ^word; reversal ^took
        friends: receipt 100.00 of ^given
          ! reference: is a grant to friends, which has a key
        friends: receipt 40.00 of ^given into=camp; receipt 100.00 of ^given
    """)
    assert ends(ledger, "given", 100_00) == ["0..4000 back", "4000..10000 disputed"]


def test_a_payee_that_had_no_key_may_say_both(ledger: Ledger):
    ledger.play("""
        hope: payment 20.00 CNY books -> press grant= as early
        op by op.chief, auditco.zhou, press.ink: recovery press press.ink officer=ink
        press: fund paper restricted
        press: receipt 20.00 of ^early into=paper as took; receipt 20.00 of ^early
        press: reversal ^took
    """)
