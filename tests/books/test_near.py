"""Whose word counts about a payment, and whose signature beside an only officer's: nobody's who is near to those concerned."""

from __future__ import annotations

import pytest

from ledger.books.level_due import level_due
from tests.language import Ledger, a_ledger

LIST = "A" * 43
LATER = "2026-09-10"


@pytest.fixture
def paid() -> Ledger:
    return a_ledger().play("""
        op: party parent charity chen
        hope by li, wang: key wang
        hope: donation 100.00 CNY -> school
        hope by li, wang: activity maps school implementers=friends
        hope: allocation 50.00 CNY school -> maps
        hope: payment 10.00 CNY maps -> shop as rent; payment 5.00 CNY maps -> press as print
    """)


@pytest.fixture
def river() -> Ledger:
    """A charity with one officer, whose second is its parent: above 5.00 two sign."""
    return a_ledger().play("""
        op: party river charity xu; party parent charity chen
        river: fund north unrestricted; fund south unrestricted; mandate thresholds=CNY:5.00 second=parent
        river: donation 90.00 CNY -> north; donation 9.00 USD -> north
        2026-09-10
    """)


@pytest.mark.parametrize("whom", ["hope", "shop", "friends", "op"])
def test_who_is_related_to_one_concerned_is_no_third_party(paid: Ledger, whom: str):
    paid.play(f"""
        parent: receipt 1.00 of ^rent level=third-party
        parent: relation of=parent to={whom} nature=family starts_on=2026-09-07
        parent: receipt 1.00 of ^rent level=third-party
          ! authority: so parent is not a third party to
    """)


def test_who_is_related_to_another_payee_is_a_third_party_still(paid: Ledger):
    paid.play("""
        parent: relation of=parent to=press nature=control starts_on=2026-09-07
        parent: receipt 1.00 of ^rent level=third-party
        parent: receipt 1.00 of ^print level=third-party
          ! authority: so parent is not a third party to
    """)


def test_who_is_controlled_by_the_same_party_is_no_third_party(paid: Ledger):
    paid.play("""
        auditco: relation of=parent to=village nature=control starts_on=2026-09-07
        auditco: relation of=parent to=shop nature=control starts_on=2026-09-07
        village: receipt 1.00 of ^rent level=third-party
          ! authority: so village is not a third party to
        village: receipt 1.00 of ^print level=third-party
    """)


def test_the_day_received_and_the_entrys_day_are_asked(paid: Ledger):
    paid.play("""
        parent: relation of=parent to=hope nature=control starts_on=2026-09-05 ends_on=2026-09-08
        2026-09-10
        parent: receipt 1.00 of ^rent level=third-party received_on=2026-09-07
          ! authority: so parent is not a third party to
        parent: receipt 1.00 of ^rent level=third-party received_on=2026-09-09
        parent: relation of=parent to=hope nature=control starts_on=2026-09-10
        parent: receipt 1.00 of ^rent level=third-party received_on=2026-09-09
          ! authority: so parent is not a third party to
    """)


def test_the_second_is_not_the_payee_and_not_related_to_it(river: Ledger):
    river.play("""
        river by xu, parent.chen: payment 6.00 CNY north -> press
        river by xu, parent.chen: payment 6.00 CNY north -> parent
          ! approval: neither of them the payee nor related to it
        parent: relation of=parent to=shop nature=control starts_on=2026-09-10
        river by xu, parent.chen: payment 6.00 CNY north -> shop
          ! approval: neither of them the payee nor related to it
        river by xu, auditco.zhou: payment 6.00 CNY north -> shop
        auditco: relation of=auditco to=shop nature=family starts_on=2026-09-10
        river by xu, auditco.zhou: payment 6.00 CNY north -> shop
          ! approval: neither of them the payee nor related to it
    """)


def test_the_day_paid_and_the_entrys_day_are_asked(river: Ledger):
    river.play("""
        parent: relation of=parent to=shop nature=control starts_on=2026-09-08 ends_on=2026-09-09
        river by xu, parent.chen: payment 6.00 CNY north -> shop paid_on=2026-09-09
          ! approval: neither of them the payee nor related to it
        river by xu, parent.chen: payment 6.00 CNY north -> shop paid_on=2026-09-10
        parent: relation of=parent to=shop nature=control starts_on=2026-09-10
        river by xu, parent.chen: payment 6.00 CNY north -> shop paid_on=2026-09-08
          ! approval: neither of them the payee nor related to it
    """)


def test_the_custodian_that_changes_money_is_a_payee_too(river: Ledger):
    river.play("""
        river by xu, parent.chen: exchange 7.00 CNY north 1.00 USD rate=1/7 custodian=press
        parent: relation of=parent to=press nature=family starts_on=2026-09-10
        river by xu, parent.chen: exchange 7.00 CNY north 1.00 USD rate=1/7 custodian=press
          ! approval: neither of them the payee nor related to it
    """)


def test_a_relative_of_the_payee_does_not_excuse_a_breach(river: Ledger):
    river.play("""
        parent: relation of=parent to=shop nature=control starts_on=2026-09-10
        river by xu, parent.chen: payment 6.00 CNY north -> shop "breach=approval:Xu forgot"
          ! approval: its breach is of approval
        river by xu, auditco.zhou: payment 6.00 CNY north -> shop
    """)


def test_a_relative_of_the_payee_does_not_end_a_conflict(river: Ledger):
    river.play("""
        river: relation of=river to=shop nature=family officer=xu starts_on=2026-09-10
        river by xu, parent.chen: payment 1.00 CNY north -> shop related=family
        parent: relation of=parent to=shop nature=control starts_on=2026-09-10
        river by xu, parent.chen: payment 1.00 CNY north -> shop related=family
          ! conflict-of-interest: is related to river through xu
        river by xu, auditco.zhou: payment 1.00 CNY north -> shop related=family
    """)


def test_the_paper_of_a_group_is_enough_whatever_its_project_asks_for(paid: Ledger):
    paid.play("""
        hope by li, wang: project wells receipt_level=recipient-signed
        hope: donation 9.00 CNY -> wells
        hope: payment 1.00 CNY wells -> shop as bill; payment 1.00 CNY wells group=payroll:3:{LIST} as pay
    """.replace("{LIST}", LIST))
    due = [level_due(paid.books, paid.books.disbursement[paid.labels[name]]) for name in ("bill", "pay")]
    assert due == ["recipient-signed", "documented"]


def test_a_payment_to_a_group_has_no_holder(paid: Ledger):
    paid.play(f"""
        hope: payment 1.00 CNY maps group=payroll:3:{LIST} holder={LIST}
          ! schema: a payment to a group has no purpose, no grant and no holder
    """)
