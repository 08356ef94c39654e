"""What a reversal declares void (books §3): of each kind, what comes back, and which sums fall."""

import pytest

from ledger.books.balance import balance_on
from ledger.books.life import reported_up_to
from tests.language import Ledger, a_ledger

TODAY = "2026-09-07"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        op: unit map 0
        hope: project clinic restricted cost_limits=administration:1/10
        hope: activity ward clinic
        hope: donation 100.00 CNY -> clinic as gift
    """)


def sums(ledger: Ledger) -> dict[str, int]:
    """What came into the clinic, and what it spent."""
    return {key: row.amount for table in ("came", "spent") for key, row in getattr(ledger.books, table).items() if row.amount}


def test_a_gift_is_void_while_it_is_unspent(ledger: Ledger):
    ledger.play(f"""
        hope: donation 5.00 CNY -> clinic as wrong
        hope: reversal of ^wrong
          ! reference: is not what that gift was
        hope: reversal of ^wrong gave=clinic:CNY:5.00:{TODAY}:10000..10499
          ! reference: is not what that gift was
        hope: reversal of ^wrong gave=clinic:CNY:4.00:{TODAY}:10000..10500
          ! reference: is not what that gift was
        hope: reversal of ^wrong gave=clinic:CNY:5.00:2026-09-06:10000..10500
          ! reference: is not what that gift was
        shop: reversal of ^wrong gave=clinic:CNY:5.00:{TODAY}:10000..10500
          ! authority: another party made that record
        hope: reversal of ^wrong gave=clinic:CNY:5.00:{TODAY}:10000..10500 as void
          - clinic/CNY 10000..10500
          left clinic/CNY 100.00
        hope: reversal of ^wrong gave=clinic:CNY:5.00:{TODAY}:10000..10500
          ! reference: was declared void by
        hope: refund ^wrong clinic CNY cover=general:10000..10500 reason=legal
          ! reference: was declared void by
    """)
    assert sums(ledger)["clinic/CNY"] == 10000
    assert ledger.books.given["clinic/CNY/2026-09-07"] == (10000, 1)
    row = ledger.books.void[ledger.labels["wrong"]]
    assert (row.party, f"{row.entry}.{row.record}", row.day) == ("hope", ledger.labels["void"], TODAY)
    assert ledger.books.voided["hope/2026"].amount == 1


def test_a_gift_of_which_some_is_spent_is_not_void(ledger: Ledger):
    ledger.play(f"""
        hope: payment 0.01 CNY clinic -> shop as paid
        hope: reversal of ^gift gave=clinic:CNY:100.00:{TODAY}:0..10000
          ! overdraft: some of it is spent
        hope: reversal of ^paid
        hope: reversal of ^gift gave=clinic:CNY:100.00:{TODAY}:0..10000
          ! overdraft: some of it is spent
    """)


def test_only_a_gift_is_told_by_its_reversal(ledger: Ledger):
    ledger.play(f"""
        hope: income 1.00 CNY -> clinic as interest; progress ward as done
        hope: reversal of ^interest gave=clinic:CNY:1.00:{TODAY}:10000..10100
          ! reference: is not a gift; leave it out
        hope: reversal of ^done gave=clinic:CNY:1.00:{TODAY}:10000..10100
          ! reference: the record is not a gift; leave it out
    """)


def test_income_is_void(ledger: Ledger):
    ledger.play("""
        hope: income 1.00 CNY -> clinic as interest
        hope: reversal of ^interest
          - clinic/CNY 10000..10100
    """)
    assert sums(ledger)["clinic/CNY"] == 10000


def test_what_a_void_payment_took_comes_back_at_the_tail(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop as paid cost_class=administration
        hope: payment-return 4.00 of ^paid
        hope: reversal of ^paid
          + clinic/CNY 10400..11000
        hope: payment-return 1.00 of ^paid
          ! reference: was declared void by
        hope: receipt 1.00 of ^paid level=self-declared
          ! reference: was declared void by
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
    """)
    assert sums(ledger)["clinic/CNY/administration"] == 1000
    assert ledger.books.paid["hope/shop/2026-09-07/CNY"].amount == 2000, "a day's sum for thresholds does not fall"
    assert ledger.books.undone["clinic/CNY"].amount == 600


def test_a_payment_that_came_back_whole_is_not_void(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop as paid
        hope: payment-return 10.00 of ^paid
        hope: reversal of ^paid
          ! reference: all of it has come back
    """)


def test_goods_that_a_void_payment_bought_must_be_there(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop goods=3:map:clinic:9.00+1:box:clinic:1.00 as paid
        hope: delivery 1 map clinic -> shop as sent
        hope: reversal of ^paid
          ! overdraft: void what spent it first
        hope: reversal of ^sent
          + clinic/map 3..4
        hope: reversal of ^paid
          ! overdraft: void what spent it first
        hope: payment 10.00 CNY clinic -> shop goods=3:map:clinic:9.00+1:box:clinic:1.00 as again
        hope: reversal of ^again
          - clinic/map 4..7
          - clinic/box 1..2
          + clinic/CNY 10000..11000
    """)
    assert sums(ledger) == {"clinic/CNY": 10000, "clinic/CNY/programme": 1000, "clinic/map": 3, "clinic/box": 1}


def test_the_payee_that_signed_a_receipt_signs_too(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop as paid
        hope by hope.li, shop.sun: reversal of ^paid
        hope: payment 10.00 CNY clinic -> shop as second
        shop: receipt 10.00 of ^second as got
        hope: reversal of ^second
          ! approval: shop has signed a receipt of it
        hope by hope.li, shop.sun: reversal of ^second
        hope: payment 10.00 CNY clinic -> shop as third
        shop: receipt 10.00 of ^third as got
        hope: reversal of ^got
          ! authority: only the party that made the record that is undone
        shop: reversal of ^got
        hope: reversal of ^third
    """)


def test_somebody_elses_receipt_is_void_first(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop as paid
        friends: receipt 10.00 of ^paid level=third-party as seen
        hope: reversal of ^paid
          ! approval: whoever signed that must declare it void first
        friends: reversal of ^seen
        hope: reversal of ^paid
    """)


def test_a_void_receipt_acknowledges_nothing(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop as paid
        shop: receipt 4.00 of ^paid as first
        shop: receipt 6.00 of ^paid as second
        hope: feedback maps 3 about payments=^paid as told
        shop: reversal of ^second
    """)
    row = ledger.books.disbursement[ledger.labels["paid"]]
    assert (row.receipts[0][:3], row.reported) == (("recipient-signed", 400, 1), 400)
    ledger.play("""
        shop: receipt 6.01 of ^paid
          ! receipt-excess: would reach 10.01 CNY
        shop: reversal of ^first
    """)
    row = ledger.books.disbursement[ledger.labels["paid"]]
    assert (row.receipts, row.reported) == ((), 0)


def reported(ledger: Ledger) -> int:
    return reported_up_to(ledger.books, ledger.books.disbursement[ledger.labels["paid"]])


def test_a_void_feedback_leaves_what_was_reported_before_it(ledger: Ledger):
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop as paid
        shop: receipt 4.00 of ^paid
        hope: feedback maps 3 about payments=^paid as first
        shop: receipt 6.00 of ^paid
        hope: feedback maps 3 about payments=^paid as second
        hope: feedback maps 3 about payments=^paid as third
        hope: reversal of ^second
    """)
    assert reported(ledger) == 1000
    ledger.play("hope: reversal of ^third")
    assert reported(ledger) == 400
    ledger.play("hope: reversal of ^first")
    assert (reported(ledger), ledger.books.disbursement[ledger.labels["paid"]].feedbacks) == (0, 0)


def test_a_void_feedback_about_an_activity_leaves_the_one_before_it(ledger: Ledger):
    ledger.play(f"""
        hope: allocation 50.00 CNY clinic -> ward
        hope: payment 10.00 CNY ward -> shop as paid
        shop: receipt 4.00 of ^paid
        hope: feedback maps 3 activity=ward from_day={TODAY} to_day={TODAY} as first
        hope: feedback maps 3 activity=ward from_day={TODAY} to_day={TODAY} as second
        hope: feedback maps 3 activity=ward from_day={TODAY} to_day={TODAY} as third
        hope: reversal of ^second
        hope: reversal of ^third
    """)
    assert reported(ledger) == 400
    ledger.play("shop: receipt 6.00 of ^paid")
    assert reported(ledger) == 400
    ledger.play("hope: reversal of ^first")
    assert reported(ledger) == 0, "what it had reported on waits for the next feedback"


def test_an_exchange_goes_back_with_the_inflow_that_it_carried(ledger: Ledger):
    ledger.play("""
        hope: exchange 71.00 CNY clinic -> 10.00 USD rate=10/71 as changed
        hope: reversal of ^changed
          - clinic/USD 0..1000
          + clinic/CNY 10000..17100
        hope: exchange 71.00 CNY clinic -> 10.00 USD rate=10/71 as again
        hope: payment 1.00 USD clinic -> shop
        hope: reversal of ^again
          ! overdraft: some of it is spent
    """)
    assert sums(ledger) == {"clinic/CNY": 2900, "clinic/USD": 1000, "clinic/USD/programme": 100}


def test_part_of_an_allocation_comes_back(ledger: Ledger):
    ledger.play("""
        hope: allocation 10.00 CNY clinic -> ward as given
        hope: allocation 10.00 CNY clinic -> ward as other
        hope: payment 2.00 CNY ward -> shop
        hope: reversal of ^given units=100..300
          ! overdraft: some of it is spent
        hope: reversal of ^given units=900..1001
          ! reference: are not from that allocation
        hope: reversal of ^given units=200..300,500..600
          - ward/CNY 200..300
          - ward/CNY 500..600
          + clinic/CNY 10000..10200
        hope: reversal of ^given units=599..601
          ! overdraft: some of it is spent
        hope: reversal of ^given
          ! overdraft: some of it is spent
        hope: reversal of ^given units=300..500
        hope: reversal of ^gift units=300..500
          ! reference: is not an allocation
    """)
    assert ledger.books.allocation[ledger.labels["given"]].returned == 400
    assert ledger.books.void.get(ledger.labels["given"]) is None


@pytest.mark.parametrize("kind, given", [("payment", "10.00 CNY clinic -> shop"), ("delivery", "1 box general -> village")])
def test_a_late_void_of_a_payment_or_delivery_is_remarked(ledger: Ledger, kind: str, given: str):
    ledger.play(f"""
        hope: donation 2 box -> general
        hope: {kind} {given} as soon; {kind} {given} as late
        2026-09-14
        hope: reversal of ^soon
    """)
    assert not ledger.context.remarks
    ledger.play("""
        2026-09-15
        hope: reversal of ^late
    """)
    (remark,) = ledger.context.remarks
    assert remark.fault.rule == "late-void"
    assert remark.fault.message.endswith(f"the {kind} was entered on {TODAY}, and is declared void on 2026-09-15")


def test_a_late_void_says_when_it_was_signed_if_that_was_before(ledger: Ledger):
    """It may have been held back."""
    ledger.play("""
        hope: payment 10.00 CNY clinic -> shop as late
        2026-09-15
    """)
    reversal = {"kind": "reversal", "of": ledger.labels["late"], "reason": "Entered by mistake"}
    ledger.say("hope", [reversal], ["hope.li"], signed_at="2026-09-08T08:00:00Z")
    (remark,) = ledger.context.remarks
    assert remark.fault.message.endswith("and is declared void on 2026-09-15, by a statement signed on 2026-09-08")


def test_a_late_void_of_anything_else_is_not_remarked(ledger: Ledger):
    ledger.play("""
        hope: donation 1.00 CNY -> general as gift; allocation 1.00 CNY clinic -> ward as given
        2026-10-15
        hope: reversal of ^given; reversal of ^gift gave=general:CNY:1.00:2026-09-07:0..100
    """)
    assert not ledger.context.remarks


def test_two_officers_sign_once_there_are_two(ledger: Ledger):
    ledger.play("""
        hope by li, wang: key wang
        hope: payment 10.00 CNY clinic -> shop as paid
        hope: reversal of ^paid
          ! approval: two different officers must sign
        hope by li, wang: reversal of ^paid
    """)


def test_an_import_into_the_wrong_fund_is_set_right(ledger: Ledger):
    ledger.play(f"""
        hope: donation 1.00 CNY -> general as one; donation 2.00 CNY -> general as two
        hope: reversal of ^one gave=general:CNY:1.00:{TODAY}:0..100; reversal of ^two gave=general:CNY:2.00:{TODAY}:100..300
          - general/CNY 0..100
          - general/CNY 100..300
        hope: donation 1.00 CNY -> clinic; donation 2.00 CNY -> clinic
          left general/CNY 0.00
    """)
    assert sums(ledger)["clinic/CNY"] == 10300
    assert ledger.books.given["general/CNY/2026"] == (0, 0)
    assert ledger.books.voided["hope/2026"].amount == 2


def test_what_is_void_leaves_the_balance_of_its_own_day(ledger: Ledger):
    ledger.play("""
        2026-09-10
        hope: payment 10.00 CNY clinic -> shop paid_on=2026-09-08 as paid
        hope: income 1.00 CNY -> clinic received_on=2026-09-08 as interest
        hope: exchange 7.10 CNY clinic -> 1.00 USD rate=10/71 exchanged_on=2026-09-09 as changed
    """)
    assert [balance_on(ledger.books, "clinic", "CNY", f"2026-09-{day}") for day in ("07", "08", "09")] == [10000, 9100, 8390]
    ledger.play("hope: reversal ^paid; reversal ^interest; reversal ^changed")
    assert [balance_on(ledger.books, "clinic", "CNY", f"2026-09-{day}") for day in ("07", "08", "09", "10")] == [10000] * 4
    assert balance_on(ledger.books, "clinic", "USD", "2026-09-09") == 0
    ledger.play("hope: reversal ^gift gave=clinic:CNY:100.00:2026-09-07:0..10000\n  ! overdraft: some of it is spent")
