"""The order in which the units of a bundle move: what may be followed, and what is found, at every edge."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.bundle.order import disorder
from ledger.entries.leaf import Leaf
from ledger.entries.statement import Statement
from ledger.findings.finding import Finding
from ledger.log.entry import Entry

HASH = "a" * 64
Row = tuple[int, int, str, int, int]


def leaves(*rows: Row, tape: str = "school/CNY") -> dict[int, Leaf]:
    """Entries of three records each, with these flows: entry, record, sign, start, end."""
    said: dict[int, list[Any]] = {}
    for entry, number, sign, start, end in rows:
        said.setdefault(entry, []).append([number, sign, tape, start, end])
    statement = Statement.model_construct(records=(None, None, None))
    return {at: Leaf(Entry(at, HASH, "", (), {}, b"", flows), statement) for at, flows in said.items()}


def found(*rows: Row) -> list[tuple[int, int]]:
    """The places of what is found, all of it `tape-flow`."""
    findings = list(disorder(leaves(*rows), {}))
    assert {finding.rule for finding in findings} <= {"tape-flow"}
    return [(finding.entry, finding.record) for finding in findings]


IN_ORDER: list[list[Row]] = [
    [],
    [(1, 0, "+", 0, 10)],
    [(1, 0, "+", 0, 10), (2, 0, "+", 10, 20)],
    [(1, 0, "+", 0, 10), (1, 1, "+", 10, 20)],
    [(1, 0, "+", 0, 10), (1, 0, "+", 10, 20)],
    [(1, 0, "+", 0, 10), (2, 0, "-", 0, 10)],
    [(1, 0, "+", 0, 10), (1, 1, "-", 0, 10)],
    [(1, 0, "+", 0, 10), (2, 0, "-", 0, 5), (2, 0, "-", 5, 10)],
    [(1, 0, "+", 0, 10), (3, 0, "+", 10, 20), (2, 0, "-", 0, 10)],
    [(1, 0, "+", 0, 10), (3, 0, "+", 20, 30), (2, 0, "-", 10, 20)],
    [(3, 0, "-", 10, 20), (2, 0, "-", 0, 10)],
    [(1, 0, "+", 0, 10), (2, 2, "-", 3, 4)],
    [(3, 0, "+", 0, 10), (2, 0, "-", 10, 20)],
]  # fmt: skip


@pytest.mark.parametrize("rows", IN_ORDER)
def test_what_is_in_order(rows: list[Row]):
    """Units may go out that the bundle does not show coming in."""
    assert found(*rows) == []


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([(1, 0, "+", 0, 10), (2, 0, "+", 9, 20)], [(2, 0)]),
        ([(2, 0, "+", 0, 10), (1, 0, "+", 10, 20)], [(1, 0)]),
        ([(1, 1, "+", 0, 10), (1, 0, "+", 10, 20)], [(1, 0)]),
        ([(1, 0, "-", 0, 10), (2, 0, "-", 9, 20)], [(2, 0)]),
        ([(1, 0, "+", 0, 10), (1, 0, "-", 0, 10)], [(1, 0)]),
        ([(2, 0, "+", 0, 10), (1, 0, "-", 0, 10)], [(1, 0)]),
        ([(2, 1, "+", 0, 10), (2, 0, "-", 9, 10)], [(2, 0)]),
        ([(2, 0, "+", 5, 10), (1, 0, "-", 0, 6)], [(1, 0)]),
        ([(1, 0, "+", 0, 5), (3, 0, "+", 5, 10), (2, 0, "-", 0, 6)], [(2, 0)]),
        ([(2, 0, "+", 0, 5), (3, 0, "+", 5, 10), (1, 0, "-", 4, 6)], [(1, 0), (1, 0)]),
        ([(4, 0, "+", 3, 5), (3, 0, "-", 0, 9)], [(3, 0)]),
        ([(2, 0, "+", 5, 10), (3, 0, "+", 20, 30), (1, 0, "-", 0, 6)], [(1, 0)]),
        ([(2, 0, "+", 0, 10), (3, 0, "+", 9, 20), (1, 0, "-", 0, 5)], [(3, 0)]),
        ([(2, 0, "+", 0, 10), (1, 0, "-", 0, 5), (1, 1, "-", 4, 6)], [(1, 1)]),
    ],
)
def test_what_is_not(rows: list[Row], places: list[tuple[int, int]]):
    assert found(*rows) == places


@pytest.mark.parametrize(("number", "places"), [(-1, [(1, -1)]), (0, []), (2, []), (3, [(1, -1)])])
def test_flows_are_of_a_record_that_is_there(number: int, places: list[tuple[int, int]]):
    assert found((1, number, "+", 0, 10)) == places


def test_tapes_are_apart():
    both = leaves((1, 0, "+", 0, 10)) | leaves((2, 0, "+", 0, 10), tape="books/CNY")
    assert list(disorder(both, {})) == []


def test_what_is_found_is_said_in_words():
    assert list(disorder(leaves((2, 1, "+", 0, 10), (1, 0, "-", 3, 9)), {"CNY": 2})) == [
        Finding(1, 0, "tape-flow", "0.06 CNY (units 3 to 9) of fund school: some of it went out before it came in by record 2.1")
    ]
    assert list(disorder(leaves((1, 0, "-", 0, 9), (1, 0, "-", 8, 9)), {"CNY": 0})) == [
        Finding(1, 0, "tape-flow", "1 CNY (units 8 to 9) of fund school: some of it went out twice")
    ]
    assert list(disorder(leaves((1, 0, "+", 0, 9), (1, 0, "+", 8, 9)), {"pen": 0})) == [
        Finding(1, 0, "tape-flow", "units 8 to 9 of fund school: some of it came in twice, or out of order")
    ]
