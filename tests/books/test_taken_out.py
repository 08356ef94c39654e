"""What a party takes out of a project again by an act of its own is judged like a payment (books §2); parts make a whole (§3)."""

from __future__ import annotations

import pytest

from tests.language import Ledger, a_ledger

NEVERTHELESS = "'breach=cost-limit:The roof fell in'"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope: project clinic unrestricted general cost_limits=administration:1/10
        hope: donation 200.00 CNY -> general
        hope: allocation 100.00 CNY general -> clinic as lent; income 50.00 CNY -> clinic income_class=sale as sold
        hope: payment 10.00 CNY clinic -> shop cost_class=administration
    """)


def test_an_allocation_out_of_it(ledger: Ledger):
    ledger.play(f"""
        hope: allocation 50.01 CNY clinic -> general
          ! cost-limit: out of project 'clinic': administration costs are 10.00 CNY, and it allows at most 9.99 CNY
        hope: allocation 50.00 CNY clinic -> general
        hope: allocation 0.01 CNY clinic -> general {NEVERTHELESS}
    """)
    (remark,) = ledger.context.remarks
    assert (remark.fault.rule, remark.named) == ("cost-limit", True)
    assert "(1/10 of the 99.99 CNY that are left); hope says so itself: " in remark.fault.message
    assert ledger.books.breach[f"{len(ledger.leaves) - 1}.0"].findings == ("cost-limit",)


def test_a_reversal(ledger: Ledger):
    ledger.play(f"""
        hope: reversal of ^sold
        hope: reversal of ^lent units=9999..10000
          ! cost-limit: takes 0.01 CNY of inflow out of project 'clinic'
        hope: reversal of ^lent units=9000..10000 {NEVERTHELESS}
        hope: donation 10.00 CNY -> clinic; income 1.00 CNY -> clinic income_class=sale as less
        hope: reversal of ^less
    """)


def test_what_stays_in_the_project_and_what_it_spent_no_part_of(ledger: Ledger):
    ledger.play("""
        hope: activity beds clinic; allocation 140.00 CNY clinic -> beds
        hope: allocation 5.00 CNY general -> clinic as more
        hope: reversal of ^more
    """)


def test_an_allocation_that_came_back_in_parts_is_void(ledger: Ledger):
    ledger.play("""
        hope: project ward restricted general; allocation 10.00 CNY general -> ward as given
        hope: reversal of ^given units=0..400
    """)
    given = ledger.labels["given"]
    assert ledger.books.void.get(given) is None
    ledger.play("""
        hope: reversal of ^given units=400..1000
        hope: reversal of ^given
          ! reference: was declared void
    """)
    assert ledger.books.void[given].by == (len(ledger.leaves) - 1, 0)
    assert ledger.books.voided["hope/2026"].amount == 1
