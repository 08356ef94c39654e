"""Statistics by region: a partition of what was entered (books §8)."""

from __future__ import annotations

import pytest

from tests.language import Ledger, a_ledger

MANY = "; ".join(["donation 1.00 CNY -> school"] * 100)


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play(f"hope: {MANY}")


def test_cells_of_a_hundred_gifts(ledger: Ledger):
    ledger.play("""
        hope: regional-statistics school CNY 100.00 from_size=0 cells=CN-11:91:91+other:9:9
          ! statistics-cell: other has fewer than 10 gifts; merge it into `other`
        hope: regional-statistics school CNY 100.00 from_size=0 cells=CN-11:9:9+other:91:91
          ! statistics-cell: CN-11 has fewer than 10 gifts
        hope: regional-statistics school CNY 100.00 from_size=0 cells=CN-11:90:90+CN-31:10:10
    """)


def test_a_range_follows_the_one_before(ledger: Ledger):
    size = len(ledger.leaves)
    ledger.play(f"""
        hope: regional-statistics school CNY 100.00 from_size=1 cells=other:100:100
          ! statistics-cell: the range before it ended before entry 0; begin there
        hope: regional-statistics school CNY 100.00 from_size=0 cells=other:100:100
        hope: {MANY}
        hope: regional-statistics school CNY 200.00 from_size=0 cells=other:200:100
          ! statistics-cell: the range before it ended before entry {size}
        hope: regional-statistics school CNY 100.00 from_size={size} cells=other:100:100
    """)


def test_few_gifts_are_one_cell(ledger: Ledger):
    ledger.play("""
        hope: donation 1.00 USD -> school; donation 2.00 USD -> school
        hope: regional-statistics school USD 3.00 from_size=0 cells=CN-11:2:100
          ! statistics-cell: fewer than 100 gifts are not split
        hope: regional-statistics school USD 3.00 from_size=0 cells=other:2:100
    """)


def test_the_total_is_what_was_entered_before_and_not_in_the_same_statement(ledger: Ledger):
    said = "regional-statistics school CNY 100.00 from_size=0 cells=other:100:100"
    ledger.play(f"hope: donation 5.00 CNY -> school; {said}; donation 7.00 CNY -> school")
    ledger.play(f"""
        hope: regional-statistics school CNY 11.00 from_size={len(ledger.leaves) - 1} cells=other:2:100
          ! statistics-total: 11.00 CNY in 2 gifts, but 12.00 CNY in 2 gifts was entered for school since entry
        hope: regional-statistics school CNY 12.00 from_size={len(ledger.leaves) - 1} cells=other:1:100
          ! statistics-total: 12.00 CNY in 1 gifts, but 12.00 CNY in 2 gifts
        hope: regional-statistics school CNY 12.00 from_size={len(ledger.leaves) - 1} cells=other:2:100
    """)


def test_a_gift_that_is_void_was_entered_all_the_same(ledger: Ledger):
    ledger.play("""
        hope: donation 5.00 CNY -> school as slip
        hope: reversal of ^slip gave=school:CNY:5.00:2026-09-07:10000..10500
        hope: regional-statistics school CNY 105.00 from_size=0 cells=other:101:100
    """)
