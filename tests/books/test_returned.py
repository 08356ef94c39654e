"""A grant that is paid back, and a receipt that took one by mistake."""

import pytest

from ledger.books.life import disbursement_ends
from ledger.view.goal import _grants
from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    """Hope grants 10.00 out of a project; friends takes 6.00 of it, and then 4.00."""
    return a_ledger().play("""
        friends: project camp restricted; fund tents restricted camp; fund purse unrestricted
        hope: donation 100.00 CNY -> general; donation 100.00 CNY -> school
        hope: project lessons restricted general cost_limits=administration:1/10; allocation 50.00 CNY general -> lessons
        hope: payment 10.00 CNY lessons -> friends grant= cost_class=administration as given
          ! cost-limit: allows at most 5.00 CNY
        hope: payment 10.00 CNY lessons -> friends grant= as given
        friends: receipt 6.00 of ^given into=camp as first
          + camp/CNY 0..600
        friends: receipt 4.00 of ^given into=tents as second
    """)


def sums(ledger: Ledger, *tables: str) -> dict[str, int]:
    """What came into the projects but the school, and what they spent."""
    rows = [(key, row.amount) for table in tables for key, row in getattr(ledger.books, table).items()]
    return {key: amount for key, amount in rows if amount and not key.startswith("school/")}


def ends(ledger: Ledger, label: str, end: int) -> list[tuple[object, ...]]:
    """What became of the units of a payment."""
    return [(one.start, one.end, one.state or one.tape) for one in disbursement_ends(ledger.books, ledger.labels[label], 0, end)]


def test_a_grant_is_paid_back_into_the_fund_that_it_left(ledger: Ledger):
    ledger.play("""
        hope: fund capital endowment; payment 1.00 CNY lessons -> shop
        friends: payment 2.00 CNY camp -> hope returns=^first units=100..300 as back
          - camp/CNY 100..300
        hope: receipt 2.00 of ^back into=school
          ! restriction: a grant is paid back that 'lessons' had paid; take it into that fund
        hope: receipt 2.00 of ^back into=capital
          ! restriction: take it into that fund
        hope: receipt 2.00 of ^back
          ! reference: is a grant to hope, which has a key
        hope: receipt 2.01 of ^back into=lessons
          ! receipt-excess: only 2.00 CNY
        hope: receipt 2.00 of ^back into=lessons
          + lessons/CNY 5000..5200
    """)
    assert sums(ledger, "came", "spent") == {"camp/CNY": 800, "lessons/CNY": 5000, "lessons/CNY/programme": 900}
    assert ends(ledger, "back", 200) == [(0, 200, "lessons/CNY")]


def test_an_unrestricted_fund_takes_back_what_it_granted(ledger: Ledger):
    """Whatever restriction the grant was under since."""
    ledger.play("""
        hope: payment 1.00 CNY general -> friends grant= as free
        friends: receipt 1.00 of ^free into=camp as took
        friends: payment 1.00 CNY camp -> hope returns=^took units=600..700 as back
        hope: receipt 1.00 of ^back into=general
    """)


def test_only_what_the_receipt_took_is_paid_back_and_only_to_the_funder(ledger: Ledger):
    ledger.play("""
        friends: donation 9.00 CNY -> camp; allocation 1.00 CNY camp -> tents units=0..100
        friends: payment 1.00 CNY camp -> shop returns=^first units=100..200
          ! reference: friends took a grant of hope by it, and only friends can pay that back, to hope
        friends: payment 1.00 CNY tents -> hope returns=^first units=400..500
          ! reference: took CNY into 'camp', and not CNY into 'tents'
        friends: payment 1.00 CNY camp -> hope returns=^given units=100..200
          ! reference: is not a receipt that took a grant into a fund
        friends: payment 1.00 CNY camp -> hope returns=^first units=600..700
          ! return-excess: did not take them
        friends: payment 1.00 CNY camp -> hope returns=^first units=50..150
          ! return-excess: some of it is spent
        friends: payment 1.00 CNY camp -> hope returns=^first units=550..650
          ! return-excess: did not take them
        friends: payment 1.00 CNY camp -> hope returns=^first
          ! schema: with returns or repays, give payee
        friends: payment 1.00 CNY camp -> hope returns=^first units=100..200 cost_class=programme
          ! schema: give cost_class, or returns
        friends: payment 1.00 CNY camp -> hope returns=^first units=100..200 grant=
          ! schema: give no goods, grant or invoice
        friends: payment 1.00 CNY camp -> hope returns=^first units=100..200
        friends: payment 1.00 CNY camp -> hope returns=^first units=100..200
          ! return-excess: some of it is spent
    """)


def test_it_is_paid_back_at_most_a_day_before_it_was_taken(ledger: Ledger):
    ledger.play("""
        op: party early charity lu books_from=2026-08-01; unit map 0
        2026-09-10
        early: fund safe restricted
        hope: payment 1.00 CNY school -> early grant= as late
        early: receipt 1.00 of ^late into=safe as took
        early: payment 0.50 CNY safe -> hope returns=^took units=0..50 paid_on=2026-09-08
          ! day: is more than one day before 2026-09-10
        early: payment 0.50 CNY safe -> hope returns=^took units=0..50 paid_on=2026-09-09
    """)


def test_what_was_not_paid_back_after_all_can_be_paid_back_again(ledger: Ledger):
    """A transfer that the bank sent back, and a payment that was void: the money is there again, at another place."""
    ledger.play("""
        friends: payment 3.00 CNY camp -> hope returns=^first units=0..300 as back
        friends: payment-return 1.00 of ^back
          + camp/CNY 600..700
        friends: reversal of ^back
          + camp/CNY 700..900
        friends: payment 2.00 CNY camp -> hope returns=^first units=599..799
          ! return-excess: did not take them
        friends: payment 1.50 CNY camp -> hope returns=^first units=300..350,600..700
        friends: payment 2.00 CNY camp -> hope returns=^first units=700..900 as again
    """)
    assert sums(ledger, "came")["camp/CNY"] == 650
    ledger.play("""
        hope: receipt 2.00 of ^again into=lessons as taken
        friends: reversal of ^again
          ! reference: the payee took some of it into a fund
        hope: reversal of ^taken
          - lessons/CNY 5000..5200
        friends: reversal of ^again
    """)
    assert sums(ledger, "came", "spent") == {"camp/CNY": 850, "lessons/CNY": 5000, "lessons/CNY/programme": 1000}


def test_a_grant_that_was_paid_back_was_not_granted(ledger: Ledger):
    ledger.play("""
        friends: payment 3.00 CNY camp -> hope returns=^first units=0..300 as back
        hope: receipt 3.00 of ^back into=lessons
        friends: reversal of ^second
    """)

    class Snapshot:
        books = ledger.books

    assert list(_grants(Snapshot())) == [("general", "lessons", "CNY", 5000), ("lessons", "camp", "CNY", 300)]


def test_a_receipt_that_took_a_grant_is_void_while_its_units_are_unspent(ledger: Ledger):
    ledger.play("""
        friends: payment 1.00 CNY camp -> shop as spent
        friends: reversal of ^first
          ! overdraft: some of it is spent
        hope: reversal of ^second
          ! authority: only the party that made the record that is undone
        friends: reversal of ^second
          - tents/CNY 0..400
        friends: payment 1.00 CNY tents -> hope returns=^second units=0..100
          ! reference: was declared void by
        friends: reversal of ^second
          ! reference: was declared void by
        hope: payment-return 4.00 of ^given
    """)
    assert sums(ledger, "came")["camp/CNY"] == 600
    assert ends(ledger, "given", 1000) == [(0, 600, "camp/CNY"), (600, 1000, "lessons/CNY")]


def test_a_hole_is_taken_again_in_one_piece_and_what_lies_below_does_not_come_back_by_itself(ledger: Ledger):
    ledger.play("""
        friends: reversal of ^first
        hope: payment-return 0.01 of ^given
          ! return-excess: only 0.00 CNY
        friends: receipt 6.01 of ^given into=tents
          ! receipt-excess: only 6.00 CNY
        friends: receipt 2.00 of ^given into=purse
          ! restriction: purse
        friends: receipt 2.00 of ^given into=tents as again
        friends: receipt 4.00 of ^given into=tents as rest
    """)
    assert ends(ledger, "given", 1000) == [(0, 200, "tents/CNY"), (200, 600, "tents/CNY"), (600, 1000, "tents/CNY")]
    ledger.play("""
        friends: reversal of ^again
        friends: reversal of ^second
        friends: receipt 4.01 of ^given into=tents
          ! receipt-excess: only 4.00 CNY of grant 7.0 was neither taken into a fund nor came back in one piece
        friends: receipt 4.00 of ^given into=camp
    """)
    assert ends(ledger, "given", 1000) == [(0, 200, "paid"), (200, 600, "tents/CNY"), (600, 1000, "camp/CNY")]


def test_a_payment_is_void_once_all_that_took_of_it_is(ledger: Ledger):
    ledger.play("""
        friends: reversal of ^second
        hope: reversal of ^given
          ! reference: can pay that back, or declare its receipt void
        friends: reversal of ^first
        hope: reversal of ^given
          + lessons/CNY 5000..6000
    """)
    assert sums(ledger, "came", "spent") == {"lessons/CNY": 5000}
    assert ends(ledger, "given", 1000) == [(0, 1000, "lessons/CNY")]


def test_a_return_has_no_cost_class_that_could_be_corrected(ledger: Ledger):
    ledger.play("""
        friends: payment 3.00 CNY camp -> hope returns=^first units=0..300 as back
        friends: correction of ^back cost_class=administration
          ! reference: it pays a grant or an advance back, which is not a cost
        friends: correction of ^back day=2026-09-07
    """)


def test_what_was_paid_back_is_of_no_cost_class_any_more(ledger: Ledger):
    """A correction takes out of the old class what the grant still costs, and nothing of what others cost."""
    ledger.play("""
        hope: payment 1.00 CNY lessons -> shop
        friends: payment 6.00 CNY camp -> hope returns=^first units=0..600 as back
        hope: receipt 6.00 of ^back into=lessons
        hope: correction of ^given cost_class=fundraising
    """)
    assert sums(ledger, "spent") == {"lessons/CNY/programme": 100, "lessons/CNY/fundraising": 400}
    ledger.play("hope: correction of ^given cost_class=administration\n hope: correction of ^given cost_class=programme")
    assert sums(ledger, "spent") == {"lessons/CNY/programme": 500}
