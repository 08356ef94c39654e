"""The page about the golden ledger names what is there."""

from __future__ import annotations

import re

from ledger.findings.table import RULES

from .make import GOLDEN, PAGE, TABLE, listed
from .reading import MUTATIONS
from .test_mutations import NOT_IMPLEMENTED

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_lists_every_mutation_and_no_other():
    files = {f"mutations/{name}.json": (GOLDEN / "mutations" / f"{name}.json").read_bytes() for name in MUTATIONS}
    assert TEXT.partition(TABLE)[2] == listed(files), "run `make generate`"


def test_the_page_says_what_every_file_is():
    names = {path.name for path in GOLDEN.iterdir() if path.is_file()} | {"log/", "mutations/<name>.json"}
    rows = re.findall(r"^\| (`[^|]+`) \| [^|]+ \|$", TEXT, re.MULTILINE)
    assert {name.strip("`") for row in rows for name in row.split(", ")} == names


def test_the_page_says_what_is_not_covered():
    missing = TEXT.partition("## Not covered yet")[2].partition("## ")[0]
    assert {rule for rule in RULES if f"`{rule}`" in missing} == NOT_IMPLEMENTED | {"size-limit"}
