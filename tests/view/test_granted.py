"""What a project was granted, against the flows of every record."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given

from ledger.books.flows import ins, outs
from ledger.view.goal import granted_to, towards_goal
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import traceability
from ledger.view.view import View
from tests.trace.telling import UNEVEN, Step, Telling, steps
from tests.view.naive import Naive
from tests.view.telling import MORE, SOME, told
from tests.writer.on_disk import OnDisk


def naively(naive: Naive) -> dict[str, Counter[str]]:
    """By project and unit: units that crossed its edge by an allocation, less those that a reversal took back over it; and what
    receipts took of grants from outside, less what was paid back."""
    owners, sums = naive.owners(), defaultdict[str, Counter[str]](Counter)
    for leaf in naive.leaves:
        for number, record in enumerate(leaf.statement.records):
            rows = leaf.rows(number)
            tapes = {tape.partition("/")[0] for tape, _ in [*outs(rows), *ins(rows)]}
            is_moved = record.kind == "allocation" or (
                record.kind == "reversal" and naive.named_of(leaf.entry.index, record).kind == "allocation"
            )
            if not is_moved or len({owners[fund][0] for fund in tapes}) < 2:
                continue
            for tape, (start, end) in outs(rows) if record.kind == "reversal" else ins(rows):
                fund, _, unit = tape.partition("/")
                sums[owners[fund][0]][unit] += (end - start) * (-1 if record.kind == "reversal" else 1)
    for (into, source, unit), amount in taken(naive).items():
        if owners[into][0] != owners[source][0]:
            sums[owners[into][0]][unit] += amount
    return sums


def taken(naive: Naive) -> Counter[tuple[str, str, str]]:
    """By fund, by the fund that paid, and unit: what receipts took of grants and was not paid back."""
    kept, back, refs = Counter[str](), Counter[str](), naive.records
    at = {f"{entry}.{number}": record for (entry, number), record in refs.items()}
    for (entry, number), record in refs.items():
        name, of = f"{entry}.{number}", at.get(getattr(record, "of", None) or "")
        returns = getattr(record, "returns", None) or getattr(of, "returns", None)
        if record.kind == "receipt" and record.into and not returns:
            kept[name] = record.amount
        elif returns not in kept:
            if record.kind == "reversal" and record.of in kept:
                del kept[record.of]
        elif record.kind == "payment":
            kept[returns] -= record.amount
        elif record.kind == "payment-return":
            kept[returns] += record.amount
            back[record.of] += record.amount
        elif record.kind == "reversal":
            kept[returns] += of.amount - back[record.of]
    sums = Counter[tuple[str, str, str]]()
    for name, amount in kept.items():
        paid = at[at[name].of]
        sums[at[name].into, paid.fund, paid.unit] += amount
    return sums


def check_granted(telling: Telling) -> None:
    with View.open(telling.ledger.directory) as view:
        for size in (view.tree_size // 2, view.tree_size):
            expected = naively(Naive(telling.ledger.leaves[:size]))
            for project in ("school", "wells", "nothing"):
                assert Counter(granted_to(view.at(size), project)) == +expected[project], (size, project)
                check_towards(view.at(size), project, expected[project])


def check_towards(snapshot: Snapshot, project: str, expected: Counter[str]) -> None:
    """The parts of what came towards a goal are its gifts, and what it was granted from funds that are not its own."""
    kept = {row.unit: row.base for row in traceability(snapshot, project=project)}
    for unit in ("CNY", "USD", "JPY", "box"):
        found = towards_goal(snapshot, project, unit)
        assert sum(part.amount for part in found.granted) == expected[unit]
        assert sum(part.amount for part in found.gifts) == kept.get(unit, 0)
        own = Scope(project=project).funds(snapshot.books)
        assert all(part.fund in own and part.source not in own for part in [*found.gifts, *found.granted])


@SOME
@given(steps((*UNEVEN, "allocate", "pass_on", "take", "reverse")))
def test_what_was_granted_is_what_crossed_the_edge(story: list[Step]):
    with told(story) as telling:
        check_granted(telling)


@pytest.mark.long
@MORE
@given(steps((*UNEVEN, "allocate", "pass_on", "take", "reverse"), most=60))
def test_what_was_granted_in_long_stories_is_what_crossed_the_edge(story: list[Step]):
    with told(story) as telling:
        check_granted(telling)


TREE = """
    hope: fund pool unrestricted; project wells parent=pool; activity pumps wells; project roads parent=pool
    hope: donation 100.00 CNY -> pool; donation 5.00 CNY -> wells; donation 9.00 USD -> pool
    river: fund purse unrestricted; donation 4.00 CNY -> purse
"""


@pytest.fixture
def tree(town: OnDisk) -> OnDisk:
    town.play(TREE)
    return town


@pytest.mark.parametrize(
    ("said", "wells"),
    [
        ("hope: allocation 60.00 CNY pool -> wells", {"CNY": 6000}),
        ("hope: allocation 60.00 CNY pool -> pumps", {"CNY": 6000}),
        ("hope: allocation 6.00 CNY pool -> wells; allocation 5.00 CNY wells -> pumps", {"CNY": 600}),
        ("hope: allocation 6.00 CNY pool -> wells as a; reversal ^a", {}),
        ("hope: allocation 6.00 CNY pool -> roads", {}),
        ("hope: allocation 9.00 USD pool -> wells; allocation 1.00 CNY pool -> wells", {"CNY": 100, "USD": 900}),
        ("river: payment 2.00 CNY purse -> hope grant=wells as g", {}),
        ("river: payment 2.00 CNY purse -> hope grant=wells as g\nhope: receipt 1.50 ^g into=wells", {"CNY": 150}),
        ("river: payment 2.00 CNY purse -> hope grant= as g\nhope: receipt 2.00 ^g into=pumps", {"CNY": 200}),
        ("hope: payment 2.00 CNY pool -> river grant=purse as g\nriver: receipt 2.00 ^g into=purse", {}),
    ],
)  # fmt: skip
def test_what_is_a_grant(tree: OnDisk, said: str, wells: dict[str, int]):
    tree.play(said)
    with View.open(tree.directory) as view:
        assert granted_to(view.at(), "wells") == wells
        assert granted_to(view.at(), "general") == {}
