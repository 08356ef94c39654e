"""The types of fields: what their rules let pass, on both sides of each bound, and that nothing is `null`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger.books import field
from ledger.books.field import Part
from ledger.bounds import MAX_AMOUNT, MAX_INTEGER

A, B = "A" * 43, "B" * 42 + "A"


def taken(name: str, value: Any) -> bool:
    try:
        TypeAdapter(getattr(field, name)).validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("Amount", [1, MAX_AMOUNT], [0, -1, MAX_AMOUNT + 1]), ("Count", [0, MAX_INTEGER], [-1, MAX_INTEGER + 1]),
        ("Days", [0, 36500], [-1, 36501]), ("Range", [[0, 1], [5, 9]], [[0, 0], [1, 0], [5, 5], [-1, 2], [0, 1, 2], [0]]),
        (
            "Ranges", [[[0, 1]], [[0, 1], [2, 3]], [[0, 5], [6, 7], [9, 20]], [[2 * n, 2 * n + 1] for n in range(64)]],
            [[], [[0, 1], [1, 2]], [[2, 3], [0, 1]], [[0, 5], [3, 7]], [[0, 1], [4, 5], [5, 6]], [[0, 1], [0, 1]], [[1, 1]],
             [[2 * n, 2 * n + 1] for n in range(65)]],
        ),
        ("Ratio", [[0, 1], [1, 1], [7, 2], [2, 7]], [[1, 0], [0, 0], [-1, 1], [1, -1], [1]]),
        ("Private", [[A], [A, B]], [[], [B, A], [A, A], [A, B, B], ["A"]]),
    ],
)  # fmt: skip
def test_what_a_type_lets_pass(name: str, right: list, wrong: list):
    assert [taken(name, value) for value in right] == [True] * len(right)
    assert [taken(name, value) for value in wrong] == [False] * len(wrong)


def test_a_field_that_need_not_be_there_is_absent_and_never_null():
    class Some(Part):
        one: int
        two: int | None
        three: int = 3
        four: int | None = None
        five: tuple[int, ...] = ()

    def made(text: str) -> Some | None:
        try:
            return Some.model_validate_json(text)
        except ValidationError:
            return None

    assert made('{"one":1,"two":2}') == Some(one=1, two=2) == Some.model_construct(one=1, two=2, three=3, four=None, five=())
    assert made('{"one":1,"two":null}') is not None, "of no default nothing is taken out"
    assert made('{"one":1,"two":2,"four":4}') == Some(one=1, two=2, four=4)
    for wrong in ('"four":null', '"three":null', '"five":null', '"six":6'):
        assert made(f'{{"one":1,"two":2,{wrong}}}') is None, wrong
    assert made('{"one":null,"two":2}') is None and made('{"two":2}') is None
