"""What undoes a record (books §3): refund, reversal, and that nothing else does."""

from __future__ import annotations

import pytest

from ledger.books.flows import Hop


@pytest.fixture
def gifts(ledger):
    """Two gifts to the school; 4.00 of the first are spent."""
    return ledger.play("""
        hope: donation 10.00 CNY -> school as first; donation 5.00 CNY -> school as second
        hope: donation 20.00 CNY -> general as free
        hope: allocation 4.00 CNY school -> books as given
    """)


def test_a_refund_names_units_of_the_gift(gifts):
    gifts.play("""
        hope: refund ^first school CNY units=900..1000 reason=donor-request
          - school/CNY 900..1000
        hope: refund ^first school CNY units=1000..1100 reason=donor-request
          ! refund-units: not all of it is from that gift, which is units 0 to 1000
        hope: refund ^second school CNY units=1000..1100,1400..1500 reason=legal
        hope: refund ^second school CNY units=1100..1200 reason=bored
          ! schema: reason
        hope: refund ^second school CNY reason=legal
          ! schema: name units, cover, or both
    """)


def test_equal_requests_move_money_once(gifts):
    gifts.play("""
        hope: refund ^first school CNY units=900..1000 reason=donor-request
        hope: refund ^first school CNY units=900..1000 reason=donor-request
          ! overdraft: some are already used
        hope: refund ^first school CNY units=800..850 reason=donor-request; refund ^first school CNY units=849..900 reason=legal
          ! overdraft: some are already used
          left school/CNY 10.00
    """)


def test_spent_units_are_refunded_as_units_never(gifts):
    gifts.play("""
        hope: refund ^first school CNY units=300..500 reason=donor-request
          ! overdraft: some are already used
    """)


def test_spent_units_are_covered_out_of_an_unrestricted_fund(gifts):
    gifts.play("""
        hope: refund ^first school CNY units=900..1000 cover=general:0..300 reason=donor-request
          - school/CNY 900..1000
          - general/CNY 0..300
        hope: refund ^first school CNY cover=general:200..400 reason=donor-request
          ! refund-units: some of it was already refunded
        hope: refund ^first school CNY cover=general:300..500 reason=donor-request
          ! overdraft: are not all spent; refund the unspent part as units
        hope: refund ^second school CNY cover=general:300..400 reason=donor-request
          ! refund-units: not all of it is from that gift
        hope: refund ^first school CNY cover=books:300..400 reason=donor-request
          ! restriction: must be an unrestricted fund of hope
        friends: fund purse unrestricted
        hope: refund ^first school CNY cover=purse:300..400 reason=donor-request
          ! restriction: must be an unrestricted fund of hope
        hope: refund ^first school CNY cover=general:300..400 reason=donor-request
          left general/CNY 16.00
    """)


def test_the_gift_is_refunded_and_the_cover_is_lost_to_its_fund(gifts):
    gifts.play("hope: refund ^first school CNY units=800..850,900..1000 cover=general:0..300 reason=donor-request")
    (record,) = gifts.leaves[-1].statement.records
    assert record.hops(gifts.context.flows) == (
        Hop("school/CNY", ((800, 850), (900, 1000)), state="refunded"),
        Hop("general/CNY", ((0, 300),), state="written-off"),
    )


def test_units_that_were_refunded_are_not_covered_too(gifts):
    gifts.play("""
        hope: refund ^first school CNY units=900..1000 reason=donor-request
        hope: refund ^first school CNY cover=general:950..1000 reason=donor-request
          ! refund-units: some of it was already refunded
    """)


def test_a_refund_is_of_a_gift_that_the_log_holds(gifts):
    gifts.play("""
        hope: refund ^given school CNY units=900..1000 reason=donor-request
          ! reference: is not a donation
        hope: donation 1.00 CNY -> school as fresh; refund ^fresh school CNY units=1500..1600 reason=donor-request
          ! reference: is in the same statement
        hope: refund 99.0 school CNY units=900..1000 reason=donor-request
          ! reference: does not name an earlier record
        hope: refund 4.7 school CNY units=900..1000 reason=donor-request
          ! reference: the record named does not exist
    """)


def test_an_allocation_is_reversed_while_its_units_are_unspent(gifts):
    gifts.play("""
        hope: allocation 2.00 CNY school -> books as more
        hope: payment 4.50 CNY books -> shop
        hope: reversal of ^more
          ! overdraft: some of it is spent
        hope: allocation 3.00 CNY school -> books as third
        hope: reversal of ^third
          - books/CNY 600..900
          + school/CNY 1500..1800
        hope: reversal of ^third
          ! reference: was declared void by 10.0
          left books/CNY 1.50
    """)


def test_only_the_units_of_an_allocation_count_for_its_reversal(gifts):
    """What was spent before them is another's; what was spent of them is theirs, to the last unit."""
    gifts.play("""
        hope: allocation 2.00 CNY school -> books as more
        hope: payment 4.00 CNY books -> shop
        hope: reversal of ^more
          - books/CNY 400..600
          + school/CNY 1500..1700
        hope: allocation 1.00 CNY school -> books as last
        hope: payment 0.01 CNY books -> shop
        hope: reversal of ^last
          ! overdraft: some of it is spent
    """)


def test_units_come_back_at_the_tail_and_not_to_their_old_place(gifts):
    gifts.play("""
        hope: reversal of ^given
        hope: refund ^first school CNY units=0..400 reason=donor-request
          ! overdraft: some are already used
        hope: refund ^first school CNY units=400..1000 cover=general:0..400 reason=donor-request
          left school/CNY 9.00
    """)


def test_a_reversal_is_never_reversed(gifts):
    gifts.play("""
        hope: reversal of ^given as undone
        hope: reversal of ^undone
          ! reference: a reversal cannot be declared void
    """)


def test_progress_is_withdrawn_once_by_its_own_party(gifts):
    gifts.play("""
        hope: progress books as done
        friends: reversal of ^done
          ! authority: only that party can declare it void
        hope: reversal of ^done
        hope: reversal of ^done
          ! reference: was declared void by
    """)


def test_a_finding_is_acknowledged_of_a_record_that_is_there(gifts):
    gifts.play("""
        op by chief, auditco.zhou: acknowledgement cost-limit of ^given
        op by chief, auditco.zhou: acknowledgement cost-limit of ^given
        op by chief, auditco.zhou: acknowledgement cost-limit of 4.9
          ! reference: the record named does not exist
        op: acknowledgement cost-limit of ^given
          ! approval: an auditor or regulator must sign too
    """)


def test_consent_and_erasure_have_a_day_that_has_come(gifts):
    digests = "digests=" + "A" * 43
    gifts.play(f"""
        hope: consent of ^first granted {digests} decided_on=2026-09-08
          ! day: decided_on 2026-09-08
        hope: erasure of ^first request {digests} erased_on=2026-09-08
          ! day: erased_on 2026-09-08
        hope: consent of ^first granted {digests}
          ! reference: is not in that record
    """)
