"""Figures against a list of single units, and against sums over every record."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.amount import to_text
from ledger.audit.overdue import overdue as findings
from ledger.books.gift import follow_gift
from ledger.books.levels import LEVELS
from ledger.books.life import STATES
from ledger.view.figures import Sum, fund_figures, given_by, paid_by
from ledger.view.overdue import Overdue, overdue
from ledger.view.received import received, received_by
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import KEPT, RETURNED, Traceability, traceability
from ledger.view.view import View
from tests.trace.telling import UNEVEN, Step, Telling, steps
from tests.view.naive import Naive
from tests.view.telling import MORE, SOME, told
from tests.writer.on_disk import OnDisk

Scope = dict[str, str]
Holds = Callable[[str], bool]


def scopes(naive: Naive) -> list[tuple[Scope, Holds]]:
    """Conditions of every sort, and which funds meet them."""
    owners = naive.owners()
    found: list[tuple[Scope, Holds]] = [({}, lambda fund: True), ({"fund": "nobody"}, lambda fund: False)]
    for name in owners:
        found.append(({"fund": name}, lambda fund, n=name: fund == n))
    for name in {project for project, _ in owners.values() if project}:
        found.append(({"project": name}, lambda fund, n=name: owners[fund][0] == n))
        found.append(({"project": name, "charity": "river"}, lambda fund, n=name: owners[fund] == (n, "river")))
    for name in {charity for _, charity in owners.values()}:
        found.append(({"charity": name}, lambda fund, n=name: owners[fund][1] == n))
    return found


def check_funds(snapshot: Snapshot, naive: Naive) -> None:
    """Every unit that came in left or is there; what a reversal takes back never came, what it brings back never left."""
    there: dict[str, set[int]] = defaultdict(set)
    came, left = Counter[str](), Counter[str]()
    for record, tape, sign, start, end in naive.flows():
        units = set(range(start, end))
        there[tape] = there[tape] | units if sign == "+" else there[tape] - units
        if record.kind == "reversal":
            (left if sign == "+" else came)[tape] -= len(units)
        else:
            (came if sign == "+" else left)[tape] += len(units)
    gifts = [record for record in naive.records.values() if record.kind == "donation"]
    for scope, holds in scopes(naive):
        rows = fund_figures(snapshot, **scope)
        assert [(row.fund, row.unit) for row in rows] == sorted(
            (fund, unit) for fund, unit in (tape.split("/") for tape in came) if holds(fund)
        )
        for row in rows:
            name, own = f"{row.fund}/{row.unit}", [g for g in gifts if (g.fund, g.unit) == (row.fund, row.unit)]
            assert row.inflow == row.outflow + row.balance
            assert (row.inflow, row.outflow, row.balance) == (came[name], left[name], len(there[name]))
            assert (row.gifts, row.given) == (len(own), sum(gift.amount for gift in own))


def check_sums(snapshot: Snapshot, naive: Naive) -> None:
    owners = naive.owners()
    returned, void = Counter[str](), {record.of for record in naive.records.values() if record.kind == "reversal"}
    for (entry, number), record in naive.records.items():
        if record.kind == "payment-return" or (getattr(record, "into", None) and f"{entry}.{number}" not in void):
            returned[record.of] += record.amount
    gifts = [(r.fund, r.unit, r.received_on, r.amount) for r in naive.records.values() if r.kind == "donation"]
    payments = [
        (r.fund, r.unit, r.paid_on, r.amount - returned[f"{entry}.{number}"])
        for (entry, number), r in naive.records.items() if r.kind == "payment"
    ]  # fmt: skip
    keys: dict[str, Callable[[str, str], str]] = {
        "month": lambda fund, day: day[:7], "fund": lambda fund, day: fund, "project": lambda fund, day: owners[fund][0],
        "charity": lambda fund, day: owners[fund][1],
    }  # fmt: skip
    for scope, holds in scopes(naive):
        for by, key in keys.items():
            for asked, rows in ((given_by, gifts), (paid_by, payments)):
                sums: dict[tuple[str, str], list[int]] = defaultdict(list)
                for fund, unit, day, amount in rows:
                    if holds(fund) and amount:
                        sums[key(fund, day), unit].append(amount)
                expected = [Sum(name, unit, sum(amounts), len(amounts)) for (name, unit), amounts in sorted(sums.items())]
                assert asked(snapshot, by, **scope) == expected, (asked, by, scope)


def check_traceability(snapshot: Snapshot, naive: Naive) -> None:
    """Each unit of each gift is where the pencil found it."""
    states, levels = naive.states()
    for scope, holds in scopes(naive):
        by_unit, acknowledged = in_scope(states, holds), in_scope(levels, holds)
        rows = traceability(snapshot, **scope)
        assert [row.unit for row in rows] == sorted(by_unit)
        for row in rows:
            check_row(row, by_unit[row.unit])
            check_levels(row, acknowledged[row.unit])


def in_scope(by_tape: dict[str, Counter[str]], holds: Holds) -> dict[str, Counter[str]]:
    """Sums over the tapes of those funds, by unit."""
    by_unit: dict[str, Counter[str]] = defaultdict(Counter)
    for tape, counted in by_tape.items():
        if holds(tape.split("/")[0]):
            by_unit[tape.split("/")[1]].update(counted)
    return by_unit


def check_received(snapshot: Snapshot, naive: Naive) -> None:
    """What all funds received from outside is what they were given; each stage is the sum of its parts."""
    assert received(snapshot) == traceability(snapshot)
    owners = naive.owners()
    for place, key in enumerate(("project", "charity")):
        for name in sorted({owner[place] for owner in owners.values() if owner[place]}):
            scope = {key: name}
            given = {row.unit: row.given for row in traceability(snapshot, **scope)}
            for row in received(snapshot, **scope):
                assert row.given >= given.get(row.unit, 0) and sum(row.stages.values()) == row.base
                for stage, amount in row.stages.items():
                    parts = received_by(snapshot, row.unit, stage, **scope)
                    assert sum(part.amount for part in parts) == amount
                    assert all(not part.source or owners[part.source][place] != name for part in parts)


def check_levels(row: Traceability, acknowledged: Counter[str]) -> None:
    assert row.levels == {
        level: acknowledged[f"received/{level}"] + acknowledged[f"reported/{level}"] for level in LEVELS
    }
    for state, (signed, own) in {"received": ("signed", "self"), "reported": ("reported", "reported-self")}.items():
        assert row.stages[signed] == sum(acknowledged[f"{state}/{level}"] for level in LEVELS[:3])
        assert row.stages[own] == sum(acknowledged[f"{state}/{level}"] for level in LEVELS[3:])
    assert sum(row.stages.values()) == row.base, "each unit is in one stage"


def check_row(row: Traceability, counted: Counter[str]) -> None:
    assert row.states == {state: counted[state] for state in KEPT}
    assert row.returned == sum(counted[state] for state in RETURNED)
    assert row.given == counted.total() == row.returned + sum(row.states.values())
    assert row.base == row.given - row.returned
    assert row.reached("paid") == counted["paid"] + counted["received"] + counted["reported"]
    assert row.reached("received") == counted["received"] + counted["reported"]
    assert row.reached("reported") == counted["reported"] and row.reached("held") == counted["held"]


def check_gift_by_gift(snapshot: Snapshot, telling: Telling) -> None:
    """What is followed by ranges is the sum of what is followed gift by gift."""
    sums = Counter[str]()
    with snapshot.reading():
        for item in snapshot.records(kind="donation", limit=1000).items:
            sums.update(follow_gift(snapshot.store_flows, item.ref, snapshot.day).totals())
    rows = traceability(snapshot)
    for state in STATES:
        if state not in (*RETURNED, "void"):
            assert sum(row.states[state] for row in rows) == sums[state]
    assert sum(row.returned for row in rows) == sum(sums[state] for state in RETURNED)


def said(snapshot: Snapshot, row: Overdue) -> str:
    """The sentence of an audit."""
    amount = to_text(row.amount, snapshot.books.unit.get(row.unit).exponent, row.unit)
    return f"{amount} from fund {row.fund} has no {row.stage}; it was due on {row.due_on}"


def check_overdue(snapshot: Snapshot, naive: Naive) -> None:
    """The same payments that an audit finds late, unit by unit."""
    last = datetime.date.fromisoformat(snapshot.day)
    days = ["", *((last + datetime.timedelta(days)).isoformat() for days in (1, 9, 11, 31, 41, 500))]
    for day in days:
        rows = overdue(snapshot, day)
        found = [(f"overdue-{row.stage}", *map(int, row.ref.split(".")), said(snapshot, row)) for row in rows]
        late = findings(snapshot.books, day or snapshot.day)
        assert sorted(found) == sorted((finding.rule, finding.entry, finding.record, finding.message) for finding in late)
        assert rows == sorted(rows)
        for scope, holds in scopes(naive):
            assert overdue(snapshot, day, **scope) == [row for row in rows if holds(row.fund)]


def check_all(telling: Telling, sizes: list[int]) -> None:
    leaves = telling.ledger.leaves
    with View.open(telling.ledger.directory) as view:
        for number in [*sizes, len(leaves)]:
            size = 1 + number % len(leaves)
            snapshot, naive = view.at(size), Naive(leaves[:size])
            check_funds(snapshot, naive)
            check_sums(snapshot, naive)
            check_traceability(snapshot, naive)
            check_received(snapshot, naive)
            check_gift_by_gift(snapshot, telling)
            check_overdue(snapshot, naive)
        newest, naive = view.at(), Naive(leaves)
        check_traceability(newest, naive)
        check_sums(newest, naive)


@SOME
@given(steps(UNEVEN), st.lists(st.integers(0, 999), max_size=3))
def test_figures_are_what_single_units_sum_to(story: list[Step], sizes: list[int]):
    with told(story) as telling:
        check_all(telling, sizes)


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=80), st.lists(st.integers(0, 999), max_size=6))
def test_figures_of_long_stories_are_what_single_units_sum_to(story: list[Step], sizes: list[int]):
    with told(story) as telling:
        check_all(telling, sizes)


def check_following(story: list[Step], back: int) -> None:
    """A view that asks after every few steps keeps what it found, and asks at older sizes between; it is never wrong."""
    with told([]) as telling, View.open(telling.ledger.directory) as view:
        for number in range(0, len(story), 3):
            telling.tell(story[number : number + 3])
            view.refresh()
            leaves = telling.ledger.leaves
            assert view.tree_size == len(leaves)
            check_traceability(view.at(), Naive(leaves))
            check_overdue(view.at(), Naive(leaves))
            if number % 5 == back % 5:
                size = max(1, len(leaves) - back)
                check_traceability(view.at(size), Naive(leaves[:size]))
                check_overdue(view.at(size), Naive(leaves[:size]))
        with View.open(telling.ledger.directory) as fresh:
            assert traceability(view.at()) == traceability(fresh.at())


@SOME
@given(steps(UNEVEN), st.integers(1, 20))
def test_figures_that_follow_the_writer_are_what_single_units_sum_to(story: list[Step], back: int):
    check_following(story, back)


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=90), st.integers(1, 60))
def test_figures_that_follow_a_long_story_are_what_single_units_sum_to(story: list[Step], back: int):
    check_following(story, back)


PROJECT = """
    2026-09-08
    hope: donation 100.00 CNY -> school fee=4.00 fee_to=till as one
    hope: donation 50.00 CNY -> general
    hope: income 6.00 CNY -> school
    hope: allocation 30.00 CNY school -> books
    2026-09-10
    hope: payment 20.00 CNY books -> shop as paid; payment 10.00 CNY school -> shop as bought
    shop: receipt 12.00 of ^paid
    2026-09-12
    hope: feedback read 3 payments=^paid
    hope: refund ^one school CNY units=8000..9000 reason=legal
    shop: receipt 5.00 of ^paid
"""


@pytest.fixture
def school(town: OnDisk) -> Snapshot:
    town.play(PROJECT)
    with View.open(town.directory) as view:
        yield view.at()


def test_a_project_as_an_accountant_would_write_it_down(school: Snapshot):
    """Of 100.00 given 4.00 are the fee, 10.00 went back, 10.00 are paid; of 20.00 more paid 12.00 are reported, 5.00 received."""
    (row,) = traceability(school, project="school")
    assert (row.unit, row.given, row.returned, row.base) == ("CNY", 10000, 1000, 9000)
    assert row.states == {
        "held": 5600 - 1000, "allocated": 1000, "paid": 1300, "received": 500, "reported": 1200, "disputed": 0, "fee": 400,
        "written-off": 0,
    }  # fmt: skip
    assert (row.reached("paid"), row.reached("received"), row.reached("reported")) == (3000, 1700, 1200)
    assert [(r.fund, r.inflow, r.outflow, r.balance, r.gifts, r.given) for r in fund_figures(school, project="school")] == [
        ("books", 3000, 2000, 1000, 0, 0), ("school", 10200, 5000, 5200, 1, 10000),
    ]  # fmt: skip
    assert given_by(school, "charity") == [Sum("hope", "CNY", 15000, 2)]
    assert paid_by(school, "month") == [Sum("2026-09", "CNY", 3000, 2)]


def test_what_is_late_and_since_when(school: Snapshot):
    """Receipts are due ten days after the payment, feedback thirty after the last receipt."""
    assert overdue(school) == [] == overdue(school, "2026-09-20")
    late = [(row.stage, row.fund, row.amount, row.due_on) for row in overdue(school, "2026-09-21")]
    assert late == [("receipt", "books", 300, "2026-09-20"), ("receipt", "school", 1000, "2026-09-20")]
    assert [row.amount for row in overdue(school, "2026-12-01", fund="books")] == [300, 500]


def test_what_is_refunded_later_is_no_refund_yet(town: OnDisk, view: View):
    """The newest size is asked first: 3.00 of the gift were paid, and covered at entry 6."""
    town.play("""
        hope: donation 10.00 CNY -> school as one; donation 10.00 CNY -> general
        hope: payment 3.00 CNY school -> press
        hope: refund ^one school CNY cover=general:0..300 units=900..1000 reason=legal
    """)
    view.refresh()
    ((_, given, returned, _, states, *_),) = traceability(view.at(), fund="school")
    assert (given, returned, states["paid"], states["held"]) == (1000, 400, 0, 600)
    ((_, given, returned, _, states, *_),) = traceability(view.at(6), fund="school")
    assert (given, returned, states["paid"], states["held"]) == (1000, 0, 300, 700)
    ((_, given, returned, _, states, *_),) = traceability(view.at(5), fund="school")
    assert (given, returned, states["paid"], states["held"]) == (1000, 0, 0, 1000)


def test_what_came_back_waits_for_nothing(town: OnDisk, view: View):
    """Only the charity says that all was received, and a part came back: a receipt and feedback are due for what is left."""
    town.play("""
        hope: donation 10.00 CNY -> school
        hope: payment 9.00 CNY school -> press as paid
        hope: receipt 9.00 ^paid level=self-declared
        hope: payment-return 4.00 ^paid
    """)
    view.refresh()
    assert [(row.stage, row.amount) for row in overdue(view.at(), "2027-01-01")] == [("receipt", 500), ("feedback", 500)]


def test_statistics_are_found_as_they_were_signed(town: OnDisk, view: View):
    town.play("hope: " + "; ".join(["donation 1.00 CNY -> school"] * 12))
    town.play("hope: statistics school CNY from_day=2026-09-01 to_day=2026-09-30 cells=2026-09:12.00:12")
    view.refresh()
    (item,) = view.at().records(kind="statistics", project="school").items
    assert [(cell.code, cell.amount, cell.gifts) for cell in item.record.cells] == [("2026-09", 1200, 12)]
    assert given_by(view.at(), "month", fund="school") == [Sum("2026-09", "CNY", 1200, 12)]


def test_figures_of_nothing(view: View):
    for size in (0, 3, 4):
        snapshot = view.at(size)
        assert traceability(snapshot) == overdue(snapshot) == fund_figures(snapshot) == given_by(snapshot, "month") == []


def test_funds_are_in_the_order_of_their_ids(town: OnDisk, view: View):
    """Not in that of their tapes: in these, a dash comes before the slash."""
    town.play("    hope: fund general-2 unrestricted; donation 1 CNY -> general-2; donation 1 CNY -> general")
    view.refresh()
    funds = [row.fund for row in fund_figures(view.at(), charity="hope")]
    assert funds == sorted(funds) and {"general", "general-2"} <= set(funds)
