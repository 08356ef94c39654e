"""Names that can be seen, and texts in which nothing that cannot be seen goes unmarked."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ledger.books.field import Name, Text
from ledger.text import NAME, PROSE, is_name, marked

NAMES = [
    "Hope", "H", "希望工程", "Bücher & Söhne", "O'Brien-Łódź", "بنیاد می\u200cخواهم", "หอสมุด", "👩\u200d🌾 farm",
    "❤\ufe0f", "葛\U000e0100城", "क्\u200dष", "𝒜bc", "#46", "-", "a b", "Hope  School", "Ho\u00adpe", "a\u202eb",
    "Hope\U000e0041",
]  # fmt: skip
ENDS = [
    " ", "\t", "\n", "\r", "\x00", "\x7f", "\x85", "\x9b", "\u00a0", "\u00ad", "\u034f", "\u061c", "\u115f",
    "\u1160", "\u1680", "\u17b4", "\u180e", "\u2000", "\u200a", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f",
    "\u2028", "\u2029", "\u202a", "\u202e", "\u202f", "\u205f", "\u2060", "\u2064", "\u2066", "\u206f", "\u2800",
    "\u3000", "\u3164", "\ufeff", "\uffa0", "\ufffb",
]  # fmt: skip
NAME_TYPE, TEXT_TYPE = TypeAdapter(Name), TypeAdapter(Text)


def takes(adapter: TypeAdapter, text: str) -> bool:
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("text", NAMES)
def test_a_name_in_any_script_is_one(text: str):
    assert takes(NAME_TYPE, text) and takes(TEXT_TYPE, text) and is_name(text)


@pytest.mark.parametrize("char", ENDS)
def test_what_nobody_sees_is_no_name_and_no_end_of_one(char: str):
    for text in (char, char * 3, f"{char}Hope", f"Hope{char}", f"Hope {char}", f"\u00a0{char}\u00a0"):
        assert not takes(NAME_TYPE, text) and not takes(TEXT_TYPE, text) and not is_name(text), ascii(text)


@pytest.mark.parametrize(
    "text", ["", "a\nb", "a\x00b", "a\x85b", "a\u2028b", "a\x1b[2Jb", "\U000e0041", "\U000e0041b", "\ufe0f", "a\r"]
)
def test_what_is_no_line_that_begins_with_something_seen_is_no_name(text: str):
    assert not takes(NAME_TYPE, text)
    assert text == "" or not is_name(text)


def test_prose_has_lines():
    assert takes(TEXT_TYPE, "Books\nfor a school") and not takes(TEXT_TYPE, "Books\n") and not takes(TEXT_TYPE, "\nBooks")


@given(st.text(min_size=1, max_size=8))
def test_the_patterns_mean_the_same_in_every_engine(text: str):
    """pydantic's engine is of Rust; this is Python's. A test of the browser's verifier compares with JavaScript's."""
    for adapter, pattern in ((NAME_TYPE, NAME), (TEXT_TYPE, PROSE)):
        try:
            text.encode()
        except UnicodeEncodeError:
            return
        assert takes(adapter, text) == (re.fullmatch(pattern, text) is not None and ord(text[0]) < 0xE0000)


UNSEEN = st.sampled_from("\u00ad\u200b\u200c\u200d\u2060\ufe0f\ufeff\U000e0061\U000e0101")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F), max_size=12), UNSEEN, st.integers(0, 12))
def test_no_two_latin_texts_look_alike_by_what_nobody_sees(text: str, char: str, at: int):
    other = text[:at] + char + text[at:]
    assert marked(other, lambda one: f"<{ord(one):x}>") != other
    assert marked(text, lambda _: "").replace("\u00ad", "") == text.replace("\u00ad", "")


@given(st.text(max_size=20))
def test_what_is_seen_stays(text: str):
    kept = marked(text, lambda _: "")
    assert all(unicodedata.category(char)[0] in "CMZL" for char in text if char not in kept)
