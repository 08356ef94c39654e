"""Units out and units in (books §1): the formulas against unit by unit."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.books.tape import behind, image, preimage
from ledger.bounds import MAX_INTEGER

SMALL = range(1, 13)
AMOUNT = st.integers(1, MAX_INTEGER)


def parts(size: int) -> list[tuple[int, int]]:
    """Every range that is not empty of so many units."""
    return list(combinations(range(size + 1), 2))


IN = [(b, part) for b in SMALL for part in parts(b)]


@pytest.mark.parametrize("a", SMALL)
def test_image_is_the_smallest_range_that_holds_every_unit(a):
    for b, (start, end) in product(SMALL, parts(a)):
        units = [u * b // a for u in range(start, end)]
        assert image(start, end, a, b) == (min(units), max(units) + 1)


@pytest.mark.parametrize("a", SMALL)
def test_preimage_is_the_units_that_map_into_the_range(a):
    for b, (start, end) in IN:
        low, high = preimage(start, end, a, b)
        assert list(range(low, high)) == [u for u in range(a) if start <= u * b // a < end]


@pytest.mark.parametrize("a", SMALL)
def test_behind_is_the_units_that_stand_behind_the_range(a):
    for b, (start, end) in IN:
        low, high = behind(start, end, a, b)
        stands = [(u * b // a, (u + 1) * b // a if b > a else u * b // a + 1) for u in range(a)]
        assert list(range(low, high)) == [u for u in range(a) if stands[u][0] < end and start < stands[u][1]]
        assert low < high


def test_three_boxes_for_the_gifts_of_a_hundred_people():
    assert [preimage(box, box + 1, 100, 3) for box in range(3)] == [(0, 34), (34, 67), (67, 100)]


@given(AMOUNT, AMOUNT, st.data())
def test_every_unit_given_is_behind_exactly_one_part(a, b, data):
    cuts = sorted({0, b, *data.draw(st.lists(st.integers(0, b), max_size=6))})
    ends = [preimage(start, end, a, b) for start, end in zip(cuts, cuts[1:], strict=False)]
    assert ends[0][0] == 0 and ends[-1][1] == a
    assert all(left[1] == right[0] for left, right in zip(ends, ends[1:], strict=False))


@given(AMOUNT, AMOUNT, st.data())
def test_a_range_comes_back_out_of_its_image(a, b, data):
    start = data.draw(st.integers(0, a - 1))
    end = data.draw(st.integers(start + 1, a))
    low, high = preimage(*image(start, end, a, b), a, b)
    assert low <= start and end <= high
