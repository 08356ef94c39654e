"""Who has only the published files can write another verifier: `stranger.py` judges the golden ledger, and each mutation of it, as
we do, as far as it judges."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.golden.reading import MUTATIONS, golden, golden_entries
from tests.rules.stranger import JUDGED, Stranger

PROGRAM = Path(__file__).with_name("stranger.py")
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
LINES = 400
# What is wrong with the bytes of an entry is found before a verifier of the rules looks at it.
BYTES = {"canonical", "chain", "version", "size-limit"}


def found(lines: list[bytes]) -> set[tuple[str, int, int]]:
    """What the stranger finds in a log."""
    return set(Stranger(REFERENCE).read(lines))


def expected(case: dict) -> set[tuple[str, int, int]]:
    """What the golden files say that has to be found, of what the stranger judges."""
    return {(one["id"], one["entry"], one["record"]) for one in case["findings"] if one["id"] in JUDGED}


def told(case: dict) -> bool:
    """Whether a mutation is of entries that can be read."""
    return "entries" in case and all(isinstance(one, str) for one in case["entries"]) and case["expect"]["id"] not in BYTES


READ = [name for name in MUTATIONS if told(golden(f"mutations/{name}.json"))]


def test_it_finds_nothing_in_the_golden_ledger():
    assert found(golden_entries()) == expected(golden("report.json")) == set()


@pytest.mark.parametrize("name", READ)
def test_it_finds_in_each_mutation_what_we_find(name: str):
    case = golden(f"mutations/{name}.json")
    lines = golden_entries()[: case["first"]] + [one.encode() for one in case["entries"]]
    assert found(lines) == expected(case)


def test_the_mutations_break_every_rule_that_it_judges():
    assert {golden(f"mutations/{name}.json")["expect"]["id"] for name in READ} >= JUDGED


def test_it_is_short_and_uses_nothing_of_ours():
    text = PROGRAM.read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {(getattr(node, "module", None) or node.names[0].name).partition(".")[0] for node in imports}
    assert len(text.splitlines()) <= LINES
    assert not names & {"ledger", "api", "cli", "tests"} and "jsonschema" in names
