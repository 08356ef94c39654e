"""Keys and revocations that take effect after a delay (books §2), and who can withdraw them until then."""

from __future__ import annotations

import pytest

from tests.language import Ledger


@pytest.fixture
def river(ledger: Ledger) -> Ledger:
    """A charity with one officer."""
    return ledger.play("""
        op: party river charity xu; party lake charity ma,lu
        river: fund north unrestricted
    """)


def remarks(ledger: Ledger) -> list[str]:
    """What the last statement is reported for."""
    return [remark.fault.rule for remark in ledger.context.remarks]


def test_officers_who_come_with_the_party_are_two_at_once(river: Ledger):
    river.play("""
        lake: fund own unrestricted
          ! approval: two different officers
        lake by ma, lu: fund own unrestricted
    """)


def test_a_key_of_a_party_with_one_officer_waits_three_days(river: Ledger):
    river.play("""
        river by xu, ann: key ann
        river by ann: donation 1.00 CNY -> north
          ! key-standing: is in force from 2026-09-10 on
        river: fund south unrestricted
        2026-09-09
        river by ann: donation 1.00 CNY -> north
          ! key-standing: is in force from 2026-09-10 on
        2026-09-10
        river by ann: donation 1.00 CNY -> north
        river by ann: fund west unrestricted
          ! approval: two different officers
    """)


def test_a_revocation_waits_and_the_key_itself_does_not(river: Ledger):
    river.play("""
        river by xu, ann: key ann
        2026-09-10
        river by xu, ann: mandate 2
        river by xu, ann, bo: key bo
        river by bo: donation 1.00 CNY -> north
          ! key-standing: is in force from 2026-09-12 on
        2026-09-12
        river by ann, bo: key-revocation xu reason=lost
        river: donation 1.00 CNY -> north
        2026-09-14
        river: donation 1.00 CNY -> north
          ! key-standing: was revoked at entry 9
        river by ann, bo: key-revocation bo reason=lost
        river by bo: donation 1.00 CNY -> north
          ! key-standing: was revoked
        river by ann: donation 1.00 CNY -> north; fund west unrestricted
    """)


def test_one_key_in_force_withdraws_a_change_that_waits(river: Ledger):
    river.play("""
        river by xu, thief: key thief
        shop: key-withdrawal river.thief
          ! authority: the party that the key belongs to
        river: key-withdrawal river.thief
        river: key-withdrawal river.thief
          ! reference: no change of it is pending
        2026-09-10
        river by thief: donation 1.00 CNY -> north
          ! key-standing: was revoked
        river by xu, ann: key ann
        2026-09-13
        river by xu, ann: mandate 3
        river by xu, ann: mandate 3; key-withdrawal ann
          ! reference: no change of it is pending
    """)


def test_a_revocation_is_withdrawn(river: Ledger):
    river.play("""
        river by xu, ann: key ann
        2026-09-10
        river by xu, ann: mandate 1
        river by ann, xu: key-revocation xu reason=lost
          left north/CNY 0
        river by ann: donation 1.00 CNY -> north
    """)


def test_with_the_last_key_in_force_the_keys_that_wait_fall(river: Ledger):
    river.play("""
        river by xu, thief: key thief
        river: key-revocation xu reason=lost
        2026-09-10
        river by thief: donation 1.00 CNY -> north
          ! key-standing: was revoked at entry 7
    """)
    assert river.books.party.get("river").officers == ()


def test_a_takeover_is_reported_and_a_rotation_is_not(river: Ledger):
    river.play("""
        lake by ma, lu, ma2: key ma2
        lake by ma2, lu, ma: key-revocation ma reason=rotated
    """)
    assert remarks(river) == []
    river.play("""
        lake by ma2, lu, lu2: key lu2
        lake by ma2, lu2: key-revocation lu reason=rotated
    """)
    assert remarks(river) == ["key-takeover"]


def test_three_days_later_it_is_none(river: Ledger):
    river.play("""
        lake by ma, lu, ma2, lu2: key ma2; key lu2
        2026-09-10
        lake by ma2, lu2: key-revocation ma reason=rotated; key-revocation lu reason=rotated
    """)
    assert remarks(river) == []
