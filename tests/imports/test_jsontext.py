"""JSON that others wrote: one reader for records and imported files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.errors import CanonicalError
from ledger.jsontext import read_foreign_json, read_json

BOTH = pytest.mark.parametrize("read", [read_json, read_foreign_json])


@BOTH
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a":1,"a":1}', "'a' appears twice"), ('[{"b":{"a":1,"c":2,"a":3}}]', "'a' appears twice"),
        ('{"a":1,"\\u0061":2}', "'a' appears twice"),
        ("NaN", "NaN is not a number"), ('{"a":[Infinity]}', "Infinity is not a number"), ("-Infinity", "is not a number"),
        ("9" * 18, "larger than 2"), ("9" * 5000, "larger than 2"), ("1e400", "larger than programs"), ("0." + "1" * 200, "longer"),
        ("[" * 65 + "]" * 65, "deeper than 64"), ("[" * 100_000, "deeper"), ('{"a":' * 65 + "1" + "}" * 65, "deeper than 64"),
        ('"\\ud800"', "Unicode"), ('{"\\udfff":1}', "Unicode"), ("", "not JSON"), ("{} {}", "not JSON"), ("{'a':1}", "not JSON"),
        ("[1,]", "not JSON"), ("01", "not JSON"), ("1.", "not JSON"), ('"a\nb"', "not JSON"),
    ],
)  # fmt: skip
def test_what_two_readers_read_as_two_things_is_refused(read, text: str, words: str):
    with pytest.raises(CanonicalError, match=words) as caught:
        read(text, "file.json")
    assert caught.value.message.startswith("file.json: ")
    assert len(caught.value.message) < 300


@BOTH
def test_bytes_are_utf8_with_or_without_a_mark(read):
    assert read(b'\xef\xbb\xbf{"a": "\xc3\xa9"}', "x") == read('{"a":"\u00e9"}', "x") == {"a": "\u00e9"}
    for raw in (b'"\xff"', '"a"'.encode("utf-16"), b'"\xed\xa0\x80"'):
        with pytest.raises(CanonicalError):
            read(raw, "x")


def test_a_foreign_file_keeps_what_a_record_cannot_hold():
    assert read_foreign_json('{"a":[null,1.50,"x\\ty"]}', "x") == {"a": [None, Decimal("1.50"), "x\ty"]}
    for text in ("null", "1.5", '"x\\ty"', '{"\u00e9":1}', "9007199254740992"):
        with pytest.raises(CanonicalError, match=r"x"):
            read_json(text, "x")
        read_foreign_json(text, "x")
