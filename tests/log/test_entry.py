"""An entry has one shape, and what is of another is refused by the member that is wrong."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from ledger.canonical import encode
from ledger.errors import GiveTrailError, SchemaError, SizeError, Unverifiable
from ledger.log.entry import ENTRY_BYTES, FLOWS_BYTES, SHORT, SIGNATURES, check_flows, decode_entry, encode_entry


def signature(of: int, sig: int = 0) -> dict[str, str]:
    return {"key": base64.b64encode(bytes([of] * 32)).decode(), "sig": base64.b64encode(bytes([sig] * 64)).decode()}


VALUE: dict[str, Any] = {
    "flows": [[0, "+", "a/CNY", 0, 5]], "index": 7, "prev": "0f" * 32, "signatures": [signature(1), signature(2)],
    "statement": {}, "time": "2026-11-29T10:00:00Z", "v": 1,
}  # fmt: skip
SHORT_KEY = {"key": base64.b64encode(bytes(31)).decode(), "sig": signature(1)["sig"]}


def test_an_entry_that_is_too_large_is_not_read():
    with pytest.raises(SizeError, match=f"{ENTRY_BYTES + 1} bytes; at most {ENTRY_BYTES}"):
        decode_entry(b" " * (ENTRY_BYTES + 1))
    with pytest.raises(GiveTrailError) as refused:
        decode_entry(b" " * ENTRY_BYTES)
    assert refused.value.rule != "size-limit"


@pytest.mark.parametrize(
    "member, value",
    [
        ("index", 0), ("index", 2**53 - 1), ("signatures", [signature(3)]),
        ("signatures", [signature(number) for number in range(SIGNATURES)]), ("flows", []),
    ],
)  # fmt: skip
def test_the_largest_and_the_least_are_entries(member: str, value: Any):
    read = decode_entry(encode({**VALUE, member: value}))
    assert read.index == (value if member == "index" else 7)
    assert len(read.signatures) == (len(value) if member == "signatures" else 2)


@pytest.mark.parametrize(
    "member, value",
    [
        ("index", -1), ("index", 2**53),
        ("index", True), ("index", "7"), ("index", None), ("prev", "0F" * 32), ("prev", "0f" * 31), ("prev", 7),
        ("prev", "0f" * 33), ("time", "2026-11-29 10:00:00Z"), ("time", 1), ("time", "2026-11-29T10:00:00+00"), ("statement", []),
        ("signatures", []), ("signatures", {}), ("signatures", [signature(number) for number in range(SIGNATURES + 1)]),
        ("signatures", [signature(2), signature(1)]), ("signatures", [signature(1), signature(1, 5)]), ("signatures", ["sig"]),
        ("signatures", [{"key": signature(1)["key"]}]), ("signatures", [{**signature(1), "sig": 1}]), ("signatures", [SHORT_KEY]),
        ("signatures", [{**signature(1), "sig": signature(1)["key"]}]), ("flows", {}), ("v", "1"),
    ],
)  # fmt: skip
def test_what_is_no_entry_is_refused_by_the_member_that_is_wrong(member: str, value: Any):
    with pytest.raises(SchemaError) as refused:
        decode_entry(encode({**VALUE, member: value}))
    assert (refused.value.rule, refused.value.where) == ("schema", member)


def written(note: str, flows: list[list[Any]]) -> bytes:
    """An entry of one signature whose statement holds a note."""
    signatures = tuple((one["key"], one["sig"]) for one in (signature(1),))
    return encode_entry(7, "0f" * 32, "2026-11-29T10:00:00Z", signatures, encode({"note": note}), flows)


@pytest.mark.parametrize("length", [400, SHORT - 1, SHORT, SHORT + 1, ENTRY_BYTES])
def test_what_is_written_is_read_at_any_length(length: int):
    """The statement's own bytes are the same, whether they are encoded or cut out."""
    note = "x" * (length - len(written("", VALUE["flows"])))
    raw = written(note, VALUE["flows"])
    assert raw == encode({**VALUE, "signatures": [signature(1)], "statement": {"note": note}}) and len(raw) == length
    read = decode_entry(raw)
    assert (read.statement, read.statement_raw, read.flows) == ({"note": note}, encode({"note": note}), VALUE["flows"])
    assert (read.index, read.prev, read.time) == (VALUE["index"], VALUE["prev"], VALUE["time"])
    assert read.signatures == ((signature(1)["key"], signature(1)["sig"]),)


def test_a_byte_more_than_an_entry_holds_is_not_written():
    fits = ENTRY_BYTES - len(written("", []))
    assert len(written("x" * fits, [])) == ENTRY_BYTES
    with pytest.raises(SizeError, match=f"{ENTRY_BYTES + 1} bytes") as refused:
        written("x" * (fits + 1), [])
    assert refused.value.rule == "size-limit"


def test_a_byte_more_than_the_flows_of_an_entry_hold_is_not_written():
    row = [0, "+", "", 0, 5]
    fits = FLOWS_BYTES - len(encode([row]))
    assert written("", [[0, "+", "t" * fits, 0, 5]])
    with pytest.raises(SizeError, match=f"{FLOWS_BYTES + 1} bytes") as refused:
        written("", [[0, "+", "t" * (fits + 1), 0, 5]])
    assert refused.value.rule == "fragmented"


@pytest.mark.parametrize(("member", "length"), [("key", 32), ("sig", 64)])
def test_a_key_or_signature_of_another_length_is_told_the_right_one(member: str, length: int):
    for wrong in (length - 1, length + 1):
        one = {**signature(1), member: base64.b64encode(bytes(wrong)).decode()}
        with pytest.raises(SchemaError, match=f"is not padded standard base64 of {length} bytes"):
            decode_entry(encode({**VALUE, "signatures": [one]}))


@pytest.mark.parametrize("value", [[], {}, "entry", {"index": 1}])
def test_what_has_no_version_is_no_entry(value: Any):
    with pytest.raises(SchemaError) as refused:
        decode_entry(encode(value))
    assert refused.value.where == "v"


@pytest.mark.parametrize("value", [0, 2, True])
def test_another_version_is_no_verdict(value: int):
    with pytest.raises(Unverifiable) as refused:
        decode_entry(encode({**VALUE, "v": value}))
    assert refused.value.rule == "version"


def test_a_member_that_is_missing_is_false_and_an_unknown_one_is_no_verdict():
    with pytest.raises(SchemaError):
        decode_entry(encode({name: value for name, value in VALUE.items() if name != "prev"}))
    with pytest.raises(Unverifiable) as refused:
        decode_entry(encode({**VALUE, "witness": 1, "xenon": 2}))
    assert (refused.value.rule, refused.value.where) == ("unknown-member", "witness")


def test_flows_have_one_shape():
    check_flows([[0, "+", "a/CNY", 0, 2**53 - 1], [0, "-", "a/CNY", 4, 5]])
    rows = ([0, "+", "a/CNY", 0], [0, "*", "a/CNY", 0, 1], [0, "+", 5, 0, 1], (0, "+", "a/CNY", 0, 1), [True, "+", "a/CNY", 0, 1])
    spans = ([0, "+", "a/CNY", 1, 1], [0, "+", "a/CNY", -1, 1], [0, "+", "a/CNY", 2, 1], [0, "+", "a/CNY", 0, 2**53])
    kinds = ([0, "+", "a/CNY", "0", 1], [0, "+", "a/CNY", 0, True], [0, "+", "a/CNY", False, 1], "flow")
    for row in (*rows, *spans, *kinds):
        with pytest.raises(SchemaError):
            check_flows([row])
