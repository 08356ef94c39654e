"""What the festival is made of that `benchmarks/audit.py` measures: a simpler one would be verified in less time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ledger.canonical import parse
from ledger.directory.source import DirectorySource
from ledger.log.checkpoint import checkpoint_in
from tests.demo.conftest import Make


class Composition(NamedTuple):
    """Statements of gifts alone, those with fewer than 16, and with gifts into several funds; gifts in them, those with a fee, with
    private digests, and with a donor's one-time key."""

    statements: int
    small: int
    mixed: int
    gifts: int
    with_fee: int
    private: int
    held: int

    def shares(self) -> tuple[float, ...]:
        """Of the statements: small, mixed. Of the gifts: with a fee, private, held. In percent."""
        parts = [(part, self.statements) for part in (self.small, self.mixed)]
        parts += [(part, self.gifts) for part in (self.with_fee, self.private, self.held)]
        return tuple(round(100 * part / all, 1) for part, all in parts)


def statements(source: DirectorySource) -> Iterator[list[dict[str, Any]]]:
    """The records of each statement that is of gifts alone."""
    size = checkpoint_in(source.checkpoint()).tree_size
    for raw in source.entries(0, size):
        records = parse(raw)["statement"]["records"]
        if all(record["kind"] == "donation" for record in records):
            yield records


def composition(make: Make, number: int) -> Composition:
    said = list(statements(DirectorySource(make(number).directory)))
    gifts = [gift for gifts in said for gift in gifts]
    return Composition(
        len(said), sum(len(gifts) < 16 for gifts in said), sum(len({gift["fund"] for gift in gifts}) > 1 for gifts in said),
        len(gifts), *(sum(name in gift for gift in gifts) for name in ("fee", "private", "holder")),
    )  # fmt: skip


def test_three_statements_of_four_are_small_and_the_others_are_mixed(make: Make):
    assert composition(make, 2000).shares() == (74.6, 25.4, 16.1, 9.2, 1.9)


@pytest.mark.long
def test_the_festival_that_is_measured(make: Make):
    found = composition(make, 100_000)
    assert found == (5543, 4043, 1501, 99_992, 15_759, 9618, 1956)
    assert found.shares() == (72.9, 27.1, 15.8, 9.6, 2.0)
