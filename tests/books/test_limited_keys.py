"""Keys that are limited to some kinds: alone they do not change what a party is (books §2)."""

from __future__ import annotations

import pytest

from tests.language import Ledger


@pytest.fixture
def river(ledger: Ledger) -> Ledger:
    """A charity with one officer and a clerk's key that declares payments void and revokes keys; its second is the shop."""
    return ledger.play("""
        op: party river charity xu
        river: fund north unrestricted; mandate second=shop; donation 90.00 CNY -> north
        river by xu, bot: key bot kinds=key-revocation,reversal
        2026-09-10
    """)


def test_a_limited_key_revokes_no_officer_and_declares_nothing_void_alone(river: Ledger):
    river.play("""
        river: payment 9.00 CNY north -> shop as paid
        river by bot: key-revocation xu reason=rotated
          ! approval: only a key that is limited to some kinds
        river by bot: reversal of ^paid
          ! approval: only a key that is limited to some kinds
        river by bot, shop.sun: reversal of ^paid
          ! approval: neither of them the payee
        river by bot, auditco.zhou: reversal of ^paid
    """)


def test_the_second_of_the_mandate_signs_with_a_limited_key(river: Ledger):
    river.play("""
        river: payment 9.00 CNY north -> press as paid
        river by bot, shop.sun: reversal of ^paid
    """)


def test_with_a_limited_key_an_overseer_changes_no_key_at_once(ledger: Ledger):
    """The only officer has three days in which to withdraw it."""
    ledger.play("""
        op: party river charity xu
        river by xu, bot: key bot kinds=key,key-revocation
        2026-09-10
        river by bot, new, auditco.zhou: key new
        river by bot, auditco.zhou: key-revocation xu reason=lost
        2026-09-12
        river: key-withdrawal new; key-withdrawal xu
        2026-09-14
        river by new: fund north unrestricted
          ! key-standing: key
        river: fund north unrestricted
    """)
