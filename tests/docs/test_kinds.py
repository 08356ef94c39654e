"""docs/reference/kinds.md is what the classes say."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.books.record import KINDS
from ledger.rulebook.kinds import kind_page, kinds_page
from ledger.rulebook.schema import kind_schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "kinds.md"


def test_the_page_is_what_the_classes_give_now():
    assert PAGE.read_text(encoding="utf-8") == kinds_page(), "run `make generate`"


def test_every_kind_says_what_it_says_and_who_signs_it():
    for kind, record in KINDS.items():
        page = kind_page(kind)
        assert record.__doc__ and record.__doc__.split("\n")[0] in page
        assert "- Recorded by: " in page
        assert all(f"| `{name}` |" in page for name in kind_schema(kind)["properties"])


def test_every_field_says_what_it_holds():
    for kind in KINDS:
        rows = rows_of(kind_page(kind))
        assert {name for name, _ in rows} >= set(kind_schema(kind)["properties"])
        for name, meaning in rows:
            assert name == "kind" or meaning, f"{kind} {name}: say in its `description` what to write there"


def rows_of(page: str) -> list[tuple[str, str]]:
    """The name and the meaning in each row of the table of fields."""
    return re.findall(r"^\| `([\w.\[\]]+)` \| (.*?) ?\| ", page, re.MULTILINE)


def test_a_field_without_a_meaning_is_found():
    assert rows_of("| `a` | A gift. | `Ref` | required |\n| `b[].c` |  | `Ref` |  |\n") == [("a", "A gift."), ("b[].c", "")]
