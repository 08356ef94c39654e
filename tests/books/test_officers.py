"""Keys and officers (books §2): judged by the state before the entry, two of them where a party has two."""

from __future__ import annotations

import pytest


@pytest.fixture
def two(ledger):
    """Hope has two officers, li and wang, and li two keys."""
    return ledger.play("""
        hope by li, wang: key wang
        hope by li, wang, li2: key li2
    """)


def test_from_the_second_officer_on_two_sign(ledger):
    ledger.play("""
        hope: fund first restricted
        hope by li, wang: key wang
        hope: fund second restricted
          ! approval: two different officers must sign
        hope by li, wang: fund second restricted
    """)


@pytest.mark.parametrize(
    "record",
    [
        "fund second restricted", "project second restricted", "activity second school", "key-revocation li2 reason=lost",
        "refund ^gift school CNY units=0..100 reason=donor-request", "reversal of ^given",
    ],
)  # fmt: skip
def test_what_is_under_the_own_rule(two, record):
    two.play(f"""
        hope: donation 9.00 CNY -> school as gift; allocation 1.00 CNY school -> books units=800..900 as given
        hope by li: {record}
          ! approval: two different officers
        hope by li, wang: {record}
    """)


def test_one_officer_with_two_keys_is_one_officer(two):
    two.play("""
        hope by li, li2: fund second restricted
          ! approval: signed by 1 officer of hope
        hope by li2, wang: fund second restricted
    """)


def test_a_new_key_signs_its_introduction(ledger):
    ledger.play("""
        hope by li: key wang
          ! approval: has not signed its introduction
        op by chief: party new vendor a
          ! approval: has not signed its introduction
        hope by li, wang: key wang
    """)


def test_a_new_key_is_good_for_nothing_else(two):
    """Signatures are judged by the state before the entry."""
    two.play(f"""
        hope by li, zhao: key zhao; fund second restricted
          ! approval: two different officers
        hope by li, zhao: key zhao
          ! approval: two different officers
        hope by zhao, xu: key zhao; key xu
          ! approval: signed by 0 officer of hope
        shop by sun2, sun3: key sun2; key sun3
          ! key-standing: no key in force of shop has signed it
        shop by sun2: source media=text/csv bytes=1 digest={"a" * 64} rows=0 entered=0 known=0 left_out=0; key sun2
          ! key-standing: no key in force of shop
        op by chief, eye.a, shop.new: party eye auditor a; recovery shop new
          ! approval: an auditor or regulator must sign too
    """)


def test_what_a_statement_does_to_the_officers_counts_from_the_next_one_on(ledger):
    ledger.play("""
        hope by li, wang: key wang; fund second restricted
        hope by li: fund third restricted
          ! approval: two different officers
        hope by li, wang: key-revocation wang reason=officer-left; fund third restricted
        hope by li: fund fourth restricted
    """)
    assert ledger.books.party.get("hope").officers == ("li",)


def test_a_revoked_key_signs_nothing(two):
    two.play("""
        hope by li, wang: key-revocation li2 reason=lost
        hope by li2: donation 1.00 CNY -> school
          ! key-standing: was revoked at entry 6
        hope by li, wang: key-revocation li2 reason=lost
          ! reference: there is nothing to revoke
        hope by li, wang, li2: key li2
          ! key-standing: was revoked at entry 6
        hope by li, wang: key li2
          ! key-standing: belongs to hope since entry 5
        hope by li, wang: donation 1.00 CNY -> school
    """)
    assert two.books.party.get("hope").officers == ("li", "wang")


def test_a_key_signs_its_own_revocation(ledger):
    ledger.play("""
        hope by li: key-revocation li reason=compromised
        hope by li: donation 1.00 CNY -> school
          ! key-standing: was revoked at entry 4
    """)
    assert ledger.books.party.get("hope").officers == ()


def test_only_its_holder_revokes_a_key(ledger):
    ledger.play("""
        op: key-revocation hope.li reason=compromised
          ! authority: the party that the key belongs to
        shop by sun, hope.li: key-revocation hope.li reason=compromised
          ! authority: the party that the key belongs to
    """)


def test_a_key_belongs_to_one_party_for_ever(ledger):
    ledger.play("""
        shop by sun, hope.li: key hope.li
          ! key-standing: belongs to hope since entry 1
        op by chief, hope.li: party new vendor hope.li
          ! key-standing: belongs to hope
        hope: key-revocation li reason=rotated
        shop by sun, hope.li: key hope.li
          ! key-standing: was revoked
    """)


def test_the_same_new_key_for_two_parties(ledger):
    ledger.play("""
        op by chief, one.a: party one vendor a; party two vendor one.a
          ! key-standing: belongs to one
    """)


def test_a_future_key_signs_nothing(ledger):
    ledger.play("""
        hope by wang: donation 1.00 CNY -> school
          ! key-standing: does not belong to any party
        hope by li, wang: key wang
        hope by wang: donation 1.00 CNY -> school
    """)


def test_the_log_key_is_no_party_key(ledger):
    ledger.play("""
        hope by li, the.log: key the.log officer=robot
          ! key-standing: is the log's key
        op by chief, the.log: party new vendor the.log
          ! key-standing: is the log's key
        op by chief, auditco.zhou, the.log: recovery hope the.log officer=robot
          ! key-standing: is the log's key
    """)


def test_a_lost_party_is_recovered_by_operator_and_auditor(two):
    two.play("""
        op by chief, hope.new: recovery hope new
          ! approval: an auditor or regulator must sign too
        op by chief, hope.new, shop.sun: recovery hope new
          ! approval: an auditor or regulator must sign too
        op by chief, auditco.zhou: recovery hope new
          ! approval: has not signed its introduction
        op by chief, auditco.zhou, hope.new: recovery hope new
        hope by li, wang: donation 1.00 CNY -> school
          ! key-standing: was revoked at entry 6
        hope by new: donation 1.00 CNY -> school; fund second restricted
    """)
    assert two.books.party.get("hope").officers == ("new",)


def test_who_is_admitted_just_now_has_lost_nothing(ledger):
    ledger.play("""
        op by chief, auditco.zhou, one.a, one.b: party one vendor a; recovery one b
          ! reference: there is nothing to recover
        op by chief, auditco.zhou, ghost.a: recovery ghost a
          ! reference: there is no such party
    """)


def test_second_signature_of_an_officer_or_an_overseer(two):
    two.play("""
        hope: donation 9.00 CNY -> school
        hope by li, li2: write-off 1.00 CNY school
          ! approval: a second officer, or an auditor
        hope by li, wang: write-off 1.00 CNY school
        hope by li, auditco.zhou: write-off 1.00 CNY school
    """)
