"""What stands behind a payment, page by page, is what the whole way back finds at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from ledger.books.record import outs
from ledger.books.trace import Origin, backward
from ledger.entries.store_flows import Trail
from ledger.errors import NotFound
from ledger.view import Snapshot, View
from ledger.view.origins import OriginCursor
from tests.trace.telling import PLACE, UNEVEN, Step, Telling, steps
from tests.view.telling import MORE, SOME, told
from tests.writer.on_disk import OnDisk, a_town


def whole(snapshot: Snapshot, ref: str) -> list[Origin]:
    """Every origin of what a record took, by the number of its units."""
    entry, record = map(int, ref.split("."))
    found, number = [], 0
    for tape, (low, high) in outs(snapshot.trail.target(entry, record).rows):
        shift = number - low
        found += [o._replace(start=o.start + shift, end=o.end + shift) for o in backward(snapshot.trail, tape, low, high)]
        number += high - low
    return found


def paged(snapshot: Snapshot, ref: str, limit: int) -> list[Origin]:
    found: list[Origin] = []
    after = None
    while True:
        page = snapshot.payment_origins(ref, after, limit)
        found += page.origins
        if page.next is None:
            return found
        assert len(page.origins) == limit
        after = page.next


def bare(origins: list[Origin]) -> list[Origin]:
    """Sorted, and without the paths: of several ways to one origin a page may have found another one."""
    return sorted(origin._replace(path=()) for origin in origins)


def check_pages(telling: Telling) -> None:
    with View.open(telling.ledger.directory) as view:
        snapshot = view.at()
        for leaf in telling.ledger.leaves:
            for number in range(len(leaf.statement.records)):
                ref = f"{leaf.entry.index}.{number}"
                if outs(leaf.rows(number)):
                    for limit in (1, 2, 7, 1000):
                        assert bare(paged(snapshot, ref, limit)) == bare(whole(snapshot, ref)), (ref, limit)
                else:
                    with pytest.raises(NotFound):
                        snapshot.payment_origins(ref)


@SOME
@given(steps(UNEVEN))
def test_pages_of_origins_hold_what_the_whole_way_back_finds(story: list[Step]):
    with told(story) as telling:
        check_pages(telling)


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=60))
def test_pages_of_origins_of_long_stories_hold_what_the_whole_way_back_finds(story: list[Step]):
    with told(story) as telling:
        check_pages(telling)


@pytest.fixture
def many(town: OnDisk) -> Iterator[Snapshot]:
    """Two thousand gifts of one fen, allocated and paid together."""
    for _ in range(10):
        town.play("hope: " + "; ".join(["donation 0.01 CNY -> school"] * 200))
    town.play("hope: allocation 20.00 CNY school -> books")
    town.play("hope: payment 20.00 CNY books -> press as paid")
    with View.open(town.directory) as view:
        yield view.at()


def counted(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which entries are read for their gifts from now on."""
    read: list[int] = []
    leaf = Trail.leaf

    def reading(self: Trail, entry: int) -> Any:
        read.append(entry)
        return leaf(self, entry)

    monkeypatch.setattr(Trail, "leaf", reading)
    return read


def test_a_page_of_many_gifts_costs_what_it_holds(many: Snapshot, monkeypatch: pytest.MonkeyPatch):
    """Gifts 1,500 to 1,549 lie in one entry; the seven entries before it are not read for them."""
    read = counted(many, monkeypatch)
    page = many.payment_origins("15.0", OriginCursor(1500, 0), 50)
    assert [(o.ref, o.start, o.end) for o in page.origins] == [(f"11.{n}", 1400 + n, 1401 + n) for n in range(100, 150)]
    assert page.amount == 2000 and page.next == OriginCursor(1550, 0)
    assert set(read) == {11, 14, 15}


def test_pages_within_one_thing_bought_by_many(tmp_path):
    """One box for five hundred gifts: every page stands behind the same unit."""
    town = a_town(tmp_path / "boxes")
    for _ in range(5):
        town.play("hope: " + "; ".join(["donation 0.01 CNY -> school"] * 100))
    town.play("hope: payment 5.00 CNY school -> shop goods=1:box:books:5.00")
    town.play("hope: delivery 1 box books -> river")
    with View.open(town.directory) as view:
        page = view.at().payment_origins("10.0", limit=200)
        assert page.amount == 1 and page.next == OriginCursor(0, 200)
        found = paged(view.at(), "10.0", 200)
        assert [o.ref for o in found] == [f"{entry}.{n}" for entry in range(4, 9) for n in range(100)]
        assert {(o.start, o.end, o.at_end - o.at_start) for o in found} == {(0, 1, 1)}
    town.close()


@pytest.mark.parametrize("after", [(2000, 0), (10**30, 10**30), (0, 10**30), (1999, 1)])
def test_a_cursor_beyond_the_end_finds_nothing(many: Snapshot, after: tuple[int, int]):
    assert many.payment_origins("15.0", OriginCursor(*after)) == (2000, (), None)


def test_a_cursor_before_the_start_is_the_start(many: Snapshot):
    assert many.payment_origins("15.0", OriginCursor(-5, -1), 3) == many.payment_origins("15.0", None, 3)


def test_the_way_back_ends_where_the_snapshot_does(tmp_path):
    """A fund that is paid from and given to by turns: an old page is never of later gifts."""
    town = OnDisk(tmp_path / "turns")
    town.play(PLACE)
    for _ in range(6):
        town.play("hope: donation 2.00 CNY -> general")
        town.play("hope: payment 1.50 CNY general -> shop")
    with View.open(town.directory) as view:
        before = {}
        for size in range(view.tree_size + 1):
            snapshot = view.at(size)
            for item in snapshot.records(kind="payment").items:
                pages = paged(snapshot, item.ref, 1)
                assert before.setdefault(item.ref, pages) == pages
        assert len(before) == 6
    town.close()
