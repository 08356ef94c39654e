"""One step back from a payment: every unit that it took came in as a gift or by exactly one of the sources."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from ledger.books.flows import ins, outs
from ledger.entries.store_flows import StoreFlows
from ledger.errors import NotFound, UsageError
from ledger.view.snapshot import Snapshot
from ledger.view.sources import Source, sources_of
from ledger.view.view import View
from tests.trace.telling import UNEVEN, Step, Telling, steps
from tests.view.telling import MORE, SOME, told
from tests.writer.on_disk import OnDisk


def brought(telling: Telling, ref: str) -> dict[str, int]:
    """How many units each record brought that a record took, "" for gifts: unit by unit over every flow."""
    entry, number = map(int, ref.split("."))
    counted = Counter[str]()
    for tape, (low, high) in outs(telling.ledger.leaves[entry].rows(number)):
        for leaf in telling.ledger.leaves:
            for place, record in enumerate(leaf.statement.records):
                for nth, (into, (start, end)) in enumerate(ins(leaf.rows(place))):
                    amount = min(end, high) - max(start, low)
                    if into == tape and amount > 0:
                        is_gift = record.is_gift and nth == 0
                        counted["" if is_gift else f"{leaf.entry.index}.{place}"] += amount
    return +counted


def paged(snapshot: Snapshot, ref: str, limit: int) -> list[Source]:
    """Every source, page by page; each page begins where the one before it ended."""
    found: list[Source] = []
    after: int | None = 0
    while after is not None:
        page = sources_of(snapshot, ref, after, limit)
        assert len(page.sources) == limit or page.next is None
        found += page.sources
        after = page.next
    return found


def check_sources(telling: Telling) -> None:
    with View.open(telling.ledger.directory) as view:
        snapshot = view.at()
        for leaf in telling.ledger.leaves:
            for number in range(len(leaf.statement.records)):
                ref = f"{leaf.entry.index}.{number}"
                page, expected = sources_of(snapshot, ref), brought(telling, ref)
                assert page.gifts == expected.pop("", 0), ref
                for limit in (1, 3, 1000):
                    sums = Counter[str]()
                    for source in paged(snapshot, ref, limit):
                        sums[source.ref] += source.end - source.start
                    assert sums == expected, (ref, limit)
                assert page.amount == page.gifts + sum(expected.values())


@SOME
@given(steps(UNEVEN))
def test_every_unit_has_one_source(story: list[Step]):
    with told(story) as telling:
        check_sources(telling)


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=60))
def test_every_unit_of_long_stories_has_one_source(story: list[Step]):
    with told(story) as telling:
        check_sources(telling)


def test_gifts_are_counted_and_not_read(town: OnDisk, monkeypatch: pytest.MonkeyPatch):
    """However many there are: of two thousand none is looked at."""
    for _ in range(10):
        town.play("hope: " + "; ".join(["donation 0.01 CNY -> school"] * 200))
    town.play("hope: payment 19.00 CNY school -> press")
    with View.open(town.directory) as view:
        snapshot, read = view.at(), list[int]()
        leaf = StoreFlows.leaf
        monkeypatch.setattr(StoreFlows, "leaf", lambda store_flows, entry: (read.append(entry), leaf(store_flows, entry))[1])
        assert sources_of(snapshot, "14.0") == (1900, 1900, (), None)
        assert set(read) == {14}


def test_gifts_and_other_money_are_told_apart(town: OnDisk):
    town.play("hope: income 1.00 CNY -> general; donation 3.00 CNY -> general")
    town.play("hope: income 0.50 CNY -> general")
    town.play("hope: payment 4.25 CNY general -> press")
    with View.open(town.directory) as view:
        page = sources_of(view.at(), "6.0")
        assert page == (425, 300, (Source("4.0", 0, 100), Source("5.0", 400, 425)), None)
        assert sources_of(view.at(), "6.0", limit=1).next == 400


@pytest.mark.parametrize("after", [425, 10**30])
def test_a_page_beyond_the_end_is_empty(town: OnDisk, after: int):
    town.play("hope: income 1.00 CNY -> general; payment 1.00 CNY general -> press")
    with View.open(town.directory) as view:
        assert sources_of(view.at(), "4.1", after) == (100, 0, (), None)
        assert sources_of(view.at(), "4.1", -5) == sources_of(view.at(), "4.1")


def test_what_cannot_be_asked(town: OnDisk):
    with View.open(town.directory) as view:
        assert sources_of(view.at(), "0.0") == (0, 0, (), None), "what took nothing has no source"
        for ref in ("0.9", "99.0"):
            with pytest.raises(NotFound):
                sources_of(view.at(), ref)
        for limit in (0, 1001):
            with pytest.raises(UsageError):
                sources_of(view.at(), "0.0", limit=limit)
