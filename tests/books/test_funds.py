"""Funds (books §2): a tree, what is inherited in it, where money may go, and what may be spent of it."""

from __future__ import annotations

import pytest


def test_money_comes_and_goes_by_first_in_first_out(ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school
          + school/CNY 0..1000
        hope: donation 5.00 CNY -> school
          + school/CNY 1000..1500
        hope: allocation 12.00 CNY school -> books
          - school/CNY 0..1200
          + books/CNY 0..1200
        hope: allocation 1.00 CNY school -> books units=1400..1500
          - school/CNY 1400..1500
          + books/CNY 1200..1300
        hope: allocation 2.01 CNY school -> desks
          ! overdraft: holds 2.00 CNY
        hope: allocation 2.00 CNY school -> desks units=1200..1400
          left school/CNY 0
    """)


def test_units_are_named_once_and_they_are_the_amount(ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school
        hope: allocation 3.00 CNY school -> books units=100..200,300..500
        hope: allocation 1.00 CNY school -> books units=450..550
          ! overdraft: some are already used or never came in
        hope: allocation 1.00 CNY school -> books units=950..1050
          ! overdraft: 1.00 CNY (units 950 to 1050) of fund school
        hope: allocation 2.00 CNY school -> books units=0..100
          ! reference: units: they hold 1.00 CNY, but the amount is 2.00 CNY
        hope: allocation 2.00 CNY school -> books units=200..300,0..100
          ! schema: must be ascending
        hope: allocation 5.00 CNY school -> books
          - school/CNY 0..100
          - school/CNY 200..300
          - school/CNY 500..800
          + books/CNY 300..800
    """)


def test_a_record_that_takes_too_many_ranges_is_split(ledger):
    ledger.play("hope: donation 10.00 CNY -> school")
    odd = ",".join(f"{n}..{n + 1}" for n in range(1, 128, 2))
    ledger.play(f"""
        hope: allocation 64 CNY school -> books units={odd}
          ! fragmented: moves 65 ranges of units, but at most 64
        hope: allocation 63 CNY school -> books units={odd.rpartition(",")[0]}
        hope: allocation 9.00 CNY school -> desks
          ! fragmented: split it
    """)


def test_units_of_account_are_declared_and_never_added(ledger):
    ledger.play("""
        op: unit CNY 2
          ! reference: is already declared
        hope: donation 1.00 EUR -> school
          ! reference: unit 'EUR': there is no such unit
        hope: donation 10.00 CNY -> school; donation 10.00 USD -> school
        hope: allocation 15.00 CNY school -> books
          ! overdraft: holds 10.00 CNY
    """)


def test_restricted_money_goes_down_only(ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school
        hope: allocation 4.00 CNY school -> books
        hope: allocation 1.00 CNY school -> general
          ! restriction: is not another fund in the tree
        hope: allocation 1.00 CNY books -> desks
          ! restriction: its money can go only to funds below it
        hope: allocation 1.00 CNY books -> school
          ! restriction: 'books' is restricted
        hope: allocation 1.00 CNY books -> books
          ! restriction: is not another fund
    """)


def test_unrestricted_money_goes_anywhere_in_its_tree(ledger):
    ledger.play("""
        hope: fund east unrestricted general; fund west unrestricted general; fund wells restricted general
        hope: donation 10.00 CNY -> east
        hope: allocation 10.00 CNY east -> west
        hope: allocation 6.00 CNY west -> general; allocation 3.00 CNY west -> wells
        hope: allocation 1.00 CNY wells -> west
          ! restriction: 'wells' is restricted
    """)


def test_a_restriction_is_inherited(ledger):
    ledger.play("""
        hope: fund roof unrestricted school; fund tiles unrestricted roof; fund chest endowment school
        hope: fund capital endowment; fund interest unrestricted capital
    """)
    kinds = {fund: ledger.books.fund.get(fund).restriction for fund in ("roof", "tiles", "chest", "interest", "books")}
    assert kinds == {
        "roof": "restricted", "tiles": "restricted", "chest": "endowment", "interest": "endowment", "books": "restricted",
    }  # fmt: skip


def test_a_fund_has_one_id_and_its_place(ledger):
    ledger.play("""
        hope: project general unrestricted
          ! reference: a fund with that id exists
        hope: fund general unrestricted
          ! reference: a fund with that id exists
        hope: activity general school
          ! reference: a fund with that id exists
        hope: activity maps general
          ! reference: does not belong to a project
        hope: fund shelf restricted books
          ! reference: is an activity; choose a fund outside of it
        hope: project wing restricted school
          ! reference: belongs to project 'school', and projects do not contain one another
        hope: activity maps school implementers=nobody
          ! reference: implementers 'nobody': there is no such party
        hope: activity maps school starts_on=2026-09-02 ends_on=2026-09-01
          ! schema: ends_on is before starts_on
    """)


def test_endowment_capital_is_not_spent(ledger):
    ledger.play("""
        hope: fund capital endowment; fund chest endowment capital
        hope: donation 10.00 CNY -> capital; donation 10 box -> capital
        hope: payment 1.00 CNY capital -> shop
          ! restriction: the capital of an endowment is never spent
        hope: delivery 1 box capital -> village
          ! restriction: the capital of an endowment is never spent
        hope: allocation 1.00 CNY capital -> chest; exchange 7.00 CNY of capital -> 1.00 USD rate=1/7
        hope: payment 1.00 CNY chest -> shop
          ! restriction: the capital of an endowment is never spent
        hope: income 1.00 CNY -> general
        hope: payment 1.00 CNY general -> shop
    """)


@pytest.fixture
def limited(ledger):
    """A project that spends at most a tenth on administration."""
    return ledger.play("""
        hope: project clinic restricted general cost_limits=administration:1/10; activity beds clinic
        hope: donation 100.00 CNY -> clinic; donation 100.00 CNY -> general
        hope: allocation 80.00 CNY clinic -> beds
    """)


def test_a_cost_class_stays_below_its_share_of_the_inflow(limited):
    limited.play("""
        hope: payment 10.01 CNY beds -> shop cost_class=administration
          ! cost-limit: costs reach 10.01 CNY, and the project allows at most 10.00 CNY (1/10 of its inflow, 100.00 CNY)
        hope: payment 6.00 CNY beds -> shop cost_class=administration; payment 4.00 CNY clinic -> shop cost_class=administration
        hope: payment 1 CNY beds -> shop cost_class=administration
          ! cost-limit: costs reach 10.01 CNY
        hope: payment 20.00 CNY beds -> shop cost_class=fundraising
        hope: donation 9 CNY -> clinic
        hope: payment 1 CNY beds -> shop cost_class=administration
          ! cost-limit: at most 10.00 CNY (1/10 of its inflow, 100.09 CNY)
        hope: donation 1 CNY -> beds
        hope: payment 1 CNY beds -> shop cost_class=administration
    """)


def test_money_that_moves_within_the_project_is_no_new_inflow(limited):
    limited.play("""
        hope: allocation 20.00 CNY clinic -> beds
        hope: payment 10.01 CNY beds -> shop cost_class=administration
          ! cost-limit: 1/10 of its inflow, 100.00 CNY
        hope: allocation 50.00 CNY general -> clinic as lent
        hope: payment 15.00 CNY beds -> shop cost_class=administration
        hope: reversal of ^lent 'breach=cost-limit:It was lent'
        hope: payment 1 CNY beds -> shop cost_class=administration
          ! cost-limit: costs reach 15.01 CNY, and the project allows at most
    """)


def test_what_comes_back_was_not_spent_and_is_no_new_inflow(limited):
    limited.play("""
        hope: payment 10.00 CNY beds -> shop cost_class=administration as rent
        hope: payment-return 4.00 of ^rent
        hope: payment 4.01 CNY beds -> shop cost_class=administration
          ! cost-limit: costs reach 10.01 CNY, and the project allows at most
        hope: payment 4.00 CNY beds -> shop cost_class=administration as lamp
        hope: payment-return 4.00 of ^lamp; payment-return 6.00 of ^rent
        hope: payment 10.00 CNY beds -> shop cost_class=administration
    """)


def test_each_unit_of_account_has_its_own_limit(limited):
    limited.play("""
        hope: donation 10.00 USD -> clinic
        hope: payment 1.01 USD clinic -> shop cost_class=administration
          ! cost-limit: at most 1.00 USD (1/10 of its inflow, 10.00 USD)
        hope: payment 1.00 USD clinic -> shop cost_class=administration; payment 10.00 CNY beds -> shop cost_class=administration
    """)


def down(depth: int, restriction: str = "unrestricted") -> str:
    """Funds, each below the one before."""
    return "; ".join(f"fund f{n} {restriction} parent=f{n - 1}" for n in range(1, depth + 1))


def test_a_fund_is_at_most_sixteen_below_its_root(ledger):
    ledger.play(f"""
        hope: fund f0 unrestricted
        hope: {down(16)}
        hope: fund f17 unrestricted parent=f16
          ! reference: is 16 levels below 'f0', which is the most allowed
        hope: project deep parent=f16
          ! reference: 16 levels below
        hope: fund beside unrestricted parent=f15
        hope: project deep parent=f14; activity deeper deep
        hope: activity deepest deeper
          ! reference: is an activity
    """)
    assert [ledger.books.fund.get(name).depth for name in ("f0", "f1", "f16", "beside", "deep", "deeper")] == [0, 1, 16, 16, 15, 16]


def test_a_fund_that_is_too_far_down_is_skipped_and_found(ledger):
    ledger.play(f"""
        hope: fund f0 unrestricted
        hope: {down(16)}
        hope: fund f17 unrestricted parent=f16
          leaf
          skips 0 reference: which is the most allowed
        hope: donation 1.00 CNY -> f17
          ! reference: there is no such fund
    """)
