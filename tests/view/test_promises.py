"""Whom funds paid, what projects promised and kept, and which records do not agree."""

from __future__ import annotations

import pytest

from ledger.view.account import accounts
from ledger.view.disputes import disputes
from ledger.view.payees import Payee, payees
from ledger.view.promises import CostShare, Promise, cost_shares, promises
from ledger.view.received import passed_by, received
from ledger.view.relations import relations
from ledger.view.view import View
from tests.writer.on_disk import OnDisk


def spent(ledger: OnDisk) -> None:
    """A project below the general fund pays the press three times and gives the money for a fourth payment back."""
    ledger.play("""
        hope: project roof restricted parent=general receipt_level=self-declared cost_limits=administration:1/10
        hope: donation 50.00 CNY -> general; donation 20.00 CNY -> roof
        hope: allocation 10.00 CNY general -> roof
        hope: payment 9.00 CNY roof -> press as signed; payment 4.00 CNY roof -> press as own
        hope: payment 3.00 CNY roof -> press as none; payment 2.00 CNY general -> press as outside
        hope: payment 1.00 CNY roof -> press as back
        hope: receipt 4.00 ^own level=self-declared
        hope: payment-return 1.00 ^back
    """)


def test_a_payee_got_what_did_not_come_back(town: OnDisk, view: View):
    spent(town)
    view.refresh()
    snapshot = view.at()
    assert payees(snapshot, project="roof") == [Payee("press", "CNY", {"signed": 0, "self": 400, "paid": 1200}, 3)]
    assert payees(snapshot, charity="hope") == [Payee("press", "CNY", {"signed": 0, "self": 400, "paid": 1400}, 4)]
    assert payees(snapshot, fund="nobody") == []
    (line,) = accounts(snapshot, charity="hope")
    paid = sum(term.amount for term in line.terms if term.name in ("paid", "returned"))
    assert payees(snapshot, charity="hope")[0].amount == -paid


@pytest.mark.parametrize(("as_of", "late"), [("", False), ("2030-01-01", True)])
def test_a_promise_is_kept_when_nothing_is_missing(town: OnDisk, view: View, as_of: str, late: bool):
    spent(town)
    view.refresh()
    receipt, feedback = promises(view.at(), as_of, project="roof")
    assert receipt == Promise("receipt", 3, 1, 0 if late else 2, 2 if late else 0)
    assert feedback == Promise("feedback", 1, 0, 0 if late else 1, 1 if late else 0)
    assert promises(view.at(), as_of, charity="river") == [Promise("receipt", 0, 0, 0, 0), Promise("feedback", 0, 0, 0, 0)]
    assert promises(view.at(1), as_of, project="roof")[0].promised == 0, "before anything was paid"


def test_money_that_another_fund_passed_on_is_received(town: OnDisk, view: View):
    spent(town)
    view.refresh()
    (row,) = received(view.at(), project="roof")
    assert (row.given, row.stages["self"], row.stages["paid"]) == (3000, 400, 1200)
    assert [(part.source, part.amount) for part in passed_by(view.at(), "CNY", project="roof")] == [("general", 1000)]
    assert passed_by(view.at(), "CNY", charity="hope") == [], "within the charity nothing is passed on"


def test_what_an_allocation_took_back_was_not_received(town: OnDisk, view: View):
    town.play("""
        hope: project roof restricted parent=general receipt_level=self-declared cost_limits=administration:1/10
        hope: donation 50.00 CNY -> general
        hope: allocation 10.00 CNY general -> roof as moved
        hope: reversal ^moved reason=Mistaken
    """)
    view.refresh()
    assert received(view.at(), project="roof") == [] or received(view.at(), project="roof")[0].base == 0
    assert passed_by(view.at(), "CNY", project="roof") == []


def test_a_share_of_costs_is_of_what_came_in(town: OnDisk, view: View):
    spent(town)
    view.refresh()
    shares = cost_shares(view.at(), "roof")
    assert all(one.inflow == 3000 and one.unit == "CNY" and one.is_kept for one in shares)
    assert not CostShare("administration", "CNY", 301, 3000, 1, 10).is_kept and CostShare("a", "CNY", 300, 3000, 1, 10).is_kept
    assert cost_shares(view.at(), "nobody") == []


def test_nothing_is_disputed_where_nobody_else_signed(town: OnDisk, view: View):
    spent(town)
    view.refresh()
    assert disputes(view.at()) == [] and relations(view.at(), "hope") == []
