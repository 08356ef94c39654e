"""What is claimed once: whatever order ranges come in, a unit is known as claimed exactly when it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.books.claim import Claimed

SMALL = [(start, end) for start in range(7) for end in range(start + 1, 8)]


def test_every_two_small_ranges_and_one_between_them():
    for one in SMALL:
        for other in SMALL:
            claimed, units = Claimed(), set(range(*one)) | set(range(*other))
            claimed.add([one, other])
            assert [claimed.holds_some(*asked) for asked in SMALL] == [bool(units & set(range(*asked))) for asked in SMALL]
            claimed.add([(3, 5)])
            units |= {3, 4}
            assert [claimed.holds_some(*asked) for asked in SMALL] == [bool(units & set(range(*asked))) for asked in SMALL]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=15)


@given(SPANS, SPANS)
def test_ranges_are_claimed_as_their_units_are(added: list[tuple[int, int]], asked: list[tuple[int, int]]):
    claimed, units = Claimed(), set[int]()
    for start, end in added:
        claimed.add([(start, end)])
        units |= set(range(start, end))
        for low, high in asked:
            assert claimed.holds_some(low, high) == bool(units & set(range(low, high)))
