"""Who has only the published files can write another verifier: `stranger.py` judges the golden ledger, and each mutation of it, as
we do, as far as it judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.golden.reading import MUTATIONS, golden, golden_entries
from tests.rules.stranger import JUDGED, RULES, Stranger

PROGRAM = Path(__file__).with_name("stranger.py")
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
LINES = 960
# What is wrong with the bytes of an entry is found before a verifier of the rules looks at it.
BYTES = {"canonical", "chain", "version", "size-limit"}


STORY = golden_entries()
STATE = ("rulebook", "kinds", "forms", "leaves", "hashes")
Rulebook = dict[str, Any]
Rows = list[Any]


@cache
def story() -> Stranger:
    """The stranger after the golden ledger as it is."""
    stranger = Stranger(REFERENCE)
    stranger.read(STORY)
    return stranger


def found(case: dict[str, Any], **changed: Any) -> set[tuple[str, int, int]]:
    """What the stranger finds in a mutated log; `changed` are the rulebook or the kinds by which it judges what the mutation
    changes. Of most mutations that is what comes after the golden ledger, which is not read again."""
    stranger, after = Stranger(REFERENCE), case["first"] == len(STORY)
    if after:
        vars(stranger).update(deepcopy({name: value for name, value in vars(story()).items() if name not in STATE}))
        stranger.leaves, stranger.hashes = list(story().leaves), list(story().hashes)
    else:
        stranger.read(STORY[: case["first"]])
    vars(stranger).update(changed)
    return set(stranger.read([one.encode() for one in case["entries"]]))


def expected(case: dict) -> set[tuple[str, int, int]]:
    """What the golden files say that has to be found, of what the stranger judges."""
    return {(one["id"], one["entry"], one["record"]) for one in case["findings"] if one["id"] in JUDGED}


def told(case: dict) -> bool:
    """Whether a mutation is of entries that can be read."""
    return "entries" in case and all(isinstance(one, str) for one in case["entries"]) and case["expect"]["id"] not in BYTES


CASES = {name: golden(f"mutations/{name}.json") for name in MUTATIONS}
READ = [name for name, case in CASES.items() if told(case)]


def test_it_finds_nothing_in_the_golden_ledger():
    assert set(story().found) == expected(golden("report.json")) == set()


@pytest.mark.parametrize("name", READ)
def test_it_finds_in_each_mutation_what_we_find(name: str):
    assert found(CASES[name]) == expected(CASES[name])


def test_the_mutations_break_every_rule_that_it_judges():
    assert {CASES[name]["expect"]["id"] for name in READ} >= JUDGED


def without_one(rows: Rows) -> Iterator[tuple[list[Any], Rows]]:
    """(row, rows without it) for each row that holds no others."""
    for at, row in enumerate(rows):
        words, inner = [arg for arg in row if isinstance(arg, str)], [arg for arg in row if isinstance(arg, list)]
        for gone, left in without_one(inner) if inner else [(row, [])]:
            yield gone, [*rows[:at], *([[*words, *left]] if left else []), *rows[at + 1 :]]


def demanded() -> Iterator[tuple[str, list[Any], Rulebook]]:
    """(kind, row, rulebook without it) for each row whose word the stranger judges."""
    rulebook = story().rulebook
    rows_of = rulebook["rule_sets"][RULES]
    for kind, rows in rows_of.items():
        for gone, left in without_one(rows):
            if not JUDGED.isdisjoint(rulebook["words"][gone[0]]["breaks"]):
                yield kind, gone, {**rulebook, "rule_sets": {RULES: {**rows_of, kind: left}}}


def said() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(kind, rule, what, kinds without it) for each kind that one party may say, each signature it needs, and each comparison."""
    kinds = story().kinds
    for kind, row in kinds.items():
        if row["said_by"] != "any party":
            yield kind, "authority", row["said_by"], {**kinds, kind: {**row, "said_by": "any party"}}
        for who in row["signed_by"]:
            left = [one for one in row["signed_by"] if one != who]
            yield kind, "approval", who, {**kinds, kind: {**row, "signed_by": left}}


def compared() -> Iterator[tuple[str, dict[str, Any]]]:
    """(comparison, kinds without it)."""
    kinds = story().kinds
    for name in story().rulebook["comparisons"]:
        yield name, {kind: {**row, "compares": [one for one in row["compares"] if one[1] != name]} for kind, row in kinds.items()}


def is_noticed(kind: str, rules: set[str], **changed: Any) -> bool:
    """Whether of the mutations that break these rules, and hold a record of the kind, any is judged otherwise now."""
    cases = [CASES[name] for name in READ if rules & {one["id"] for one in CASES[name]["findings"]}]
    return any(found(case, **changed) != expected(case) for case in cases if f'"kind":"{kind}"' in "".join(case["entries"]))


@pytest.mark.parametrize(("kind", "row", "rulebook"), [pytest.param(*one, id=f"{one[0]}-{one[1][0]}") for one in demanded()])
def test_a_row_that_is_left_out_is_noticed(kind: str, row: list[Any], rulebook: Rulebook):
    assert is_noticed(kind, set(rulebook["words"][row[0]]["breaks"]), rulebook=rulebook), f"no mutation needs {row}"


@pytest.mark.parametrize(("kind", "rule", "what", "kinds"), [pytest.param(*one, id=f"{one[0]}-{one[2]}") for one in said()])
def test_who_says_or_signs_it_is_noticed(kind: str, rule: str, what: str, kinds: dict[str, Any]):
    assert is_noticed(kind, {rule}, kinds=kinds), f"no mutation needs that a {kind} is said or signed by {what}"


@pytest.mark.parametrize(("name", "kinds"), [pytest.param(*one, id=one[0]) for one in compared()])
def test_a_comparison_that_is_left_out_is_noticed(name: str, kinds: dict[str, Any]):
    assert any(is_noticed(kind, {"schema"}, kinds=kinds) for kind, row in story().kinds.items() if row["compares"]), name


def test_it_is_short_and_uses_nothing_of_ours():
    text = PROGRAM.read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {(getattr(node, "module", None) or node.names[0].name).partition(".")[0] for node in imports}
    assert len(text.splitlines()) <= LINES
    assert not names & {"ledger", "api", "cli", "tests"} and "jsonschema" in names
