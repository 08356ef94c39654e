"""What any store has to do. A new kind of store is one more line in conftest.py."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import Conflict, NotFound, StorageError
from ledger.store.protocol import Batch, Store
from tests.store.conftest import Kind
from tests.store.sample import FOREVER, TAPE, batch, check_exact, check_holds, entry, fill, key, rows_of


def test_a_new_store_is_empty(store: Store):
    check_holds(store, 0)
    assert store.tables() == []
    assert list(store.entries(0, 0)) == []
    assert store.warnings == []


@pytest.mark.parametrize("sizes", [[1], [1, 1, 1], [256], [255, 2], [600], [3, 300, 1, 40]])
def test_batches_are_held_whole(store: Store, sizes: list[int]):
    fill(store, *sizes)
    check_holds(store, sum(sizes))


def test_what_was_appended_is_there_after_opening_again(kind: Kind):
    with kind.create() as store:
        fill(store, 300)
    with kind.open(True) as store:
        check_holds(store, 300)
        fill(store, 20)
    with kind.open(False) as store:
        check_holds(store, 320)
        assert store.warnings == []


def test_a_batch_at_another_place_is_refused(store: Store):
    fill(store, 5)
    for first in (0, 4, 6):
        with pytest.raises(Conflict) as refused:
            store.append(batch(first, 2))
        assert refused.value.rule == "tree-size"
    check_holds(store, 5)


def test_a_batch_that_cannot_be_written_changes_nothing(store: Store):
    fill(store, 5)
    bad = batch(5, 3)
    overlapping = [*bad.flows, bad.flows[0]]
    with pytest.raises(StorageError):
        store.append(bad._replace(flows=overlapping))
    check_holds(store, 5)
    fill(store, 4)
    check_holds(store, 9)


def test_keys_of_a_refused_batch_are_not_found(store: Store):
    bad = batch(0, 3)
    with pytest.raises(StorageError):
        store.append(bad._replace(flows=bad.flows * 2, keys=[(b"refused" + bytes(9), 0, 7)]))
    assert store.candidates([b"refused" + bytes(9)]) == [[]]
    fill(store, 3)
    check_exact(store, range(3))


@pytest.mark.parametrize("index", [-1, 3, 4, 2**53])
def test_an_entry_that_is_not_there(store: Store, index: int):
    fill(store, 3)
    with pytest.raises(NotFound) as missing:
        store.entry(index)
    assert missing.value.rule == "entry"
    assert str(index) in missing.value.message


def test_entries_come_in_order_until_one_is_missing(store: Store):
    fill(store, 700)
    assert store.entry(699) == entry(699)
    assert list(store.entries(255, 513)) == [entry(index) for index in range(255, 513)]
    assert list(store.entries(9, 9)) == list(store.entries(9, 2)) == []
    beyond = store.entries(698, 701)
    assert [next(beyond), next(beyond)] == [entry(698), entry(699)]
    with pytest.raises(NotFound):
        next(beyond)


def test_a_tile_is_replaced_whole(store: Store):
    store.append(Batch(first=0, tiles=[(0, 0, b"a" * 32), (1, 0, b"b" * 32), (0, 2**45, b"far")]))
    store.append(Batch(first=0, tiles=[(0, 0, b"a" * 32 + b"c" * 32)]))
    assert store.tile(0, 0) == b"a" * 32 + b"c" * 32
    assert store.tile(1, 0) == b"b" * 32
    assert store.tile(0, 2**45) == b"far"
    assert store.tile(0, 1) == store.tile(2, 0) == b""


def test_rows_are_sorted_and_replaced(store: Store):
    keys = ["b", "", "a", "é", "\U0001f600", "￿", "B", "a/b"]
    store.append(Batch(first=0, rows=[(0, "fund", name, name.encode()) for name in keys] + [(0, "party", "x", b"1")]))
    assert [name for name, _ in store.rows("fund")] == sorted(keys, key=str.encode)
    store.append(Batch(first=0, rows=[(1, "fund", "a", b"new")]))
    assert dict(store.rows("fund")) == {**{name: name.encode() for name in keys}, "a": b"new"}
    assert store.tables() == ["fund", "party"]
    assert list(store.rows("none")) == []


def test_of_two_blocks_the_later_counts_and_both_are_history(store: Store):
    store.append(Batch(first=0, rows=[(4, "t", "a", b"1"), (4, "t", "b", b"1"), (5, "t", "a", b"2")]))
    assert dict(store.rows("t")) == {"a": b"2", "b": b"1"}
    store.append(Batch(first=0, rows=[(5, "t", "a", b"3"), (6, "s", "a", b"4")]))
    assert list(store.history(4, 7)) == [("t", "a", b"1"), ("t", "b", b"1"), ("t", "a", b"3"), ("s", "a", b"4")]
    assert list(store.history(5, 6)) == [("t", "a", b"3")]
    assert list(store.history(0, 4)) == list(store.history(7, FOREVER)) == list(store.history(6, 5)) == []


def test_history_being_read_is_of_one_commit(kind: Kind, store: Store):
    fill(store, 300)
    with kind.open(False) as reader:
        rows = reader.history(0, 3)
        seen = [next(rows)]
        fill(store, 300)
        assert [*seen, *rows] == [changed[1:] for changed in sorted(rows_of(0, 300))]


PLACES = [(0, 0), (0, 255), (1, 0), (7, 3), (7, 4), (2**52, 9)]


@pytest.fixture
def mentioned(store: Store) -> Store:
    """One term at six places, and others beside it in the order of terms."""
    other = [("fund:", 7, 3), ("fund:aa", 0, 1), ("fund:b", 1, 0), ("fund:é", 7, 3)]
    store.append(Batch(first=0, mentions=[*(("fund:a", *place) for place in reversed(PLACES)), *other]))
    return store


@pytest.mark.parametrize("end", [*PLACES, (FOREVER, 0)])
@pytest.mark.parametrize("start", [*PLACES, (7, 5)])
def test_places_of_a_term_between_two(mentioned: Store, start: tuple[int, int], end: tuple[int, int]):
    wanted = [place for place in PLACES if start <= place < end]
    for limit in range(len(PLACES) + 1):
        assert mentioned.mentions("fund:a", start, end, limit) == wanted[:limit]
        assert mentioned.mentions("fund:a", start, end, limit, newest_first=True) == wanted[::-1][:limit]
    assert mentioned.mentions("fund:c", start, end, 9) == []


def test_a_mention_said_twice_is_refused(mentioned: Store):
    with pytest.raises(StorageError):
        mentioned.append(Batch(first=0, mentions=[("fund:a", 7, 3)]))


def test_tapes_do_not_see_each_other(store: Store):
    store.append(Batch(first=0, flows=[("a", "-", 0, 10, 1, 2), ("b", "-", 5, 15, 3, 4), ("a", "+", 0, 20, 5, 6)]))
    assert store.outflows("a", 0, FOREVER) == [(0, 10, 1, 2)]
    assert store.outflows("b", 0, FOREVER) == [(5, 15, 3, 4)]
    assert store.inflows("a", 0, FOREVER) == [(0, 20, 5, 6)]
    assert store.inflows("b", 0, FOREVER) == store.outflows("c", 0, FOREVER) == []
    assert list(store.spans("a", 0, FOREVER)) == []


ranges = st.lists(st.integers(0, 200), unique=True, max_size=40).map(sorted)


@pytest.fixture
def tapes(store: Store) -> tuple[Store, list[int]]:
    """A store for many examples: each takes a tape of its own."""
    return store, []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ranges, st.integers(-5, 210), st.integers(-5, 210))
def test_flows_that_overlap(tapes: tuple[Store, list[int]], points: list[int], start: int, end: int):
    store, used = tapes
    used.append(0)
    tape = f"tape-{len(used)}"
    pieces = [(low, high, low, high % 7) for low, high in zip(points[::2], points[1::2], strict=False)]
    store.append(Batch(first=0, flows=[(tape, "-", *piece) for piece in reversed(pieces)]))
    expected = [piece for piece in pieces if piece[0] < end and piece[1] > start and start < end]
    assert store.outflows(tape, start, end) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ranges, st.integers(-5, 210), st.integers(-5, 210))
def test_spans_that_may_overlap(tapes: tuple[Store, list[int]], starts: list[int], start: int, end: int):
    store, used = tapes
    used.append(0)
    tape = f"tape-{len(used)}"
    store.append(Batch(first=0, spans=[(tape, begin, begin // 3) for begin in starts]))
    first = max((begin for begin in starts if begin <= start), default=start)
    expected = sorted({begin // 3 for begin in starts if first <= begin < end}) if start < end else []
    assert list(store.spans(tape, start, end)) == expected


def test_many_spans_are_read_page_by_page(store: Store):
    store.append(Batch(first=0, spans=[(TAPE, start, start // 2) for start in range(2000)]))
    assert list(store.spans(TAPE, 301, 1999)) == list(range(150, 1000))


def test_claims_are_kept_in_order_and_none_is_lost(store: Store):
    store.append(Batch(first=0, claims=[(7, 0, 9, 1, b"b"), (7, 0, 9, 0, b"a"), (7, 1, 9, 0, b"other"), (7, 0, 9, 1, b"c")]))
    store.append(Batch(first=0, claims=[(7, 0, 30, 0, b"e"), (7, 0, 11, 0, b"d")]))
    assert store.claims_on(7, 0) == [(9, 0, b"a"), (9, 1, b"b"), (9, 1, b"c"), (11, 0, b"d"), (30, 0, b"e")]
    assert store.claims_on(7, 2) == store.claims_on(8, 0) == []


def test_keys_with_one_beginning_are_all_candidates(store: Store):
    alike = [b"8 bytes " + bytes([number]) * 8 for number in range(100)]
    store.append(Batch(0, [b"x"] * 100, keys=[(alike[number], number, 255) for number in range(100)]))
    assert [(number, 255) in places for number, places in enumerate(store.candidates(alike))] == [True] * 100


def test_one_key_at_several_places(store: Store):
    store.append(Batch(0, [b"x"] * 3, keys=[(key(0, 0), 2, 1), (key(0, 0), 0, 0), (key(0, 0), 2, 0)]))
    assert store.candidates([key(0, 0), key(0, 1), key(0, 0)]) == [[(0, 0), (2, 0), (2, 1)], [], [(0, 0), (2, 0), (2, 1)]]


def test_within_one_commit_nothing_changes(kind: Kind, store: Store):
    fill(store, 10)
    with kind.open(False) as reader:
        with reader.one_commit():
            fill(store, 20)
            assert reader.tree_size == 10
            check_holds(reader, 10)
        check_holds(reader, 30)


def test_rows_being_read_are_of_one_commit(kind: Kind, store: Store):
    fill(store, 300)
    with kind.open(False) as reader:
        rows = reader.rows("party")
        seen = [next(rows)]
        fill(store, 300)
        assert len(seen + list(rows)) == 300


def test_appending_while_rows_are_being_read(store: Store):
    fill(store, 300)
    rows = store.rows("party")
    next(rows)
    fill(store, 10)
    rows.close()
    check_holds(store, 310)
    assert store.warnings == []


def test_a_sound_store_passes_its_check_and_closes_twice(store: Store):
    fill(store, 300)
    store.check()
    store.close()
    store.close()


def test_a_closed_store_answers_with_an_error(store: Store):
    fill(store, 3)
    store.close()
    with pytest.raises(StorageError):
        store.entry(0)
