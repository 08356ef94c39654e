"""docs/reference/glossary.md: one word a line, in order, none explained by itself."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `?([^`|]+?)`? \| (.+) \|$", PAGE, re.MULTILINE)[1:]


def uses_itself(word: str, meaning: str) -> bool:
    """Whether a meaning has the word in it, or its plural."""
    return re.search(rf"\b{re.escape(word)}(s|es)?\b", meaning, re.IGNORECASE) is not None


def test_the_glossary_is_short_and_in_order():
    words = [word.lower() for word, _ in ROWS]
    assert len(PAGE.splitlines()) <= 120
    assert len(words) > 80 and words == sorted(set(words))


def test_no_word_is_explained_by_itself():
    assert [word for word, meaning in ROWS if uses_itself(word, meaning)] == []


def test_the_comparison_can_fail():
    assert uses_itself("fund", "a fund") and uses_itself("tile", "256 Tiles")
    assert not uses_itself("party", "the operator's third-partyship")
