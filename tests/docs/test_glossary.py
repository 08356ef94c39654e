"""docs/reference/glossary.md: one word a line, in order, none explained by itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.sources import project

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `?([^`|]+?)`? \| (.+) \|$", PAGE, re.MULTILINE)[1:]


def uses_itself(word: str, meaning: str) -> bool:
    """Whether a meaning has the word in it, or its plural."""
    return re.search(rf"\b{re.escape(word)}(s|es)?\b", meaning, re.IGNORECASE) is not None


def test_the_glossary_is_short_and_in_order():
    words = [word.lower() for word, _ in ROWS]
    assert len(PAGE.splitlines()) <= 200
    assert len(words) > 80 and words == sorted(set(words))


def test_no_word_is_explained_by_itself():
    assert [word for word, meaning in ROWS if uses_itself(word, meaning)] == []


def test_the_comparison_can_fail():
    assert uses_itself("fund", "a fund") and uses_itself("tile", "256 Tiles")
    assert not uses_itself("party", "the operator's third-partyship")


# Words that a reader of English and of Python knows. If a name needs another one, it means something by it: a line of the glossary.
PLAIN = """
    answer batch connection copy cursor difference end examiner fault fetcher figure file folder form hash head header import
    index lock map mapping meaning money name notation opener page part patience project range reader repeat report row rule
    settling signature signing skip socket stack successor sum table traceability view warning way word
    aside audit brought bar brief cell comparison cut elsewhere takes up waiting within accounting mending told held kept
    given rebuilt taken stage
"""
EVERYDAY = frozenset(PLAIN.split())


def heads() -> dict[str, str]:
    """The last words of the names of public classes, in the singular, and a file each that has it. Kinds and errors have pages of
    their own; what a step leaves is called by what happened (`Exported`)."""
    found = {}
    for source in project():
        if source.within("ledger") and not source.within("ledger/books/kinds", "ledger/errors.py", "ledger/demo"):
            for node in ast.parse(source.text).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    word = re.findall("[A-Z][a-z0-9]*", node.name)[-1].lower()
                    found[singular(word)] = source.path
    return {word: path for word, path in found.items() if not word.endswith("ed")}


def singular(word: str) -> str:
    """Of the plurals that names have."""
    irregular = {"leaves": "leaf", "hashes": "hash", "statistics": "statistics", "accounting": "accounting", "takes": "takes"}
    return irregular.get(word, word.removesuffix("s") if not word.endswith(("ss", "us")) else word)


def test_every_noun_of_a_public_name_is_in_the_glossary():
    glossary = {singular(part) for word, _ in ROWS for part in re.sub("(?<=[a-z])(?=[A-Z])", " ", word).lower().split()}
    unknown = {word: path for word, path in heads().items() if word not in glossary | EVERYDAY}
    assert not unknown, f"Explain each in docs/reference/glossary.md, or use its word: {unknown}"
    left = EVERYDAY - (heads().keys() - glossary)
    assert not left, f"no name ends so, or the glossary has it: {sorted(left)}"
