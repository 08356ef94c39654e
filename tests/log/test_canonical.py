"""Canonical JSON against RFC 8785: its authors' vectors, and another implementation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.bounds import MAX_INTEGER
from ledger.canonical import check_profile, decode, encode, ends_early, parse
from ledger.errors import CanonicalError

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "rfc8785" / "testdata"
NAMES = ["arrays", "french", "structures", "unicode", "values", "weird"]

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32) if c != 10]))
MEMBER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
VALUES = st.recursive(
    st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(MEMBER, inner, max_size=5),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def vectors() -> Path:
    if not VECTORS.exists():
        pytest.skip("the vectors of cyberphone/json-canonicalization are not beside the project")
    return VECTORS


def test_all_vectors_are_used(vectors):
    assert sorted(path.stem for path in (vectors / "output").iterdir()) == NAMES


def whole(number: str) -> int:
    """56.0 in an input is 56 in its output."""
    assert float(number).is_integer()
    return int(float(number))


@pytest.mark.parametrize("name", ["structures", "unicode"])
def test_what_is_within_the_profile_is_equal(vectors, name: str):
    value = json.loads((vectors / "input" / f"{name}.json").read_bytes(), parse_float=whole)
    expected = (vectors / "output" / f"{name}.json").read_bytes()
    assert expected == bytes.fromhex((vectors / "outhex" / f"{name}.txt").read_text())
    assert encode(value) == expected
    assert decode(expected) == value


@pytest.mark.parametrize(
    ("name", "why"), [("arrays", "None"), ("french", "member name"), ("values", "not allowed"), ("weird", "canonical")]
)
def test_what_is_outside_the_profile_is_refused(vectors, name: str, why: str):
    """null in arrays, names that are not ASCII in french and weird, floats and null in values."""
    with pytest.raises(CanonicalError, match=why):
        decode((vectors / "output" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", ["arrays", "french"])
def test_the_encoding_is_right_where_only_decoding_is_narrow(vectors, name: str):
    value = json.loads((vectors / "input" / f"{name}.json").read_bytes())
    assert encode(value) == (vectors / "output" / f"{name}.json").read_bytes()


def test_every_input_that_is_not_canonical_is_refused(vectors):
    for name in NAMES:
        with pytest.raises(CanonicalError):
            parse((vectors / "input" / f"{name}.json").read_bytes())


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": {"b": [0, {"c": 1.5}]}}, "x.a.b[1].c"), ([None], "x[0]"), (1.5, "x"), ({"é": 0}, "x"),
        ([{"a": {"b\t": 0}}], "x[0].a"),
        ({"a": {"": None}}, "x.a."), ([True, "a\x00"], "x[1]"), ({"a": 2**53}, "x.a"), ({"k" * 1000: None}, "x." + "k" * 77 + "…"),
        ({"k" * 1000: [None]}, "x." + "k" * 77 + "…"),
    ],
)  # fmt: skip
def test_what_is_outside_the_profile_is_named_by_its_place(value: Any, where: str):
    with pytest.raises(CanonicalError) as refused:
        check_profile(value, "x")
    assert refused.value.where == where
    assert refused.value.message.startswith(f"{where}: ") and len(refused.value.message) < 300


def nested(levels: int, inmost: Any) -> Any:
    for level in range(levels):
        inmost = [inmost] if level % 2 else {"a": inmost}
    return inmost


def test_nesting_has_a_bound():
    for inmost in (0, [], {}):
        check_profile(nested(64, inmost), "x")
        with pytest.raises(CanonicalError, match="nested deeper than 64"):
            check_profile(nested(65, inmost), "x")


@pytest.mark.parametrize("raw", [b'{"a":"\xe2\x80\x94b","c":[-10,true]}', b'["\\u0000",{"x":{}}]'])
def test_json_that_was_cut_off_is_told_from_what_is_wrong(raw: bytes):
    assert all(ends_early(raw[:length]) for length in range(len(raw)))
    assert not ends_early(raw) and not ends_early(raw + b" x")
    for wrong in (b"\xff", b"}", b"]", b"\x00"):
        assert not ends_early(raw[:-1] + wrong + b"\xff")


@given(VALUES)
def test_encoding_equals_another_implementation(value):
    raw = encode(value)
    assert raw == rfc8785.dumps(value)
    assert decode(raw) == value


@given(VALUES, st.data())
def test_a_changed_byte_is_refused_or_means_something_else(value, data: st.DataObject):
    raw = encode(value)
    at, byte = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 255))
    changed = raw[:at] + bytes([byte]) + raw[at + 1 :]
    try:
        other = decode(changed)
    except CanonicalError:
        return
    assert (encode(other) == raw) == (changed == raw)
    assert encode(other) == changed == rfc8785.dumps(other)
