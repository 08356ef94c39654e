"""Grants: a fund takes units only by records of its owner."""

import pytest

from ledger.books.keys import officers_in_force
from ledger.books.life import disbursement_ends
from ledger.books.rows import Brought
from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        friends: fund camp restricted; fund tents restricted camp; fund purse unrestricted; fund capital endowment
        shop: fund till restricted
        op: party abroad charity
        hope: donation 100.00 CNY -> general; donation 100.00 CNY -> school; donation 9 box -> school
        hope: allocation 50.00 CNY school -> books
    """)


@pytest.fixture
def granted(ledger: Ledger) -> Ledger:
    """A grant of restricted money to a party with a key."""
    return ledger.play("hope: payment 5.00 CNY books -> friends grant= as given")


def ends(ledger: Ledger, label: str, end: int = 500) -> list[tuple[object, ...]]:
    """What became of the units of a grant."""
    return [(one.start, one.end, one.state or one.tape) for one in disbursement_ends(ledger.books, ledger.labels[label], 0, end)]


def test_a_grant_moves_nothing_into_the_payees_funds(ledger: Ledger):
    ledger.play("""
        hope: payment 5.00 CNY books -> friends grant=camp as given
          - books/CNY 0..500
          left camp/CNY 0.00
        hope: payment 5.00 CNY books -> shop grant=camp
          ! reference: grant.fund 'camp': is not a fund of the payee, shop
        hope: payment 5.00 CNY books -> friends grant=purse
          ! restriction: grant.fund 'purse': is unrestricted, but the money of 'books' is restricted
        hope: payment 5.00 CNY books -> friends grant=capital
        hope: payment 5.00 CNY general -> friends grant=purse
        hope: payment 5.00 CNY books -> friends grant=camp goods=1:box:books:5.00
          ! schema: give goods or grant, not both
        hope: delivery 1 box school -> friends grant=purse
          ! restriction: grant.fund 'purse'
        hope: delivery 1 box school -> shop grant=camp
          ! reference: grant.fund 'camp'
    """)
    row = ledger.books.disbursement.get(ledger.labels["given"])
    assert (row.yields, row.meant_for, row.keyed) == ("grant", "camp", True)


def test_the_payee_takes_it_from_the_lowest_unit_up(granted: Ledger):
    granted.play("""
        friends: receipt 2.00 of ^given into=camp
          + camp/CNY 0..200
        friends: receipt 1.00 of ^given into=tents; receipt 1.00 of ^given into=camp
          + tents/CNY 0..100
          + camp/CNY 200..300
    """)
    assert ends(granted, "given") == [(0, 200, "camp/CNY"), (200, 300, "tents/CNY"), (300, 400, "camp/CNY"), (400, 500, "paid")]
    row = granted.books.disbursement.get(granted.labels["given"])
    assert (row.taken, row.takings, row.receipts) == (400, 3, ())
    assert [one[2:6] for _, one in granted.books.taken.items()] == [
        (0, 200, "camp/CNY", 0), (200, 300, "tents/CNY", 0), (300, 400, "camp/CNY", 200),
    ]  # fmt: skip


def test_goods_are_taken_too(ledger: Ledger):
    ledger.play("""
        hope: delivery 4 box school -> friends grant=camp as given
        friends: receipt 3 of ^given into=tents
          + tents/box 0..3
    """)


def test_into_which_fund_it_is_taken(granted: Ledger):
    granted.play("""
        hope: payment 5.00 CNY books -> friends grant=camp as camps; payment 5.00 CNY general -> friends grant= as free
        friends: receipt 1.00 of ^given into=purse
          ! restriction: into 'purse': is unrestricted, but the money of 'books' is restricted
        friends: receipt 1.00 of ^given into=capital
        friends: receipt 1.00 of ^camps into=capital
          ! restriction: into 'capital': the grant is for 'camp'; take it into that fund or one below it
        friends: receipt 1.00 of ^camps into=tents; receipt 1.00 of ^camps into=camp
        friends: receipt 1.00 of ^free into=purse
        friends: receipt 1.00 of ^given into=school
          ! reference: into 'school': is not a fund of friends, the payee
        shop: receipt 1.00 of ^given into=till
          ! authority: can sign
        hope: receipt 1.00 of ^given into=school
          ! authority: can sign
    """)


def test_only_a_grant_is_taken_and_only_by_its_payee(granted: Ledger):
    granted.play("""
        hope: payment 5.00 CNY books -> friends as paid; payment 5.00 CNY books -> friends goods=1:box:books:5.00 as bought
        friends: receipt 5.00 of ^paid into=camp
          ! reference: is not a grant; only a grant is taken into a fund
        friends: receipt 5.00 of ^bought into=camp
          ! reference: is not a grant
        auditco: fund safe restricted
        auditco: receipt 5.00 of ^given level=third-party into=safe
          ! reference: a third-party receipt cannot take a grant
        hope: receipt 5.00 of ^given level=self-declared into=school
          ! reference: a self-declared receipt cannot take a grant
        friends: receipt 5.00 of ^paid
    """)


def test_a_grant_to_a_party_with_a_key_is_received_only_into_a_fund(granted: Ledger):
    granted.play("""
        friends: receipt 5.00 of ^given
          ! reference: is a grant to friends, which has a key; its own receipt names the fund that takes it
        auditco: receipt 5.00 of ^given level=third-party
          ! reference: which has a key
        hope: receipt 5.00 of ^given level=self-declared
          ! reference: which has a key
    """)


def test_a_grant_to_a_party_without_a_key_ends_at_paid_until_somebody_else_says_so(ledger: Ledger):
    ledger.play("""
        hope: payment 5.00 CNY books -> abroad grant= as given
        hope: receipt 5.00 of ^given level=self-declared
          ! reference: is a grant; somebody else must say that it arrived
    """)
    assert ends(ledger, "given") == [(0, 500, "paid")]
    ledger.play("auditco: receipt 3.00 of ^given level=third-party")
    assert ends(ledger, "given") == [(0, 300, "received"), (300, 500, "paid")]
    ledger.play("""
        op: party later charity lu
        hope: payment 5.00 CNY books -> later grant= as second
    """)
    assert ledger.books.disbursement.get(ledger.labels["second"]).keyed


def test_what_somebody_saw_and_what_was_taken_overlap(ledger: Ledger):
    """The payee got its key after a third party had seen the money arrive."""
    ledger.play("""
        op: party late charity
        hope: payment 5.00 CNY books -> late grant= as given
        auditco: receipt 3.00 of ^given level=third-party
    """)
    row = ledger.books.disbursement.get(ledger.labels["given"])
    name = ledger.labels["given"]
    ledger.books.taken.put(f"{name}/0", Brought(9, 0, 0, 200, "camp/CNY", 0))
    ledger.books.disbursement.put(name, row._replace(taken=200, takings=1))
    assert ends(ledger, "given")[-2:] == [(200, 300, "received"), (300, 500, "paid")]


def test_one_unit_is_in_one_place(granted: Ledger):
    granted.play("""
        hope: payment-return 2.00 of ^given
        friends: receipt 3.01 of ^given into=camp
          ! receipt-excess: amount 3.01 CNY: only 3.00 CNY of grant
        friends: receipt 2.00 of ^given into=camp
        hope: payment-return 1.01 of ^given
          ! return-excess: only 1.00 CNY of payment
        hope: payment-return 1.00 of ^given
        friends: receipt 0.01 of ^given into=camp
          ! receipt-excess: only 0.00 CNY
        hope: payment-return 0.01 of ^given
          ! return-excess: only 0.00 CNY
    """)
    assert [state for _, _, state in ends(granted, "given")] == ["camp/CNY", "books/CNY", "books/CNY"]


def test_at_most_64_receipts_take_of_one_grant(granted: Ledger):
    granted.play("\n".join(["friends: receipt 0.01 of ^given into=camp"] * 64))
    granted.play("""
        friends: receipt 0.01 of ^given into=camp
          ! receipt-excess: 64 receipts have taken units of it
    """)
    assert len(ends(granted, "given")) == 65


def test_what_is_taken_is_inflow_of_the_payees_project(ledger: Ledger):
    ledger.play("""
        friends: project trip restricted; fund seats restricted trip
        hope: payment 5.00 CNY books -> friends grant= as given
        friends: receipt 3.00 of ^given into=seats
    """)
    assert ledger.books.came.get("trip/CNY").amount == 300


def test_a_receipt_leads_back_to_the_grant(granted: Ledger):
    granted.play("friends: receipt 2.00 of ^given into=camp; receipt 1.00 of ^given into=camp")
    name, entry = granted.labels["given"], len(granted.leaves) - 1
    receipts = granted.leaves[entry].statement.records
    paid = tuple(int(part) for part in name.split("."))
    assert receipts[1].brings_back(granted.books, f"{entry}.1") == (*paid, 200, 300)
    assert receipts[1].brings_back(granted.books, f"{entry}.2") is None
    assert receipts[0].model_copy(update={"into": None}).brings_back(granted.books, f"{entry}.0") is None


def test_a_limited_key_signs_nothing_else(ledger: Ledger):
    ledger.play("""
        hope by li, desk: key desk kinds=donation
        2026-09-10
        hope by desk: donation 1.00 CNY -> school
        hope by desk: payment 1.00 CNY general -> shop
          ! authority: signs only donation, not payment; sign with another key
        hope by desk: donation 1.00 CNY -> school; payment 1.00 CNY general -> shop
          ! authority: signs only donation, not payment
        hope: fund spare restricted
        hope by li, bad: key bad kinds=payment,donation
          ! schema: must be sorted, each once
    """)
    assert officers_in_force(ledger.books, "hope", "2026-09-10") == ("li",)
    ledger.play("""
        hope by li, wang: key wang; fund other restricted
        2026-09-13
        hope by li: fund more restricted
          ! approval: two different officers must sign
    """)
