"""The tape against a list of single units (books §1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.books.tape import EMPTY, Span, Tape, cut_spans, split
from ledger.canonical import MAX_INTEGER
from ledger.errors import Refused

Units = list[bool]  # of each unit that ever came in: whether it is taken


def spans(numbers: list[int]) -> tuple[Span, ...]:
    """Ascending unit numbers as maximal ranges."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number:
            ranges[-1][1] += 1
        else:
            ranges.append([number, number + 1])
    return tuple((start, end) for start, end in ranges)


def free(units: Units) -> list[int]:
    return [number for number, taken in enumerate(units) if not taken]


def played(steps: list[tuple[str, int, int]]) -> tuple[Tape, Units]:
    """Inflows, outflows of the lowest units and of named ones, on a tape and on a list; what one refuses the other has to."""
    tape, units = EMPTY, []
    for step, a, b in steps:
        wanted = list(range(a, a + b)) if step == "named" else free(units)[:b]
        possible = len(wanted) == b and all(number < len(units) and not units[number] for number in wanted)
        if step == "in":
            assert tape.end == len(units)
            tape, units = tape.give(b), units + [False] * b
        elif possible:
            ranges = ((a, a + b),) if step == "named" else tape.lowest(b)
            assert ranges == spans(wanted)
            tape = tape.take(ranges)
            for number in wanted:
                units[number] = True
        else:
            with pytest.raises(Refused) as refused:
                tape.take(((a, a + b),) if step == "named" else tape.lowest(b))
            assert refused.value.rule == "overdraft"
    return tape, units


STEP = st.one_of(
    st.tuples(st.sampled_from(["in", "lowest"]), st.just(0), st.integers(1, 12)),
    st.tuples(st.just("named"), st.integers(0, 40), st.integers(1, 3)),
    st.tuples(st.just("named"), st.integers(0, 40), st.integers(1, 12)),
)
STEPS = st.lists(STEP, max_size=25).map(lambda steps: [("in", 0, 20), *steps])


@given(STEPS)
def test_a_tape_is_its_units(steps):
    tape, units = played(steps)
    assert tape.end == len(units)
    assert tape.free() == len(free(units))
    for start in range(len(units) + 1):
        for end in range(start + 1, len(units) + 2):
            assert tape.is_free(start, end) == (end <= len(units) and not any(units[start:end]))
            assert tape.is_taken(start, end) == (end <= len(units) and all(units[start:end]))


@given(STEPS)
def test_a_tape_says_one_state_in_one_way(steps):
    tape, units = played(steps)
    first = free(units)[0] if free(units) else len(units)
    assert tape.frontier == first
    taken = [number for number, gone in enumerate(units) if gone and number > first]
    assert tape.holes == tuple(edge for span in spans(taken) for edge in span)


@given(STEPS, st.integers(0, 40))
def test_an_audit_skips_to_a_unit(steps, frontier):
    tape, units = played(steps)
    frontier = min(frontier, len(units))
    after = tape.skip_to(frontier)
    assert after.free() == len([number for number in free(units) if number >= frontier])
    assert frontier == 0 or after.is_taken(0, frontier)
    assert all(after.is_free(number, number + 1) for number in free(units) if number >= frontier)


def test_an_audit_catches_up_with_an_inflow_after_a_gap_and_not_before_the_end():
    assert EMPTY.give(10).catch_up(15, 20).end == 20
    with pytest.raises(Refused) as refused:
        EMPTY.give(10).catch_up(9, 20)
    assert refused.value.rule == "tape-flow"


def test_first_in_first_out():
    tape = EMPTY.give(10).give(5)
    assert tape.lowest(12) == ((0, 12),)
    assert tape.take(((2, 4),)).lowest(4) == ((0, 2), (4, 6))


def test_named_units_that_overlap_are_taken_once():
    with pytest.raises(Refused, match=r"units \[3, 6\): some are taken"):
        EMPTY.give(10).take(((0, 4), (3, 6)))


def test_a_tape_never_grows_past_the_largest_integer():
    full = EMPTY.give(MAX_INTEGER)
    assert full.lowest(MAX_INTEGER) == ((0, MAX_INTEGER),)
    with pytest.raises(Refused) as refused:
        full.give(1)
    assert refused.value.rule == "tape-limit"


def cut_by_hand(ranges: list[Span]) -> list[int]:
    return [number for start, end in ranges for number in range(start, end)]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.lists(st.integers(1, 9), min_size=1, max_size=6), st.data())
def test_ranges_are_cut_in_their_order(lengths, sizes, data):
    ranges, start = [], 0
    for length in lengths:
        ranges.append((start, start + length))
        start += length + 2
    units = cut_by_hand(ranges)
    sizes = [*sizes[: sum(1 for n in range(len(sizes)) if sum(sizes[: n + 1]) <= len(units))]]
    parts = [cut_by_hand(list(part)) for part in split(ranges, sizes)]
    assert [len(part) for part in parts] == sizes
    assert [unit for part in parts for unit in part] == units[: sum(sizes)]
    first = data.draw(st.integers(0, len(units)))
    last = data.draw(st.integers(first, len(units)))
    assert cut_by_hand(cut_spans(ranges, first, last)) == units[first:last]
