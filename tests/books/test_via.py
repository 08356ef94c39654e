"""Gifts that a charity records itself, and that came over a platform."""

from __future__ import annotations

from tests.language import Ledger


def test_a_charity_names_the_platform_over_which_a_gift_came(ledger: Ledger):
    ledger.play("""
        op: party gate platform guo
        hope: donation 10.00 CNY -> school via=gate
          + school/CNY 0..1000
        hope: donation 10.00 CNY -> school via=gate fee=0.06 fee_to=till
          + school/CNY 1000..1994
    """)


def test_only_a_platform_is_named_and_not_by_itself(ledger: Ledger):
    ledger.play("""
        op: party gate platform guo
        gate: fund appeal restricted
        hope: donation 10.00 CNY -> school via=shop
          ! reference: via 'shop': is not a platform
        hope: donation 10.00 CNY -> school via=nobody
          ! reference: via 'nobody': there is no such party
        gate: donation 10.00 CNY -> appeal via=gate
          ! reference: via 'gate': makes the record itself
    """)


def test_an_audit_finds_one_that_is_no_platform(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school via=shop
          leaf 0 + school/CNY 0..1000
          skips 0 reference: via 'shop': is not a platform
    """)
