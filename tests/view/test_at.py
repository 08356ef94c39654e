"""At every tree size a snapshot is what the fold of so many entries gives, however it is come by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.books.gift import follow_gift
from ledger.books.trace import backward, forward
from ledger.directory.rebuild import rebuild
from ledger.errors import NotFound
from ledger.view.snapshot import Snapshot
from ledger.view.view import View
from tests.directory.test_rebuild import STORY, tables
from tests.trace.reading import Plain
from tests.trace.telling import UNEVEN, Step, Telling, steps
from tests.view.naive import books_of, rows
from tests.view.telling import MORE, SOME, blocks_of, told
from tests.writer.on_disk import OnDisk, a_gift


def check_books(snapshot: Snapshot, telling: Telling) -> None:
    leaves = telling.ledger.leaves[: snapshot.tree_size]
    assert rows(snapshot.books) == rows(books_of(leaves)), snapshot.tree_size
    assert snapshot.time == (leaves[-1].entry.time if leaves else "")


def check_trail(snapshot: Snapshot, telling: Telling) -> None:
    """Money is followed as far as it had come, and came from where it came from."""
    plain = Plain(snapshot.books, telling.ledger.leaves[: snapshot.tree_size])
    for gift in telling.gifts:
        if int(gift.ref.partition(".")[0]) < snapshot.tree_size:
            assert snapshot.gift(gift.ref, "2027-01-01") == follow_gift(plain, gift.ref, "2027-01-01")
        else:
            with pytest.raises(NotFound):
                snapshot.gift(gift.ref)
    with snapshot.reading():
        for name, tape in snapshot.books.tape.items():
            assert forward(snapshot.store_flows, name, 0, tape.end) == forward(plain, name, 0, tape.end)
            assert backward(snapshot.store_flows, name, 0, tape.end) == backward(plain, name, 0, tape.end)


def check_all(telling: Telling, order: list[int]) -> None:
    size = telling.ledger.sequencer.tree_size
    with View.open(telling.ledger.directory) as view:
        assert view.tree_size == size
        for number in order:
            check_books(view.at(number % (size + 1)), telling)
        for number in order[:3]:
            check_trail(view.at(number % (size + 1)), telling)
        for number in (*range(size + 1), *range(size, -1, -1)):
            check_books(view.at(number), telling)


@SOME
@given(steps(UNEVEN), st.integers(1, 9), st.lists(st.integers(0, 999), max_size=12))
def test_every_size_is_the_fold_of_its_entries(story: list[Step], block_entries: int, order: list[int]):
    with told(story, block_entries) as telling:
        check_all(telling, order)


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=60), st.integers(1, 40), st.lists(st.integers(0, 999), max_size=40))
def test_every_size_of_long_stories_is_the_fold_of_its_entries(story: list[Step], block_entries: int, order: list[int]):
    with told(story, block_entries) as telling:
        check_all(telling, order)


@SOME
@given(steps(UNEVEN), st.integers(1, 9))
def test_a_rebuild_gives_the_same_tables_in_whatever_groups_the_entries_came(story: list[Step], block_entries: int):
    """The story was committed one by one, its end in one group; a rebuild takes 128 at once."""
    with told(story, block_entries) as telling:
        telling.ledger.close()
        before = tables(telling.ledger.directory)
        assert before["history"] and before["mentions"]
        rebuild(telling.ledger.directory)
        assert tables(telling.ledger.directory) == before


@pytest.fixture
def long_town(town: OnDisk) -> OnDisk:
    """Three whole blocks and a part, in groups that end within them."""
    town.play(STORY)
    for count in (50, 128, 3, 200):
        town.sequencer.submit([a_gift(town, 1 + n) for n in range(count)])
    town._take_up()
    return town


def test_sizes_about_the_edges_of_blocks(long_town: OnDisk):
    size = long_town.sequencer.tree_size
    assert size == 400
    with View.open(long_town.directory) as view:
        for number in (400, 384, 128, 0, 127, 129, 383, 385, 256, 399, 1, 255, 257):
            snapshot = view.at(number)
            assert rows(snapshot.books) == rows(books_of(long_town.leaves[:number])), number


@pytest.mark.parametrize("tree_size", [-1, 20, 2**53])
def test_a_size_that_is_not_signed_is_not_found(town: OnDisk, view: View, tree_size: int):
    with pytest.raises(NotFound) as missing:
        view.at(tree_size)
    assert missing.value.rule == "tree-size"
    assert str(tree_size) in missing.value.message and "4" in missing.value.message


def test_what_was_given_out_does_not_change(town: OnDisk, view: View):
    town.play("hope: donation 5.00 CNY -> school as one")
    assert view.refresh() and not view.refresh()
    snapshot = view.at()
    before, trace, listed = rows(snapshot.books), snapshot.gift("4.0"), snapshot.records(fund="school")
    root, proof, bundle = snapshot.root(), snapshot.inclusion(2), snapshot.bundle("4.0")
    town.play("""
        hope: allocation 2.00 CNY school -> books
        hope: payment 1.00 CNY books -> press as paid
        hope: receipt 1.00 ^paid level=self-declared
        hope: refund ^one school CNY units=400..500 reason=legal
    """)
    assert view.refresh() and view.at().tree_size == 9
    assert view.at().gift("4.0") != trace and len(view.at().records(fund="school").items) > len(listed.items)
    assert (rows(snapshot.books), snapshot.gift("4.0"), snapshot.records(fund="school")) == (before, trace, listed)
    assert (snapshot.root(), snapshot.inclusion(2), snapshot.bundle("4.0")) == (root, proof, bundle)
    assert view.at(5).gift("4.0") == trace


def test_the_newest_and_few_older_ones_are_kept(long_town: OnDisk):
    with View.open(long_town.directory) as view:
        newest, old = view.at(), view.at(300)
        assert view.at(300) is old
        for number in range(40, 60):
            view.at(number)
        assert view.at() is newest
        assert view.at(300) is not old and rows(view.at(300).books) == rows(old.books)


@pytest.fixture
def three(town: OnDisk) -> Iterator[View]:
    """Three entries more than were signed when the view was opened, but not signed yet."""
    with View.open(town.directory) as view:
        town.sequencer.submit([a_gift(town) for _ in range(3)], sign=False)
        yield view


def test_what_is_not_signed_is_not_read(town: OnDisk, three: View):
    assert not three.refresh() and three.at().tree_size == 4
    assert three.at().records(kind="donation").items == ()
    assert three.at().books.given.get("school/CNY/2026-09-07") is None
    for number in (5, 7):
        with pytest.raises(NotFound):
            three.at(number)
    with View.open(town.directory) as view:
        assert view.at().tree_size == 4 and rows(view.at().books) == rows(three.at().books)
    town.sequencer.sign()
    assert three.at(6).tree_size == 6, "a size above the known ones is looked for"
    assert three.at().tree_size == three.tree_size == 7


def test_books_of_no_entries(view: View):
    empty = view.at(0)
    assert (empty.tree_size, empty.time, empty.day) == (0, "", "")
    assert empty.records().items == () and not any(table for _, table in rows(empty.books).items())
    assert empty.consistency(0) == []
    for asked in (empty.checkpoint, lambda: empty.leaf(0), lambda: empty.inclusion(0), lambda: empty.gift("0.0")):
        with pytest.raises(NotFound):
            asked()


def test_a_small_block_and_a_large_one_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the size of blocks is, nobody can tell from the answers."""
    answers = []
    for entries in (1, 3, 1000):
        blocks_of(monkeypatch, entries)
        town = OnDisk(tmp_path / str(entries))
        town.play("op: unit CNY 2; unit USD 2; unit box 0; unit mask 0")
        town.play("op: party hope charity li; party shop vendor sun; party press vendor; party river charity xu")
        town.play("op: party till custodian")
        town.play("hope: fund general unrestricted; project school restricted; activity books school")
        town.play(STORY)
        with View.open(town.directory) as view:
            answers.append([rows(view.at(number).books) for number in range(view.tree_size + 1)])
        town.close()
    assert answers[0] == answers[1] == answers[2]
