"""A budget beside spending: the lines close, whatever was paid, given back and declared void."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from ledger.view.budget import Budget, CostLine, FundLine, budget_of
from ledger.view.view import View
from tests.trace.telling import UNEVEN, Step, Telling, steps
from tests.view.naive import Naive
from tests.writer.on_disk import OnDisk

from .telling import MORE, SOME, told

ALL = (*UNEVEN, "pass_on", "take", "pay_back", "give_back", "reverse", "untake")
PLANNED = {"school": {("CNY", "programme"): 50, ("JPY", "administration"): 7}, "wells": {}}
PLANNED_FOR = {"school": {("books", "CNY"): 30}, "wells": {}}


def naively(naive: Naive, project: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """What was spent by (unit, class) and by (fund, unit), from the records alone."""
    payments, funds = {}, {fund for fund, (of, _) in naive.owners().items() if of == project}
    for place, record in naive.records.items():
        if record.kind == "payment" and record.cost_class is not None:
            payments[place] = [record, record.amount]
        elif record.kind == "payment-return" and naive.refs(place)[0] in payments:
            payments[naive.refs(place)[0]][1] -= record.amount
        elif record.kind == "reversal" and naive.refs(place)[0] in payments:
            payments[naive.refs(place)[0]][1] = 0
    void = {naive.refs(place)[0] for place, record in naive.records.items() if record.kind == "reversal"}
    for place, record in naive.records.items():
        if record.kind == "receipt" and record.into is not None and place not in void:
            paid = naive.refs(place)[0]
            if naive.records[paid].kind == "payment" and naive.records[paid].returns is not None:
                first = naive.refs(naive.refs(paid)[0])[0]
                payments[first][1] -= record.amount
    of_class, of_fund = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for record, left in payments.values():
        if record.fund in funds:
            of_class[record.unit, record.cost_class] += left
            of_fund[record.fund, record.unit] += left
    return +of_class, +of_fund


def check(telling: Telling) -> None:
    with View.open(telling.ledger.directory) as view:
        for size in (view.tree_size // 2, view.tree_size):
            naive = Naive(telling.ledger.leaves[:size])
            for project in ("school", "wells"):
                found, (of_class, of_fund) = budget_of(view.at(size), project), naively(naive, project)
                assert {(one.unit, one.cost_class): one.spent for one in found.costs if one.spent} == of_class
                assert {(one.fund, one.unit): one.paid for one in found.funds if one.paid} == of_fund
                # What the limits of the project count besides are the fees of gifts.
                kept = {key: row.amount for key, row in view.at(size).books.spent.all() if row.amount and "fundraising" not in key}
                costs = {f"{project}/{unit}/{cost}": spent for (unit, cost), spent in of_class.items() if cost != "fundraising"}
                assert costs == {key: amount for key, amount in kept.items() if key.startswith(f"{project}/")}
                assert {(one.unit, one.cost_class): one.planned for one in found.costs if one.planned} == PLANNED[project]
                assert {(one.fund, one.unit): one.planned for one in found.funds if one.planned} == PLANNED_FOR[project]


@SOME
@given(steps(ALL))
def test_each_payment_is_in_one_line_of_each_list(story: list[Step]):
    with told(story) as telling:
        check(telling)


@pytest.mark.long
@MORE
@given(steps(ALL, most=60))
def test_in_long_stories_each_payment_is_in_one_line_of_each_list(story: list[Step]):
    with told(story) as telling:
        check(telling)


WELLS = """
    hope: project wells budget=programme:CNY:20.00+fundraising:CNY:1.00; activity pumps wells budget=CNY:15.00; activity pipes wells
    hope: donation 100.00 CNY -> wells; allocation 50.00 CNY wells -> pumps
"""
PAID = "hope: payment 6.00 CNY pumps -> shop as p"


@pytest.mark.parametrize(
    ("said", "spent", "paid"),
    [
        ("", {}, {}),
        (PAID, {"programme": 600}, {"pumps": 600}),
        (f"{PAID}; payment 2.00 CNY wells -> shop", {"programme": 800}, {"pumps": 600, "wells": 200}),
        (f"{PAID}; payment-return 2.00 ^p", {"programme": 400}, {"pumps": 400}),
        (f"{PAID}\nhope: reversal ^p", {}, {}),
        (f"{PAID}\nhope: correction of ^p cost_class=administration", {"administration": 600}, {"pumps": 600}),
        ("hope: payment 6.00 CNY general -> shop", {}, {}),
    ],
)  # fmt: skip
def test_what_is_spent_stands_beside_what_is_planned(town: OnDisk, said: str, spent: dict[str, int], paid: dict[str, int]):
    town.play(f"{WELLS} hope: donation 9.00 CNY -> general\n{said}")
    planned = {"programme": 2000, "fundraising": 100}
    classes = [one for one in ("programme", "fundraising", "administration") if one in {*planned, *spent}]
    with View.open(town.directory) as view:
        found = budget_of(view.at(), "wells")
    assert found.costs == [CostLine(one, "CNY", planned.get(one), spent.get(one, 0)) for one in classes]
    funds = [one for one in ("wells", "pumps") if one == "pumps" or one in paid]
    assert found.funds == [FundLine(one, "CNY", 1500 if one == "pumps" else None, paid.get(one, 0)) for one in funds]


def test_what_is_no_project_has_no_budget(town: OnDisk):
    with View.open(town.directory) as view:
        assert budget_of(view.at(), "general") == budget_of(view.at(), "nothing") == Budget([], [])
