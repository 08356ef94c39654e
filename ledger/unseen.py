"""Characters that nobody can see. Two texts that differ by one of them look alike, so names and references hold none."""

from __future__ import annotations

import unicodedata

# Control and format characters, surrogates, what Unicode does not define, line and paragraph separators.
CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
# What is drawn as nothing by the rules of another category: joiners, fillers, selectors of a variant, the empty Braille cell.
OTHERS = frozenset({
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
})  # fmt: skip


def first_unseen(text: str) -> str:
    """The first character that nobody can see, as `U+200B`; "" where there is none. Spaces between words are seen."""
    for character in text:
        if unicodedata.category(character) in CATEGORIES or ord(character) in OTHERS:
            return f"U+{ord(character):04X}"
    return ""
