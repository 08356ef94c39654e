"""What is wrong with a value is said in words: no pattern and no sentence of a library reaches a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.complaint import SAID, UNKNOWN_FORM, WORDS, complaint
from ledger.entries.statement import validated, validated_record
from ledger.errors import GiveTrailError
from ledger.rulebook.schema import files
from tests.books.test_schema import EVERY_KIND, patterns
from tests.language import Ledger

BAD: list[Any] = [
    None, True, -1, 0, 2**53 - 1, "", " ", "\x00", "a\nb", "\u200b", "\U000e0041", "x" * 600, "Ü", "-1", "2026-02-30", "0", [], {},
    [1], [[0, 1], [1, 2]], [[5, 1]], ["a"], [None], {"a": 1}, [{}], {"unit": 1}, ["x"] * 300,
]  # fmt: skip
FOREIGN = re.compile(
    r"\^|\$|\(\?|\[a-z|\[0-9|\\u|\{\d|[Ii]nput should|[Ss]tring should|[Vv]alue error|pydantic|regex|pattern"
    r"|valid (?:string|integer|list|tuple)|dictionary|tuple|discriminator|Unable to"
)


def spoilt(value: Any) -> Iterator[Any]:
    """The value with one thing in it replaced, at every place and by everything bad; and with one thing left out or too many."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield {key: kept for key, kept in value.items() if key != name}
            for other in [*BAD, *spoilt(member)]:
                yield {**value, name: other}
        yield {**value, "more": 1}
    elif isinstance(value, list):
        for at, item in enumerate(value):
            for other in [*BAD, *spoilt(item)]:
                yield [*value[:at], other, *value[at + 1 :]]


def said_of(judge, value: Any) -> str:
    try:
        judge(value)
    except GiveTrailError as error:
        return error.message
    return ""


@pytest.fixture
def records(ledger: Ledger) -> list[dict[str, Any]]:
    """A record of every kind, with every sort of field."""
    ledger.play(EVERY_KIND)
    return [record for leaf in ledger.leaves for record in json.loads(leaf.entry.statement_raw)["records"]]


def test_every_bad_value_of_every_field_of_every_kind_is_told_in_words(records):
    told = {said_of(validated_record, other) for record in records for other in spoilt(record)} - {""}
    assert len(told) > 1000
    assert not [message for message in told if UNKNOWN_FORM in message]
    # What was given is quoted, and may hold anything.
    outside = {re.sub(r"'(?:[^'\\]|\\.)*…?'?|\{.*?[}…]|\[.*?[\]…](?= |:)", "", message) for message in told}
    assert not [message for message in outside if FOREIGN.search(message)]


def test_a_bad_statement_is_told_in_words(ledger):
    raw = json.loads(ledger.leaves[-1].entry.statement_raw)
    bare = {**raw, "records": raw["records"][:1]}
    judge = lambda value: validated(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())  # noqa: E731
    told = {said_of(judge, {**bare, name: other}) for name in bare for other in BAD} - {""}
    assert len(told) > 50
    assert not [message for message in told if UNKNOWN_FORM in message or "should" in message or "^" in message]


def test_every_pattern_of_every_schema_has_words():
    schemas = [json.loads(text) for name, text in files().items() if not name.startswith("entry")]
    assert {pattern for schema in schemas for pattern in patterns(schema)} <= set(WORDS)


def test_what_nobody_foresaw_is_told_without_what_a_library_says():
    assert complaint({"type": "new_in_a_later_version", "msg": "Input should match '^[a-z]$'", "ctx": {}}) == UNKNOWN_FORM
    assert complaint({"type": "string_pattern_mismatch", "msg": "…", "ctx": {"pattern": "^unknown$"}}) == UNKNOWN_FORM
    assert all(kind.islower() for kind in SAID)
