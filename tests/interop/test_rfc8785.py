"""The bytes of entries, made again by another implementation of RFC 8785."""

from __future__ import annotations

import hashlib
import json

import rfc8785

from tests.interop.foreign import Export


def test_every_entry_is_the_canonical_json_of_what_it_says(export: Export):
    for raw, value in zip(export.entries, export.values(), strict=True):
        assert rfc8785.dumps(value) == raw


def test_there_is_text_in_it_that_tells_encoders_apart(export: Export):
    """Else the test above would say little."""
    text = b"".join(export.entries).decode()
    assert all(part in text for part in ("图书馆 📚", "é", '\\"', "/", "è"))


def test_the_chain_and_the_bindings_are_sha256_over_those_bytes(export: Export):
    """`prev` and `after` need nothing but SHA-256 with the leaf's prefix."""
    hashes = [hashlib.sha256(b"\x00" + raw).hexdigest() for raw in export.entries]
    for index, value in enumerate(export.values()):
        assert value["index"] == index
        assert value["prev"] == (hashes[index - 1] if index else "0" * 64)
        after = value["statement"].get("after", "")
        assert (after == "") == (index == 0)
        seen, _, text = after.partition(":")
        assert not after or (int(seen) < index and hashes[int(seen)] == text)


def test_no_number_in_it_is_beyond_what_every_language_can_hold(export: Export):
    def numbers(value: object) -> list[int]:
        if isinstance(value, dict | list):
            return [n for item in (value.values() if isinstance(value, dict) else value) for n in numbers(item)]
        return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []

    found = numbers([json.loads(raw) for raw in export.entries])
    assert found and all(type(number) is int and abs(number) < 2**53 for number in found)
