"""docs/reference/kinds.md is what the classes say."""

from __future__ import annotations

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
