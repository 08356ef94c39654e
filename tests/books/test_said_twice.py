"""What is said a second time, or by whom it helps, changes no sum and no day but as it should (books §2, §3)."""

from __future__ import annotations

import pytest

from ledger.audit.balances import opened_without_proof, overdrawn
from ledger.audit.overdue import overdue
from ledger.books.levels import received
from ledger.errors import Refused
from tests.books.test_bank_statements import AFTER, BANKED, OTHER_REF, PAID, confirm, leaf, opening, state
from tests.language import Ledger, a_ledger

SPENT = """
    hope: {way} 100 box -> general
    hope: delivery 100 box general -> village as p
    2026-09-20
    hope: {way} 50 box -> general
    hope: delivery 50 box general -> village delivered_on=2026-09-10
"""


def days_missing(ledger: Ledger) -> list[int | None]:
    return [one.cases for one in overdrawn(ledger.books)]


def test_a_day_corrected_there_and_back_hides_nothing():
    ledger = a_ledger().play(SPENT.format(way="donation"))
    assert days_missing(ledger) == [10]
    ledger.play("hope: correction ^p day=2026-09-20; correction ^p day=2026-09-07")
    assert days_missing(ledger) == [10]


def test_a_day_of_income_corrected_twice_accuses_nobody():
    ledger = a_ledger().play("""
        hope: income 100.00 CNY -> general as i
        2026-09-20
        hope: correction ^i day=2026-09-15
        hope: correction ^i day=2026-09-14
    """)
    assert days_missing(ledger) == []
    ledger.play("hope: reversal of ^i")
    assert days_missing(ledger) == []


def test_a_corrected_payment_that_is_void_counts_on_no_day():
    ledger = a_ledger().play("""
        hope: donation 100.00 CNY -> general
        hope: payment 100.00 CNY general -> shop as p
        2026-09-09
        hope: correction ^p day=2026-09-09; correction ^p day=2026-09-08
        hope: reversal of ^p
        hope: payment 100.00 CNY general -> shop paid_on=2026-09-07
    """)
    assert days_missing(ledger) == []


@pytest.fixture
def banked() -> Ledger:
    return a_ledger().play(BANKED).play(PAID)


def opens(ledger: Ledger, name: str, amount: int, statement: str, lines: list[bytes]) -> None:
    confirm(ledger, ledger.labels[name], amount, opening(statement, lines, 0, 30_00))


def test_a_line_went_to_one_payee(banked: Ledger):
    banked.play(f"hope: payment 30.00 CNY general -> press channel=bank channel_ref={OTHER_REF} as other")
    name = state(banked, lines := [leaf(30_00)])
    opens(banked, "paid", 10_00, name, lines)
    label = f"{len(banked.leaves) - 1}.0"
    with pytest.raises(Refused, match="it went to shop, and not to press"):
        opens(banked, "other", 10_00, name, lines)
    banked.play(f"hope: reversal {label}")
    opens(banked, "other", 10_00, name, lines)


@pytest.mark.parametrize("of", ["bank", "hope", "shop"])
def test_a_line_of_a_relative_confirms_nothing(banked: Ledger, of: str):
    name = state(banked, lines := [leaf(30_00)])
    other = "shop" if of == "bank" else "bank"
    banked.play(f"auditco: relation of={of} to={other} nature=control starts_on=2026-09-07")
    with pytest.raises(Refused, match="bank-line|is related to hope or shop"):
        opens(banked, "paid", 30_00, name, lines)


def test_a_payment_is_not_moved_away_from_its_line(banked: Ledger):
    name = state(banked, lines := [leaf(30_00)])
    opens(banked, "paid", 30_00, name, lines)
    label = f"{len(banked.leaves) - 1}.0"
    banked.play(f"""
        2026-09-11
        hope: correction ^paid day=2026-09-09
          ! day: the custodian of its channel confirms that it went out on 2026-09-07
        hope: correction ^paid day=2026-09-08
        hope: reversal {label}
        hope: correction ^paid day=2026-09-10
    """)


def test_an_account_keeps_its_channel_and_its_bank(banked: Ledger):
    state(banked, [])
    banked.play(f"""
        op: party other custodian ot
        2026-09-08
        hope by li, auditco.zhou: bank-statement general CNY 2.00 2.00 channel=wire {AFTER}
          ! reference: the channel of this account is 'bank'
    """)
    banked.play("hope by li, auditco.zhou: mandate 0 channels=bank:other")
    with pytest.raises(AssertionError, match="bank signed the statements of this account, and not other"):
        banked.play(f"hope by li, other.ot: bank-statement general CNY 2.00 2.00 channel=bank {AFTER}")
    banked.play(f"hope by li, auditco.zhou: bank-statement general CNY 2.00 2.00 channel=bank {AFTER}")


def test_what_nobody_else_got_nobody_else_confirms(banked: Ledger):
    kept = {"kind": "delivery", "fund": "general", "unit": "box", "amount": 1, "delivered_on": "2026-09-07"}
    banked.play("hope: donation 1 box -> general")
    banked.say("hope", [{**kept, "group": {"group_class": "own-use", "people": 1, "list": "A" * 43}}], ["hope.li"])
    name = f"{len(banked.leaves) - 1}.0"
    banked.play(f"""
        auditco: receipt 1 of {name} third-party
          ! authority: hope kept what {name} was about for its own use
    """)


def test_an_exchange_is_given_to_who_exchanges():
    a_ledger().play("""
        hope by li, auditco.zhou: mandate thresholds=CNY:10.00
        hope: donation 100.00 CNY -> general
        hope: payment 10.00 CNY general -> till
        hope: exchange 0.01 CNY general 0.01 USD rate=1/1 custodian=till
          ! approval: gives 10.01 CNY to till
        hope: exchange 10.00 CNY general 1.00 USD rate=1/10
        hope: payment 0.01 CNY general -> till
          ! approval: gives 10.01 CNY to till
    """)


def test_a_receipt_that_is_void_and_said_again_puts_no_feedback_off():
    ledger = a_ledger().play("""
        hope: donation 100.00 CNY -> school
        hope: payment 100.00 CNY school -> shop as p
        shop: receipt 0.01 of ^p
        hope: feedback m 1 payments=^p
        shop: receipt 99.99 of ^p as r
        2026-10-06
        shop: reversal of ^r
    """)
    payment = ledger.books.disbursement[ledger.labels["p"]]
    assert received(payment) == 1 and payment.waited_from == "2026-09-07"
    ledger.play("shop: receipt 99.99 of ^p received_on=2026-10-06")
    assert {one.rule for one in overdue(ledger.books, "2026-10-20")} == {"overdue-feedback"}


def test_a_feedback_after_a_void_receipt_ends_the_wait():
    ledger = a_ledger().play("""
        hope: donation 100.00 CNY -> books
        hope: payment 100.00 CNY books -> shop as p
        shop: receipt 0.01 of ^p
        hope: feedback m 1 payments=^p
        shop: receipt 99.99 of ^p as r
        2026-10-06
        shop: reversal of ^r
        hope: feedback m 1 activity=books from_day=2026-09-01 to_day=2026-10-06
        shop: receipt 99.99 of ^p received_on=2026-10-06
    """)
    assert list(overdue(ledger.books, "2026-10-20")) == []


def test_an_account_that_had_something_when_the_books_began():
    said = "hope by li, auditco.zhou: {} general CNY {} from_day=2026-08-01 to_day=2026-08-31"
    ledger = a_ledger().play("hope by li, auditco.zhou: stocktake general CNY 9.00 hope counted_on=2026-08-01")
    assert list(opened_without_proof(ledger.books)) == [], "that may have come on that day"
    ledger.play(said.format("bank-statement", "20.00 7.00 channel=bank"))
    assert [one.amount for one in opened_without_proof(ledger.books)] == [29_00]
    ledger.play("hope: income 29.00 CNY -> general income_class=opening-balance received_on=2026-08-01")
    assert list(opened_without_proof(ledger.books)) == []


def test_a_period_of_feedback_is_of_the_books_and_over():
    a_ledger().play("""
        hope: feedback m 1 activity=books from_day=2026-08-01 to_day=2026-09-07
        hope: feedback m 1 activity=books from_day=2026-07-31 to_day=2026-09-07
          ! day: from_day 2026-07-31: is before 2026-08-01
        hope: feedback m 1 activity=books from_day=2026-08-01 to_day=2026-09-08
          ! day: to_day 2026-09-08: is after the day of the entry
    """)
