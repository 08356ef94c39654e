"""Receipts and feedback (books §3, §4): who acknowledges what, at which level, and what came of it."""

from __future__ import annotations

import pytest

from ledger.books.levels import steps


@pytest.fixture
def paid(ledger):
    return ledger.play("""
        hope: donation 100.00 CNY -> school; donation 9.00 CNY -> general
        hope: allocation 50.00 CNY school -> books
        hope: payment 10.00 CNY books -> shop as rent; payment 5.00 CNY books -> press as print
        hope: payment 4.00 CNY books -> shop goods=10:box:books:4.00
        hope: delivery 6 box books -> village as handed
    """)


def receipts(ledger, label):
    return [(one.level, one.total) for one in ledger.books.disbursement.get(ledger.labels[label]).receipts]


def test_receipts_add_up_to_the_payment_and_no_further(paid):
    paid.play("""
        shop: receipt 6.00 of ^rent
        shop: receipt 4.01 of ^rent
          ! receipt-excess: recipient-signed receipts of 6.0 would reach 10.01 CNY, but only 10.00 CNY was paid
        shop: receipt 4.00 of ^rent; receipt 1 of ^rent
          ! receipt-excess: would reach 10.01 CNY
        shop: receipt 4.00 of ^rent
        shop: receipt 1 of ^rent received_on=2026-09-08
          ! day: received_on
    """)
    assert receipts(paid, "rent") == [("recipient-signed", 1000)]


def test_of_two_levels_the_stronger_counts(paid):
    def parts() -> list[tuple[int, int, str]]:
        return list(steps(paid.books.disbursement.get(paid.labels["rent"])))

    paid.play("hope: receipt 6.00 of ^rent level=self-declared")
    paid.play("auditco: receipt 6.00 of ^rent level=third-party")
    assert parts() == [(0, 600, "third-party")]
    paid.play("hope: receipt 1 of ^rent level=self-declared")
    assert parts() == [(0, 600, "third-party"), (600, 601, "self-declared")]
    paid.play("shop: receipt 2.00 of ^rent")
    assert parts() == [(0, 200, "recipient-signed"), (200, 600, "third-party"), (600, 601, "self-declared")]


def test_each_level_counts_for_itself(paid):
    paid.play("""
        shop: receipt 6.00 of ^rent
        hope: receipt 10.00 of ^rent level=self-declared
        auditco: receipt 8.00 of ^rent level=third-party
        friends: receipt 2.01 of ^rent level=third-party
          ! receipt-excess: third-party receipts of 6.0 would reach 10.01 CNY
        shop: receipt 4.00 of ^rent
    """)
    assert receipts(paid, "rent") == [
        ("recipient-signed", 1000), ("self-declared", 1000), ("third-party", 800),
    ]  # fmt: skip


def test_a_level_is_signed_by_its_own(paid):
    paid.play("""
        hope: receipt 1.00 of ^rent
          ! authority: can sign
        friends: receipt 1.00 of ^rent
          ! authority: can sign
        shop: receipt 1.00 of ^rent level=third-party
          ! authority: can sign
        hope: receipt 1.00 of ^rent level=third-party
          ! authority: can sign
        shop: receipt 1.00 of ^rent level=self-declared
          ! authority: can sign
        shop: receipt 1.00 of ^print
          ! authority: can sign
        village: receipt 6 of ^handed
        shop: receipt 6 of ^handed
          ! authority: can sign
    """)


def test_what_a_party_pays_itself_it_only_declares_received(paid):
    paid.play("""
        hope: payment 1.00 CNY books -> hope "breach=self-payment:By mistake" as own
        hope: receipt 1.00 of ^own
          ! authority: hope paid itself by
        hope: receipt 1.00 of ^own level=third-party
          ! authority: can sign
        hope: receipt 1.00 of ^own level=self-declared
    """)


def test_a_receipt_is_judged_against_what_was_paid(paid):
    paid.play("""
        shop: receipt 8.00 of ^rent
        hope: payment-return 5.00 of ^rent
        shop: receipt 2.01 of ^rent
          ! receipt-excess: would reach 10.01 CNY, but only 10.00 CNY was paid
        shop: receipt 2.00 of ^rent
        hope: receipt 10.00 of ^rent level=self-declared
        hope: receipt 1 of ^rent level=self-declared
          ! receipt-excess: would reach 10.01 CNY
    """)


def test_who_leads_or_implements_the_work_is_not_a_third_party(paid):
    paid.play("""
        hope: activity maps school implementers=friends; allocation 5.00 CNY school -> maps
        hope: payment 5.00 CNY maps -> shop as paper
        friends: receipt 5.00 of ^paper level=third-party
          ! authority: works for the project or gave to it
        op: receipt 5.00 of ^paper level=third-party
          ! authority: op keeps the ledger
        friends: receipt 5.00 of ^rent level=third-party
          ! authority: works for the project or gave to it
        auditco: receipt 5.00 of ^paper level=third-party
    """)


def test_a_documented_receipt_has_a_document_and_files(paid):
    paid.play("""
        hope: receipt 1.00 of ^rent level=documented
          ! schema: level documented needs document and evidence
    """)


def test_a_receipt_in_the_same_statement(paid):
    paid.play("""
        hope: payment 1.00 CNY books -> shop as small; receipt 1.00 of ^small level=self-declared
        hope: receipt 1.00 of @1 level=self-declared; payment 1.00 CNY books -> shop
          ! reference: of @1: does not name an earlier record
    """)


def test_feedback_is_about_payments_or_about_an_activity_and_a_period(paid):
    period = "from_day=2026-09-01 to_day=2026-09-07"
    paid.play(f"""
        hope: feedback readers 40 payments=^rent,^print,^handed
        hope: feedback readers 40 activity=books {period}
        hope: feedback readers 40
          ! schema: name payments, or an activity with from_day and to_day
        hope: feedback readers 40 payments=^rent activity=books {period}
          ! schema: name payments, or an activity
        hope: feedback readers 40 activity=books from_day=2026-09-01
          ! schema: name payments, or an activity
        hope: feedback readers 40 activity=books from_day=2026-09-02 to_day=2026-09-01
          ! schema: to_day is before from_day
        hope: feedback readers 40 payments=4.0
          ! reference: payments 4.0: is not a payment or delivery
        hope: feedback readers 40 activity=school {period}
          ! reference: is a fund, not an activity
        hope: feedback readers 40 payments=^rent reported_on=2026-09-08
          ! day: reported_on
    """)
    assert paid.books.disbursement.get(paid.labels["handed"]).feedbacks == 1
    assert {key: told for key, told in paid.books.told.items()} == {f"books/2026-09-{day:02}": (10, 0, "") for day in range(1, 8)}


def test_feedback_by_a_stranger(paid):
    paid.play("""
        friends: feedback readers 40 payments=^rent
          ! authority: owner, implementer or recipient of all that it is about
        friends: feedback readers 40 activity=books from_day=2026-09-01 to_day=2026-09-07
          ! authority: owner, implementer or recipient
        shop: feedback readers 40 payments=^rent
        village: feedback meals 12 payments=^handed
        auditco: feedback readers 38 payments=^rent,^print
    """)


def test_who_is_concerned_by_one_payment_does_not_speak_for_another(paid):
    paid.play("""
        friends: fund purse unrestricted; donation 5.00 CNY -> purse
        friends: payment 1.00 CNY purse -> shop as theirs
        hope: feedback readers 40 payments=^rent,^theirs
          ! authority: of all that it is about
        shop: feedback readers 40 payments=^rent,^print
          ! authority: of all that it is about
        shop: feedback readers 40 payments=^rent,^theirs
    """)


def test_implementers_report_on_their_activity(paid):
    paid.play("""
        hope: activity maps school implementers=friends
        friends: progress maps; feedback maps 3 activity=maps from_day=2026-09-01 to_day=2026-09-07
        friends: progress books
          ! authority: the owner of the activity, or a party that it names as implementer
    """)


def test_an_overseer_does_not_inspect_its_own(paid):
    """An auditor who is also the payee speaks as the payee; one who is concerned by a part of it, not at all."""
    paid.play("""
        hope: payment 1.00 CNY books -> auditco as fees
        auditco: feedback hours 3 payments=^fees
        auditco: feedback hours 3 payments=^fees,^rent
          ! authority: who is none of these
    """)
