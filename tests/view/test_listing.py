"""Lists of records hold what a scan of all entries finds, page by page, while the writer goes on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import UsageError
from ledger.store.sqlite_reading import Reading
from ledger.view.snapshot import Snapshot
from ledger.view.view import View
from tests.directory.test_rebuild import STORY
from tests.trace.telling import UNEVEN, Step, Telling, steps
from tests.view.naive import Naive, Place
from tests.view.telling import MORE, SOME, told
from tests.writer.on_disk import OnDisk, a_gift

Wanted = dict[str, str]
numbers = st.lists(st.tuples(*[st.integers(0, 9999)] * 6), min_size=1, max_size=25)


def pages(snapshot: Snapshot, after: Place | None, limit: int, newest_first: bool, wanted: Wanted) -> list[Place]:
    """All pages of a list; each but the last is full, and says where the next one begins."""
    found: list[Place] = []
    while True:
        page = snapshot.records(after=after, limit=limit, newest_first=newest_first, **wanted)
        found += [(item.leaf.entry.index, int(item.ref.partition(".")[2])) for item in page.items]
        if page.next is None:
            return found
        assert len(page.items) == limit and page.next == found[-1]
        after = page.next


def drawn(naive: Naive, size: int, a: int, b: int, c: int) -> Wanted:
    """One to three conditions, most of which some record meets; no list is asked for by an activity."""
    place = sorted(naive.terms)[a % len(naive.terms)]
    terms = sorted(term for term in naive.terms[place] if term[0] != "activity")
    wanted = dict(terms[(b + n * c) % len(terms)] for n in range(1 + c % 3))
    if b % 7 == 0:
        wanted |= {"kind": ("payment", "donation", "receipt", "nothing")[c % 4]}
    return wanted if b % 11 else {}


def check_listings(telling: Telling, draws: list[tuple[int, ...]]) -> None:
    leaves = telling.ledger.leaves
    with View.open(telling.ledger.directory) as view:
        for a, b, c, d, e, f in draws:
            size = len(leaves) if a % 3 else d % (len(leaves) + 1)
            naive = Naive(leaves[: size or 1])
            wanted = drawn(naive, size, a, b, c)
            after = None if e % 3 == 0 else (f % (len(leaves) + 2), e % 6)
            expected = naive.places(after, bool(d % 2), **wanted) if size else []
            assert pages(view.at(size), after, 1 + f % 5, bool(d % 2), wanted) == expected, (size, after, wanted)


@SOME
@given(steps(UNEVEN), numbers)
def test_lists_hold_what_a_scan_finds(story: list[Step], draws: list[tuple[int, ...]]):
    with told(story) as telling:
        check_listings(telling, draws)


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=80), numbers)
def test_lists_of_long_stories_hold_what_a_scan_finds(story: list[Step], draws: list[tuple[int, ...]]):
    with told(story, 128) as telling:
        check_listings(telling, draws)


@pytest.fixture
def storied(town: OnDisk) -> OnDisk:
    """Every kind that moves money, and runs of gifts of several lengths."""
    town.play(STORY)
    for count in (1, 2, 5, 200, 256):
        town.play("hope: " + "; ".join(["donation 1.00 CNY -> school"] * count))
    town.play("hope: " + "; ".join(["donation 1.00 CNY -> school", "donation 1.00 CNY -> general"] * 20))
    town.play("hope: statistics school CNY from_day=2026-09-01 to_day=2026-09-30 cells=2026-09:534.00:485")
    return town


def test_every_record_is_found_under_each_of_its_terms(storied: OnDisk):
    naive = Naive(storied.leaves)
    terms = {term for found in naive.terms.values() for term in found}
    assert {what for what, _ in terms} == {"kind", "fund", "project", "activity", "party", "about", "indicator"}
    with View.open(storied.directory) as view:
        for name in sorted(name for what, name in terms if what == "activity"):
            found = list(view.at().store_flows.having("kind:feedback", f"activity:{name}"))
            assert found == naive.places(None, False, kind="feedback", activity=name), name
        for what, name in sorted(term for term in terms if term[0] != "activity"):
            for newest_first in (False, True):
                found = pages(view.at(), None, 37, newest_first, {what: name})
                assert found == naive.places(None, newest_first, **{what: name}), (what, name)


def test_a_list_can_be_taken_up_at_any_place_in_a_run(storied: OnDisk):
    with View.open(storied.directory) as view:
        snapshot, naive = view.at(), Naive(storied.leaves)
        entry = next(leaf.entry.index for leaf in storied.leaves if len(leaf.statement.records) == 200)
        for number in (-1, 0, 1, 100, 198, 199, 200, 255, 256, 10**30):
            for newest_first in (False, True):
                after = (entry, number)
                wanted = {"fund": "school", "kind": "donation"}
                found = pages(snapshot, after, 400, newest_first, wanted)
                assert found == naive.places(after, newest_first, **wanted), after


@pytest.mark.parametrize("after", [(-1, 0), (-(10**30), 0), (10**30, 0), (2**60, 2**60), (0, -(10**9))])
@pytest.mark.parametrize("wanted", [{}, {"fund": "school"}])
def test_a_cursor_from_nowhere_does_no_harm(storied: OnDisk, after: Place, wanted: Wanted):
    naive = Naive(storied.leaves)
    with View.open(storied.directory) as view:
        for newest_first in (False, True):
            assert pages(view.at(), after, 1000, newest_first, wanted) == naive.places(after, newest_first, **wanted)


def test_an_item_is_the_record_with_its_entry_and_its_flows(storied: OnDisk):
    with View.open(storied.directory) as view:
        for item in view.at().records(limit=1000).items:
            entry, number = map(int, item.ref.split("."))
            assert item.leaf == storied.leaves[entry]
            assert item.record == item.leaf.statement.records[number]
            assert item.rows == [row for row in item.leaf.entry.flows if row[0] == number]


def test_a_list_goes_on_while_the_writer_does(town: OnDisk, view: View):
    """Pages of one snapshot are of one size. A cursor holds at a later size too: what is older comes once, what is newer is new."""
    town.sequencer.submit([a_gift(town, 1 + n) for n in range(10)])
    view.refresh()
    snapshot, seen = view.at(), []
    page = snapshot.records(fund="school", limit=3, newest_first=True)
    while page.next is not None:
        seen += [item.ref for item in page.items]
        town.play("hope: donation 1.00 CNY -> school")
        view.refresh()
        later = view.at().records(fund="school", limit=3, newest_first=True, after=page.next)
        page = snapshot.records(fund="school", limit=3, newest_first=True, after=page.next)
        assert [item.ref for item in later.items] == [item.ref for item in page.items]
    seen += [item.ref for item in page.items]
    assert seen == [*(f"{entry}.0" for entry in range(13, 3, -1)), "3.2", "3.1"]
    forth = view.at().records(fund="school", after=(13, 0))
    assert [item.ref for item in forth.items] == [f"{entry}.0" for entry in range(14, view.tree_size)] and forth.items


@pytest.mark.parametrize("limit", [0, -1, 1001, 2**70])
def test_a_page_has_a_size(view: View, limit: int):
    for asked in (view.at().records, lambda limit: view.at().payment_origins("3.0", limit=limit)):
        with pytest.raises(UsageError) as refused:
            asked(limit=limit)
        assert refused.value.rule == "parameter" and str(limit) in refused.value.message


def test_a_rare_term_is_found_among_many_gifts_without_reading_them(town: OnDisk, monkeypatch: pytest.MonkeyPatch):
    """A payment, a thousand gifts, a payment: the search for payments of the fund asks for a few places, not for a thousand."""
    pay = "hope: payment 0.01 CNY school -> press"
    town.play("hope: donation 1.00 CNY -> school")
    town.play(pay)
    town.sequencer.submit([a_gift(town, 1) for _ in range(1000)])
    town.play(pay)
    read: list[int] = []

    def counted(self: Any, *asked: Any, **more: Any) -> Any:
        found = mentions(self, *asked, **more)
        read.append(len(found))
        return found

    mentions = Reading.mentions
    monkeypatch.setattr(Reading, "mentions", counted)
    with View.open(town.directory) as view:
        for newest_first in (False, True):
            page = view.at().records(fund="school", kind="payment", project="school", newest_first=newest_first)
            assert sorted(item.ref for item in page.items) == ["1006.0", "5.0"]
    assert sum(read) < 200
