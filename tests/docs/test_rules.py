"""docs/reference/rules.json and rules.md are what the rows of the classes give."""

from __future__ import annotations

from pathlib import Path

from ledger.books.rule import WORDS
from ledger.findings.table import RULES
from ledger.rulebook.rules import page, rulebook, text

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def test_the_rules_are_what_the_classes_give_now():
    assert (REFERENCE / "rules.json").read_text(encoding="utf-8") == text(), "run `make generate`"
    assert (REFERENCE / "rules.md").read_text(encoding="utf-8") == page(), "run `make generate`"


def test_the_page_says_every_member_and_every_limit_is_a_number():
    assert all(f"`{member}`" in page() for member in rulebook() if member != "format")
    assert all(isinstance(limit, int) and limit > 0 for limit in rulebook()["limits"].values())


def test_a_word_breaks_rules_that_an_audit_can_find():
    assert {rule for word in WORDS.values() for rule in word.breaks} <= set(RULES)
