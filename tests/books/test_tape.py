"""The tape against a list of single units (books §1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.books.tape import EMPTY, Span, Tape, behind, cut_spans, image, preimage, split
from ledger.bounds import MAX_INTEGER
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


def of_units(units: Units) -> Tape:
    """The tape on which exactly these units are taken."""
    first = free(units)[0] if free(units) else len(units)
    taken = [number for number, gone in enumerate(units) if gone and number > first]
    return Tape(len(units), first, tuple(edge for span in spans(taken) for edge in span))


SMALL = [[bool(number >> place & 1) for place in range(6)] for number in range(64)]
RANGES = [(start, end) for start in range(7) for end in range(start + 1, 8)]


def test_every_small_tape_tells_what_of_it_is_free_and_what_is_taken():
    for units in SMALL:
        tape = of_units(units)
        assert tape.free() == len(free(units))
        for start, end in RANGES:
            assert tape.is_free(start, end) == (end <= 6 and not any(units[start:end])), (units, start, end)
            assert tape.is_taken(start, end) == (end <= 6 and all(units[start:end])), (units, start, end)


def test_every_small_tape_after_each_range_is_taken():
    for units in SMALL:
        for start, end in RANGES:
            if end <= 6 and not any(units[start:end]):
                after = of_units([gone or start <= number < end for number, gone in enumerate(units)])
                assert of_units(units).take(((start, end),)) == after, (units, start, end)
            else:
                with pytest.raises(Refused, match="some are already used or never came in"):
                    of_units(units).take(((start, end),))


def test_every_small_tape_gives_its_lowest_units():
    for units in SMALL:
        for amount in range(1, 7):
            if amount <= len(free(units)):
                assert of_units(units).lowest(amount) == spans(free(units)[:amount])
            else:
                with pytest.raises(Refused, match=f"cannot take {amount} units: the fund holds {len(free(units))} units"):
                    of_units(units).lowest(amount)


def test_every_small_tape_is_skipped_to_each_unit():
    for units in SMALL:
        for frontier in range(7):
            after = of_units([gone or number < frontier for number, gone in enumerate(units)])
            assert of_units(units).skip_to(frontier) == after, (units, frontier)


def test_a_tape_grows_at_its_end():
    tape = Tape(6, 2, (3, 4))
    assert tape.give(5) == tape.catch_up(6, 11) == Tape(11, 2, (3, 4))
    assert tape.catch_up(8, 11) == Tape(11, 2, (3, 4))
    assert type(tape.give(5)) is Tape and Tape(0, 0, ()) == EMPTY
    assert EMPTY.give(MAX_INTEGER - 1).give(1).end == MAX_INTEGER


@pytest.mark.parametrize("a", range(1, 8))
@pytest.mark.parametrize("b", range(1, 8))
def test_units_out_and_units_in_are_mapped_as_defined(a: int, b: int):
    """Unit u of a out becomes unit ⌊u·b/a⌋ of b in; where b > a, the last that became it or less stands behind a unit in."""
    became = [u * b // a for u in range(a)]
    for start in range(a):
        for end in range(start + 1, a + 1):
            assert image(start, end, a, b) == (became[start], became[end - 1] + 1)
    for start in range(b):
        for end in range(start + 1, b + 1):
            low, high = preimage(start, end, a, b)
            assert list(range(low, high)) == [u for u in range(a) if start <= became[u] < end]
            stand = {u for v in range(start, end) for u in range(a) if became[u] == max(one for one in became if one <= v)}
            assert behind(start, end, a, b) == (min(stand), max(stand) + 1)


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
    with pytest.raises(Refused, match=r"units 3 to 6 of the fund: some are already used"):
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


def test_ranges_are_cut_where_they_are_said_to_be():
    ranges = [(3, 6), (10, 11), (20, 24)]
    assert split(ranges, [2, 1, 3, 2]) == [((3, 5),), ((5, 6),), ((10, 11), (20, 22)), ((22, 24),)]
    assert split(ranges, [8]) == [((3, 6), (10, 11), (20, 24))] and split(ranges, [0, 1]) == [(), ((3, 4),)]
    assert split(ranges, []) == []
    units = cut_by_hand(ranges)
    for first in range(9):
        for last in range(first, 10):
            cut = cut_spans(ranges, first, last)
            assert cut_by_hand(cut) == units[first:last] and all(start < end for start, end in cut)
