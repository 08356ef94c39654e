"""The page of tables says which tables there are, with which columns."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.directory.rot import SHARE, TAIL
from ledger.store.protocol import BLOCK_ENTRIES
from ledger.store.sqlite import WHOLE_BYTES
from ledger.store.sqlite_checksum import PRIME
from ledger.store.sqlite_tables import DERIVED, ENTRIES, META

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "tables.md").read_text(encoding="utf-8")


def test_the_page_has_every_table_with_its_columns():
    rows = re.findall(r"^\| `([a-z]+)` \| ([a-z_, ]+) \|", PAGE, re.MULTILINE)
    assert {name: columns.split(", ") for name, columns in rows} == {t.name: [*t.values] for t in (ENTRIES, META, *DERIVED)}


def test_the_page_knows_the_checksum():
    assert all([*table.columns] == [*table.values, "checksum"] for table in DERIVED)
    assert "mod 2³¹ − 1" in PAGE and PRIME == 2**31 - 1


def test_the_page_knows_how_much_is_compared():
    for words in (f"at most {WHOLE_BYTES >> 20} MiB", f"the last {TAIL:,} entries", f"and {SHARE:,} of the others"):
        assert words in PAGE


def test_the_page_knows_the_size_of_a_block():
    assert f"{BLOCK_ENTRIES}·block … {BLOCK_ENTRIES}·block + {BLOCK_ENTRIES - 1}" in PAGE and f"⌊size / {BLOCK_ENTRIES}⌋" in PAGE
