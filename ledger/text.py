"""Text that people see: which characters are invisible, and the forms of names and of prose.

The forms are part of a verdict. So they list code points instead of using a Unicode table, which would differ between versions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Ranges = tuple[tuple[int, int], ...]

LINES = ((0x0, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029))
BLANKS = (
    (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F), (0x2800, 0x2800),
    (0x3000, 0x3000),
)  # fmt: skip
# Invisible hyphens, fillers, zero-width breaks, direction marks and formatting codes.
HIDDEN = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180E, 0x180E), (0x200B, 0x200B),
    (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB),
)  # fmt: skip
# Characters that change how their neighbours are drawn. Some scripts and emoji need them.
JOINERS = ((0x200C, 0x200D),)
SELECTORS = ((0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F))
# From here on are tags, more selectors, and private-use characters that a font may draw as it likes.
TAGS = 0xE0000


def _in(*ranges: Ranges) -> str:
    return "".join(f"\\u{low:04x}" + (f"-\\u{high:04x}" if high > low else "") for some in ranges for low, high in some)


_FIRST = f"[^{_in(LINES, BLANKS, HIDDEN, JOINERS, SELECTORS)}]"
_LAST = f"[^{_in(LINES, BLANKS, HIDDEN, JOINERS)}]"
NAME = f"^{_FIRST}(?:[^{_in(LINES)}]*{_LAST})?$"
PROSE = f"^{_FIRST}(?:[^\\u0000-\\u0009\\u000b-\\u001f]*{_LAST})?$"

_UNSEEN = re.compile(f"[{_in(HIDDEN)}\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]")
_EMPTY_BRAILLE = ((0x2800, 0x2800),)
_ALIKE = re.compile(f"[{_in(tuple(one for one in BLANKS if one not in _EMPTY_BRAILLE))}]")
_SHOWS_NOTHING = re.compile(f"[{_in(LINES, HIDDEN, JOINERS, SELECTORS, _EMPTY_BRAILLE)}\ud800-\udfff\U000e0000-\U0010ffff]")
# A zero-width space separates words in scripts that have no other space.
_JOINER, _SELECTOR = re.compile(f"[{_in(JOINERS)}\u200b]"), re.compile(f"[{_in(SELECTORS)}\U000e0100-\U000e01ef]")
# Scripts with joined letters or without spaces between words, and emoji.
_JOINED = re.compile(
    "[\u0600-\u109f\u1780-\u18af\u2190-\u2bff\ua800-\uabff\ufb50-\ufdff\ufe0f\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001f000-\U0001faff]"
)
_SELECTED = re.compile("[\u1000-\u109f\u1800-\u18af\u2000-\u2bff\u3000-\u9fff\uf900-\ufaff\U0001f000-\U0003ffff]")


def plain_blanks(text: str) -> str:
    """The text with an ordinary space for every character that looks like one, such as U+00A0."""
    return _ALIKE.sub(" ", text)


def first_unseen(text: str) -> str:
    """The first invisible character, as `U+200B`; "" if there is none. Spaces between words count as visible."""
    found = _SHOWS_NOTHING.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def is_name(text: str) -> bool:
    """Whether a text has the form of a name. The field limits its length."""
    return re.fullmatch(NAME, text) is not None and ord(text[0]) < TAGS and not re.search("[\ud800-\udfff]", text)


def starts_seen(text: str) -> str:
    """the first character can be seen: it is below U+E0000, where tags and private use begin"""
    if ord(text[0]) >= TAGS:
        raise ValueError("must begin with a visible character")
    return text


def marked(text: str, mark: Callable[[str], str]) -> str:
    """The text with every invisible character marked, so that two different names never look alike because of one.

    A character that joins letters or selects a variant of the character before it stays where it has that effect.
    """
    if text.isascii():
        return text
    return "".join(mark(char) if _is_unseen(text, at) else char for at, char in enumerate(text))


def _is_unseen(text: str, at: int) -> bool:
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if _JOINER.match(char):
        return not (_JOINED.match(before) and _JOINED.match(after))
    if _SELECTOR.match(char):
        return not _SELECTED.match(before)
    return _UNSEEN.match(char) is not None
