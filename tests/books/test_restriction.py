"""Where a fund's money may go and what of it counts (books §2), one rule at a time, on both sides of every bound."""

from __future__ import annotations

import pytest

from ledger.books.restriction import (
    can_cover,
    descends,
    enter_project,
    inflow,
    inflow_not_used,
    inherited,
    kept_within,
    same_project,
    spend,
    spendable,
    stays_in_tree,
    within_cost_limit,
)  # fmt: skip
from ledger.books.rows import Project, Sum
from ledger.books.state import Books
from ledger.bounds import MAX_INTEGER
from ledger.errors import Refused
from tests.books.by_hand import act_of, books_of, faults_of, fund, judging, rule_of

KINDS = ("unrestricted", "restricted", "endowment")


@pytest.fixture
def tree() -> Books:
    """A tree of unrestricted funds, one below the other, with a restricted branch; and another tree."""
    return books_of(fund={
        "top": fund(root="top"), "mid": fund(root="top", parent="top"), "low": fund(root="top", parent="mid"),
        "bound": fund(root="top", parent="top", restriction="restricted"),
        "deep": fund(root="top", parent="bound", restriction="restricted"),
        "still": fund(root="top", parent="top", restriction="endowment"),
        "kept": fund(root="top", parent="still", restriction="endowment"), "other": fund("river", root="other"),
    })  # fmt: skip


@pytest.mark.parametrize("own", range(3))
@pytest.mark.parametrize("above", range(3))
def test_the_stricter_counts(own: int, above: int):
    assert inherited(KINDS[own], KINDS[above]) == KINDS[max(own, above)]


def test_who_stands_below_whom(tree: Books):
    below = {(one, other) for one in ("top", "mid", "low", "other") for other in ("top", "mid", "low",
        "other") if descends(tree, one, other)}
    assert below == {("mid", "top"), ("low", "mid"), ("low", "top")}
    assert descends(tree, "nowhere", "top") is descends(tree, "top", "") is False


def test_where_money_is_allocated_to(tree: Books):
    for source, to, right in (
        ("top", "low", True), ("low", "top", True), ("low", "bound", True), ("top", "top", False), ("top", "other", False),
        ("other", "top", False), ("bound", "deep", True), ("bound", "top", False), ("bound", "mid", False),
        ("bound", "bound", False),
        ("deep", "bound", False), ("still", "kept", True), ("still", "mid", False), ("bound", "other", False),
    ):  # fmt: skip
        assert faults_of(tree, judging(stays_in_tree), act_of(), source, to) == ([] if right else ["restriction"])


def test_what_is_spent(tree: Books):
    assert [faults_of(tree, judging(spendable), act_of(), name) for name in ("top", "bound", "still", "kept")] == [
        [], [], ["restriction"], ["restriction"],
    ]  # fmt: skip


def test_where_goods_lie(tree: Books):
    for source, to, right in (
        ("bound", "bound", True), ("bound", "deep", True), ("deep", "bound", False), ("bound", "top", False),
        ("bound", "other", False),
        ("low", "top", True), ("mid", "deep", True), ("top", "other", False), ("top", "top", True), ("still", "kept", True),
    ):  # fmt: skip
        assert faults_of(tree, judging(kept_within), act_of(), source, to) == ([] if right else ["restriction"])


def test_out_of_which_fund_is_covered(tree: Books):
    for name, party_id, right in (("top", "hope", True), ("top", "river", False), ("bound", "hope", False),
        ("other", "river", True)):
        assert faults_of(tree, judging(can_cover), act_of(party_id), name) == ([] if right else ["restriction"])


def test_a_fund_that_is_not_there_is_a_wrong_name(tree: Books):
    for call in (
        spendable, can_cover, kept_within, stays_in_tree,
    ):  # fmt: skip
        more = () if call in (spendable, can_cover) else ("top",)
        assert rule_of(judging(call), tree, act_of(), "nowhere", *more) == "reference"
    assert rule_of(same_project, tree, "nowhere", "top") == "reference"


def a_project(**more) -> Books:
    """Funds `a` and `b` of project p, which spends a third on administration and nothing on fundraising; `c` of q, `d` of none."""
    limits = (("administration", 1, 3), ("fundraising", 0, 1))
    projects = {"p": Project("hope", "P", limits, 1, 1), "q": Project("hope", "Q", (), 1, 1)}
    return books_of(fund={"a": fund(project="p"), "b": fund(project="p"), "c": fund(project="q"), "d": fund()},
        project=projects, **more)


def test_funds_of_the_same_project():
    books = a_project()
    same = {(one, other) for one in "abcd" for other in "abcd" if same_project(books, one, other)}
    assert same == {("a", "a"), ("a", "b"), ("b", "a"), ("b", "b"), ("c", "c")}


def test_a_cost_stays_within_its_share_of_the_inflow():
    for came, spent, amount, cost, right in (
        (9, 0, 3, "administration", True), (9, 0, 4, "administration", False), (9, 2, 1, "administration", True),
        (9, 2, 2, "administration", False), (11, 3, 1, "administration", False), (12, 3, 1, "administration", True),
        (9, 0, 1, "fundraising", False), (9, 0, 9, "programme", True), (0, 0, 1, "administration", False),
        (-9, 0, 1, "administration", False), (2, 0, 1, "administration", False), (3, 0, 1, "administration", True),
    ):  # fmt: skip
        books = a_project(came={"p/CNY": Sum(came)}, spent={f"p/CNY/{cost}": Sum(spent), "p/USD/administration": Sum(99)})
        found = faults_of(books, judging(within_cost_limit), act_of(), ("b", "CNY"), cost, amount)
        assert found == ([] if right else ["cost-limit"])


def test_a_limit_is_of_zero_where_more_went_out_than_came_in():
    books = a_project(came={"p/CNY": Sum(-9)})
    with pytest.raises(Refused) as refused:
        judging(within_cost_limit)(books, act_of(), ("a", "CNY"), "administration", 1)
    assert refused.value.message == (
        "1 CNY more: administration costs reach 1 CNY, and the project allows at most 0 CNY "
        "(1/3 of its inflow, -9 CNY); pay less, or from another fund"
    )


    limits = (("administration", 1, 1),)
    for came, amount, rules in ((-9, 1, ["cost-limit"]), (0, 1, ["cost-limit"]), (1, 1, []), (1, 2, ["cost-limit"])):
        project = {"p": Project("hope", "P", limits, 1, 1)}
        whole = books_of(fund={"a": fund(project="p")}, project=project, came={"p/CNY": Sum(came)})
        assert faults_of(whole, judging(within_cost_limit), act_of(), ("a", "CNY"), "administration", amount) == rules


def test_without_a_project_there_is_no_limit():
    for name in "cd":
        assert faults_of(a_project(), judging(within_cost_limit), act_of(), (name, "CNY"), "administration", 1) == []


def test_what_came_into_a_project():
    books = a_project()
    for tape, amount in (("a/CNY", 5), ("b/CNY", 2), ("a/USD", 9), ("d/CNY", 7), ("nowhere/CNY", 7), ("a/CNY", 0)):
        enter_project(books, tape, amount)
    assert {key: row.amount for key, row in books.came.items()} == {"p/CNY": 7, "p/USD": 9}
    enter_project(books, "b/CNY", -3)
    enter_project(books, "d/CNY", -3)
    assert [inflow(books, "a", unit) for unit in ("CNY", "USD", "box")] == [4, 9, 0]
    assert rule_of(enter_project, books, "a/CNY", MAX_INTEGER - 4) == ""
    assert rule_of(enter_project, books, "a/CNY", 1) == "tape-limit"


def test_nothing_that_came_in_leaves_no_row():
    books = a_project()
    enter_project(books, "a/CNY", 0)
    assert list(books.came.items()) == []


def test_what_an_exchange_takes_along():
    for came, spent, amount, along in (
        (9, {}, 5, 5), (9, {}, 9, 9), (9, {}, 12, 9), (9, {"administration": 1}, 9, 6), (9, {"administration": 1}, 5, 5),
        (9, {"administration": 3}, 9, 0), (9, {"administration": 4}, 9, 0), (9, {"fundraising": 1}, 9, 0),
        (9, {"programme": 5}, 9, 9), (-2, {}, 5, 0), (10, {"administration": 3}, 9, 1),
        (9, {"administration": 1, "fundraising": 1}, 9, 0),
    ):  # fmt: skip
        rows = {f"p/CNY/{cost}": Sum(sum_) for cost, sum_ in spent.items()}
        assert inflow_not_used(a_project(came={"p/CNY": Sum(came)}, spent=rows), "a", "CNY", amount) == along


def test_of_a_limit_that_is_no_whole_number_no_unit_is_lost():
    """Two sevenths: a cost of 1 needs an inflow of 4, of which it is within one; with 3 it would not be."""
    limits = (("administration", 2, 7),)
    for came, along in ((4, 0), (5, 1)):
        books = books_of(
            fund={"a": fund(project="p")}, project={"p": Project("hope", "P", limits, 1, 1)}, came={"p/CNY": Sum(came)},
            spent={"p/CNY/administration": Sum(1)},
        )  # fmt: skip
        assert inflow_not_used(books, "a", "CNY", 9) == along


def test_outside_a_project_everything_goes_along_and_without_a_limit_the_whole_inflow():
    assert inflow_not_used(a_project(), "d", "CNY", 7) == 7
    assert [inflow_not_used(a_project(came={"q/CNY": Sum(9)}), "c", "CNY", amount) for amount in (8, 9, 12)] == [8, 9, 9]


def test_what_was_spent():
    books = a_project()
    for name, unit, cost, amount in (
        ("a", "CNY", "programme", 5), ("b", "CNY", "programme", 2), ("a", "CNY", "administration", 4), ("a", "USD", "programme", 3),
        ("d", "CNY", "programme", 8), ("a", "CNY", "administration", -9),
    ):  # fmt: skip
        spend(books, name, unit, cost, amount)
    assert {key: row.amount for key, row in books.spent.items()} == {
        "p/CNY/programme": 7, "p/CNY/administration": 0, "p/USD/programme": 3,
    }  # fmt: skip
    spend(books, "a", "CNY", "programme", MAX_INTEGER - 7)
    assert rule_of(spend, books, "a", "CNY", "programme", 1) == "tape-limit"
