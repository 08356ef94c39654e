"""A line adds up, and the list behind each of its figures adds up to that figure."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.books.record import KINDS
from ledger.errors import InputError, NotFound
from ledger.view.account import Account, Term, accounts, accounts_by_fund
from ledger.view.movement import TERMS, TERMS_OF
from ledger.view.movements import SPENT, TERMS_IN, WITH_PAYEES, WITHOUT_MONTHS, Narrowed, Row, movements, sums_by, total
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot
from ledger.view.view import View
from tests.trace.telling import UNEVEN, Step, Telling, steps
from tests.view.accounting import Bookkeeper
from tests.view.naive import Naive
from tests.view.telling import MORE, SOME, told
from tests.view.test_figures import scopes
from tests.writer.on_disk import OnDisk

EVERYTHING = (
    *UNEVEN, "void", "void", "void_part", "opening", "advance", "repay", "gift", "refund_fee", "refund_fee", "pass_on", "take",
    "take", "pay_back",
)  # fmt: skip


def test_every_kind_that_moves_units_is_placed():
    assert {kind for kind, made in KINDS.items() if made.moves} == set(TERMS_OF)
    assert {term for terms in TERMS_OF.values() for term in terms} == set(TERMS)


def all_rows(snapshot: Snapshot, asked: Narrowed, scope: Scope, limit: int) -> list[Row]:
    rows, after = list[Row](), None
    while True:
        page = movements(snapshot, asked, scope, after=after, limit=limit)
        assert len(page.rows) <= limit
        rows += page.rows
        if page.next is None:
            return rows
        assert after is None or page.next < after
        after = page.next


def check_lists(snapshot: Snapshot, scope: Scope, expected: dict[tuple[str, str], dict[tuple[int, int], int]]) -> None:
    units = {unit for _, unit in expected}
    for term in (*TERMS, SPENT):
        by_key: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for unit in units:
            rows = all_rows(snapshot, Narrowed(term, unit), scope, 7)
            wanted = {place: n for one in TERMS_IN.get(term, (term,)) for place, n in expected.get((one, unit), {}).items()}
            found = [((int(row.ref.split(".")[0]), int(row.ref.split(".")[1])), row.amount) for row in rows]
            assert found == sorted(wanted.items(), reverse=True), (term, unit, scope)
            for row in rows:
                by_key["month"][row.day[:7], unit] += row.amount
                by_key["payee"][row.payee, unit] += row.amount
        check_narrowed(snapshot, term, scope, by_key)


def check_narrowed(snapshot: Snapshot, term: str, scope: Scope, by_key: dict[str, Counter[tuple[str, str]]]) -> None:
    for by, known in (("month", term not in WITHOUT_MONTHS), ("payee", term in WITH_PAYEES)):
        if known:
            sums = sums_by(snapshot, term, by, scope)
            assert Counter({(one.key, one.unit): one.amount for one in sums}) == by_key[by], (term, by, scope)
            for one in sums:
                asked = Narrowed(term, one.unit, **{by: one.key})
                assert total(snapshot, asked, scope) == Term(term, one.amount, one.records)
                rows = all_rows(snapshot, asked, scope, 3)
                assert (sum(row.amount for row in rows), len(rows)) == (one.amount, one.records)


def check_line(snapshot: Snapshot, naive: Naive) -> None:
    keeper, owners = Bookkeeper(naive), naive.owners()
    for said, holds in scopes(naive):
        held, scope = {fund for fund in owners if holds(fund)}, Scope(**said)
        lists = keeper.lists(held)
        expected = []
        for unit in sorted({tape.split("/")[1] for tape in keeper.left}):
            terms = [Term(term, sum(rows.values()), len(rows)) for term in TERMS if (rows := lists.get((term, unit), {}))]
            left = sum(amount for tape, amount in keeper.left.items() if tape.split("/")[0] in held and tape.endswith(f"/{unit}"))
            terms = [term for term in terms if term.amount]
            expected += [Account(unit, tuple(terms), left)] if terms else []
        lines = accounts(snapshot, **said)
        assert lines == expected, said
        if "fund" not in said:
            by_fund = {fund: accounts(snapshot, fund=fund) for fund in sorted(held)}
            assert accounts_by_fund(snapshot, **said) == {fund: own for fund, own in by_fund.items() if own}
        for line in lines:
            assert sum(term.amount for term in line.terms) == line.left == line.came - line.went
            for term in line.terms:
                assert total(snapshot, Narrowed(term.name, line.unit), scope) == term
        check_lists(snapshot, scope, lists)


def check_all(telling: Telling, sizes: list[int]) -> None:
    leaves = telling.ledger.leaves
    with View.open(telling.ledger.directory) as view:
        for number in [*sizes, -1]:
            size = 1 + number % len(leaves)
            check_line(view.at(size), Naive(leaves[:size]))


@SOME
@given(steps(EVERYTHING), st.lists(st.integers(0, 999), max_size=2))
def test_every_line_adds_up_and_so_do_its_lists(story: list[Step], sizes: list[int]):
    with told(story) as telling:
        check_all(telling, sizes)


@pytest.mark.long
@MORE
@given(steps(EVERYTHING, most=80), st.lists(st.integers(0, 999), max_size=4))
def test_every_line_of_long_stories_adds_up_and_so_do_its_lists(story: list[Step], sizes: list[int]):
    with told(story) as telling:
        check_all(telling, sizes)


def line(snapshot: Snapshot, unit: str = "CNY", **scope: str) -> dict[str, int]:
    """The amounts of a line by term, and what is left."""
    (found,) = [one for one in accounts(snapshot, **scope) if one.unit == unit]
    return {**{term.name: term.amount for term in found.terms}, "left": found.left}


def now(town: OnDisk, view: View, said: str) -> Snapshot:
    town.play(said)
    view.refresh()
    return view.at()


def test_what_two_funds_of_the_scope_grant_one_another_is_in_no_term(town: OnDisk, view: View):
    """Of a grant of 20.00 river takes 12.00, pays 2.00 of that back, and hope takes it."""
    snapshot = now(town, view, """
        river: fund purse restricted
        hope: donation 100.00 CNY -> general
        hope: payment 20.00 CNY general -> river grant=purse as g
        river: receipt 12.00 ^g into=purse as in
        river: payment 2.00 CNY purse -> hope returns=^in units=0..200 as back
        hope: receipt 2.00 ^back into=general
    """)
    assert line(snapshot) == {"given": 10000, "paid": -800, "left": 9200}
    assert line(snapshot, charity="hope") == {"given": 10000, "granted": 200, "paid": -2000, "left": 8200}
    assert line(snapshot, charity="river") == {"granted": 1200, "paid": -200, "left": 1000}


def test_a_refund_is_given_back_by_each_fund_that_pays_it(town: OnDisk, view: View):
    """Who kept a fee gives 4.00 back with all of one gift; of the other 3.00 were spent, and general pays these and the fee."""
    snapshot = now(town, view, """
        hope: donation 20.00 CNY -> general; donation 10.00 CNY -> school fee=4.00 fee_to=till as one
        hope: donation 10.00 CNY -> school fee=1.00 fee_to=till as two
        hope: refund ^one school CNY units=0..600 fee=4.00 reason=legal
        hope: payment 3.00 CNY school -> press units=600..900
        hope: refund ^two school CNY units=900..1500 cover=general:600..900 fee=1.00 fee_from=general reason=legal
    """)
    school = {"given": 2000, "fees": -100, "paid": -300, "refunded": -1600, "left": 0}
    assert line(snapshot, project="school") == school
    assert line(snapshot, fund="general") == {"given": 2000, "refunded": -400, "left": 1600}
    assert line(snapshot) == {"given": 4000, "fees": -100, "paid": -300, "refunded": -2000, "left": 1600}
    assert total(snapshot, Narrowed("refunded", "CNY"), Scope()).records == 2
    assert [row.amount for row in movements(snapshot, Narrowed("fees", "CNY"), Scope()).rows] == [400, -100, -400]


def test_nothing_of_a_void_payment_shows_though_some_of_it_had_come_back(town: OnDisk, view: View):
    snapshot = now(town, view, """
        hope: donation 20.00 CNY -> school
        hope: payment 10.00 CNY school -> press as paid
        hope: payment-return 4.00 ^paid
        hope: reversal ^paid
    """)
    assert line(snapshot) == {"given": 2000, "left": 2000}
    assert movements(snapshot, Narrowed("returned", "CNY"), Scope()).rows == ()


def test_returned_money_is_in_the_month_in_which_it_came_back(town: OnDisk, view: View):
    snapshot = now(town, view, """
        hope: donation 20.00 CNY -> school
        hope: payment 10.00 CNY school -> press as paid
        2026-10-02
        hope: payment-return 4.00 ^paid
    """)
    assert [(one.key, one.amount) for one in sums_by(snapshot, "paid", "month", Scope())] == [("2026-09", -1000)]
    assert [(one.key, one.amount) for one in sums_by(snapshot, "returned", "month", Scope())] == [("2026-10", 400)]
    assert [(one.key, one.amount) for one in sums_by(snapshot, "paid", "payee", Scope())] == [("press", -1000)]


def test_a_page_ends_after_many_records_that_are_not_in_the_list(town: OnDisk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.view.movements.LOOKED_AT", 5)
    town.play("hope: " + "; ".join(["donation 1.00 CNY -> school", *["donation 2.00 CNY -> general"] * 12]))
    with View.open(town.directory) as view:
        asked, scope = Narrowed("given", "CNY", month="2026-09"), Scope(charity="hope")
        first = movements(view.at(), asked, scope, limit=100)
        assert len(first.rows) == 5 and first.next is not None
        assert sum(row.amount for row in all_rows(view.at(), asked, scope, 100)) == 2500


def test_a_page_of_gifts_reads_no_other_gifts(town: OnDisk):
    for _ in range(20):
        town.play("hope: " + "; ".join(["donation 1.00 CNY -> school"] * 50))
    with View.open(town.directory) as view:
        snapshot = view.at()
        view.at().reader.leaves.cache_clear()
        page = movements(snapshot, Narrowed("given", "CNY"), Scope(project="school"), limit=50)
        assert len(page.rows) == 50 and view.at().reader.leaves.cache_info().misses <= 2
        assert line(snapshot)["given"] == 100000 and view.at().reader.leaves.cache_info().misses <= 2


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        (Narrowed("lost", "CNY"), "term"), (Narrowed("given", "CNY", payee="shop"), "payee"),
        (Narrowed("fees", "CNY", month="2026-09"), "month"), (Narrowed("moved", "CNY", month="2026-09"), "month"),
        (Narrowed("paid", "CNY", month="2026"), "month"),
    ],
)  # fmt: skip
def test_a_list_that_there_is_not(view: View, asked: Narrowed, where: str):
    for ask in (lambda: movements(view.at(), asked, Scope()), lambda: total(view.at(), asked, Scope())):
        with pytest.raises((InputError, NotFound)) as refused:
            ask()
        assert refused.value.where == where
