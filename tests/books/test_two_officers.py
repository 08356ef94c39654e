"""Who counts as one of two officers (books §2): with a threshold of 0 two always sign, and a limited key is nobody's second."""

from __future__ import annotations

from tests.language import a_ledger


def test_with_a_threshold_of_nothing_two_always_sign():
    a_ledger().play("""
        hope: donation 10.00 CNY -> general; payment 1.00 CNY general -> shop
        hope by li, wang: key wang; mandate thresholds=CNY:0
        hope by li: payment 0.01 CNY general -> shop
          ! approval: two different officers must sign
        hope by li, wang: payment 0.01 CNY general -> shop
        hope by li, wang: mandate
        hope by li: payment 0.01 CNY general -> shop
    """)


def test_a_limited_key_is_nobodys_second_officer():
    ledger = a_ledger().play("""
        op: party solo charity ann books_from=2026-01-01
        solo: mandate thresholds=CNY:100.00; fund sol unrestricted; donation 1000.00 CNY -> sol
        solo: key bot officer=bot kinds=mandate,payment
        2026-09-11
        solo by bot: payment 1.00 CNY sol -> shop
        solo by ann, bot: payment 500.00 CNY sol -> shop
          ! approval: signed by 1 officer of solo; two officers must sign
        solo by ann, bot: mandate
        solo by bot: payment 500.00 CNY sol -> shop
          ! approval: signed by 0 officer of solo
    """)
    assert ledger.books.mandate["solo"].thresholds == (("CNY", 10000, -1, "2026-09-14"),)
