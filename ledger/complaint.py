"""Pydantic's errors in our words, without the value's text and without regular expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field

from .text import NAME, PROSE

# The words after "must be" for each pattern.
WORDS = {
    NAME: "one line of text that begins and ends with a visible character",
    PROSE: "text that begins and ends with a visible character",
}
Context = Mapping[str, Any]
UNKNOWN_FORM = "is not in the form that is needed here"
OWN = "Value error, "
SAID: dict[str, Callable[[Context], str]] = {
    "missing": lambda _: "is missing; give it",
    "extra_forbidden": lambda _: "is not a member that this program knows; leave it out",
    "union_tag_not_found": lambda _: "must have a kind; give it",
    "string_type": lambda _: "must be text",
    "string_pattern_mismatch": lambda said: f"must be {WORDS[said['pattern']]}" if said["pattern"] in WORDS else UNKNOWN_FORM,
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda said: f"must have at most {said['max_length']} character{'' if said['max_length'] == 1 else 's'}",
    "int_type": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "int_parsing": lambda _: "must be a whole number",
    "int_parsing_size": lambda _: "must be a whole number, and is too large",
    "greater_than_equal": lambda said: f"must be at least {said['ge']}",
    "greater_than": lambda said: f"must be more than {said['gt']}",
    "less_than_equal": lambda said: f"must be at most {said['le']}",
    "less_than": lambda said: f"must be less than {said['lt']}",
    "bool_type": lambda _: "must be true or false",
    "bool_parsing": lambda _: "must be true or false",
    "tuple_type": lambda _: "must be a list",
    "list_type": lambda _: "must be a list",
    "too_short": lambda said: f"must hold at least {said['min_length']} item{'' if said['min_length'] == 1 else 's'}",
    "too_long": lambda said: f"must hold at most {said['max_length']} item{'' if said['max_length'] == 1 else 's'}",
    "model_type": lambda _: "must be an object",
    "model_attributes_type": lambda _: "must be an object",
    "dict_type": lambda _: "must be an object",
    "literal_error": lambda said: f"must be {said['expected']}",
    "enum": lambda said: f"must be {said['expected']}",
    "json_invalid": lambda _: "is not JSON that this program can read",
}


def form(pattern: str, words: str, **bounds: Any) -> object:
    """A `Field` with this pattern, and the words after "must be" for a value that does not match it."""
    WORDS[pattern] = words
    return Field(pattern=pattern, **bounds)


def complaint(found: Mapping[str, Any]) -> str:
    """The words that follow the name and the value, for one of `ValidationError.errors()`."""
    if found["type"] == "value_error":
        message: str = found["msg"]
        return message.removeprefix(OWN)
    say = SAID.get(found["type"])
    return say(found.get("ctx", {})) if say else UNKNOWN_FORM
