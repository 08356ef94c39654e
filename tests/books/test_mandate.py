"""The mandate of a party (books §2): thresholds of a day, who signs in place of a second officer, and what has to wait."""

from __future__ import annotations

import pytest

from ledger.books.mandate import NOTHING, Clause, label_for, major_from, renewed, second_of, threshold
from ledger.books.state import Books
from tests.language import Ledger

DAY, LATER = "2026-09-07", "2026-09-10"


@pytest.fixture
def river(ledger: Ledger) -> Ledger:
    """A charity with one officer: above 5.00 two sign; its second is the shop."""
    return ledger.play("""
        op: party river charity xu
        river: fund north unrestricted; fund south unrestricted; mandate thresholds=CNY:5.00 second=shop
        river: donation 90.00 CNY -> north; donation 90.00 CNY -> south; donation 90.00 USD -> north; donation 9 box -> north
        2026-09-10
    """)


def test_the_sum_of_a_day_is_over_all_funds_and_kinds(river: Ledger):
    river.play("""
        river: payment 3.00 CNY north -> press; payment 2.00 CNY south -> press
        river: payment 1 CNY south -> press
          ! approval: river gives 5.01 CNY to press on 2026-09-10, above the threshold of 5.00 CNY
        river: payment 5.00 CNY north -> friends; payment 90.00 USD north -> press
        river: exchange 4.90 CNY of north -> 0.70 USD rate=1/7
        river: exchange 0.14 CNY of south -> 0.02 USD rate=1/7
          ! approval: river gives 5.04 CNY without a payee on 2026-09-10, above the threshold of 5.00 CNY
        2026-09-11
        river: payment 5.00 CNY south -> press
    """)


def test_what_came_back_still_counts(river: Ledger):
    river.play("""
        river: payment 5.00 CNY north -> press as paid
        river: payment-return 5.00 of ^paid
        river: payment 1 CNY north -> press
          ! approval: river gives 5.01 CNY to press on 2026-09-10, above the threshold
    """)


def test_the_day_of_the_entry_counts_too(river: Ledger):
    river.play("""
        river: payment 3.00 CNY north -> press paid_on=2026-09-08; payment 2.00 CNY north -> press paid_on=2026-09-09
        river: payment 1 CNY north -> press
          ! approval: river gives 5.01 CNY to press by what it records on 2026-09-10, above the threshold
    """)


def test_the_second_or_an_overseer_signs_beside_the_only_officer(river: Ledger):
    river.play("""
        river by xu, friends.fan: payment 5.01 CNY north -> press
          ! approval: two officers must sign, or, as it has one, its mandate's second or an overseer
        river by xu, shop.sun: payment 5.01 CNY north -> press
        river by xu, auditco.zhou: payment 5.01 CNY south -> friends
        river by xu, shop.sun: payment 1.00 CNY north -> village
          ! authority: no record of the statement needs it
        river by xu, shop.sun: write-off 1 box north
        river by xu, shop.sun: payment 9.00 CNY south -> village "breach=approval:Xu forgot"
          ! breach: does not break that rule
    """)


def test_where_a_party_has_two_officers_its_second_signs_for_a_breach_only(river: Ledger):
    river.play("""
        river by xu, ann, shop.sun: key ann
        river by xu, shop.sun: payment 5.01 CNY north -> press
          ! approval: signed by 1 officer of river; two different officers must sign
        river by xu, shop.sun: payment 5.01 CNY north -> press "breach=approval:Ann was ill"
    """)


def test_a_looser_mandate_waits_and_a_tighter_one_does_not(river: Ledger):
    river.play("""
        river: mandate thresholds=CNY:9.00 second=shop
        river: mandate thresholds=CNY:9.00 second=shop; payment 9.00 CNY north -> press
          ! approval: threshold of 5.00 CNY
        2026-09-12
        river: payment 9.00 CNY north -> press
          ! approval: threshold of 5.00 CNY
        2026-09-13
        river: payment 9.00 CNY north -> press
        river: mandate thresholds=CNY:1.00
        river: payment 1.01 CNY north -> friends
          ! approval: threshold of 1.00 CNY
        river by xu, shop.sun: payment 1.01 CNY north -> friends
          ! approval: threshold of 1.00 CNY
    """)


def test_who_signs_in_place_of_the_second_officer_does_not_loosen_at_once(river: Ledger):
    river.play("""
        river by xu, shop.sun: mandate second=shop
        river: payment 90.00 CNY north -> press
          ! approval: above the threshold
        2026-09-13
        river: payment 90.00 CNY north -> press
    """)


def test_a_mandate_names_another_party_and_its_books_do_not_begin_later(ledger: Ledger):
    ledger.play("""
        hope: mandate second=hope
          ! reference: is the party itself
        hope: mandate books_from=2026-08-02
          ! reference: the books begin on 2026-08-01 already
        hope: mandate books_from=2026-07-01
    """)
    assert [remark.fault.rule for remark in ledger.context.remarks] == ["backfilled"]
    assert ledger.books.party.get("hope").books_from == "2026-07-01"


@pytest.mark.parametrize(
    ("clause", "said", "becomes"),
    [
        ((0, 0, ""), 500, (500, 500, "")), ((500, 500, ""), 400, (400, 400, "")), ((500, 500, ""), 500, (500, 500, "")),
        ((500, 500, ""), 600, (500, 600, LATER)), ((500, 500, ""), 0, (500, 0, LATER)),
        ((500, 600, "2026-09-08"), 600, (500, 600, "2026-09-08")), ((500, 600, "2026-09-08"), 550, (500, 550, "2026-09-08")),
        ((500, 600, "2026-09-08"), 700, (500, 700, LATER)), ((500, 600, DAY), 700, (600, 700, LATER)),
        ((500, 600, "2026-09-08"), 300, (300, 300, "")),
    ],
)  # fmt: skip
def test_a_clause_is_renewed(clause: Clause[int], said: int, becomes: Clause[int]):
    assert renewed(clause, said, DAY, LATER, lambda now, then: now > 0 and (then == 0 or then > now)) == becomes


def test_what_a_mandate_says_on_a_day():
    books = Books()
    books.mandate.load("hope", NOTHING._replace(
        thresholds=(("CNY", 5, 9, LATER),), second=("", "shop", LATER), major=(("CNY", 7, 7, ""),),
        labels=(("a", "bank", "2026-01-01", "2026-06-30"), ("b", "bank", "2026-07-01", ""), ("c", "other", "2026-01-01", ""),
                ("d", "invoices", "2026-01-01", "")),
    ))  # fmt: skip
    assert [threshold(books, "hope", "CNY", day) for day in (DAY, LATER)] == [5, 9]
    assert threshold(books, "hope", "USD", DAY) is threshold(books, "shop", "CNY", DAY) is None
    assert [second_of(books, "hope", day) for day in (DAY, LATER)] == ["", "shop"]
    assert (major_from(books, "hope", "CNY", DAY), major_from(books, "hope", "USD", DAY)) == (7, None)
    assert [label_for(books, "hope", "bank", day) for day in ("2025-12-31", "2026-06-30", "2026-07-01")] == [None, "a", "b"]
    assert [label_for(books, "hope", use, DAY) for use in ("cash", "invoices")] == ["c", "d"]
    assert label_for(books, "shop", "bank", DAY) == "2026"
