"""Somebody who writes another verifier has the golden ledger to check it by. So each rule that the kinds say has a mutation that
breaks it: whoever adds a kind, or a row, is told here which mutation is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ledger.books.record import KINDS
from ledger.books.rule import FIRST, RULE_SETS, WORDS
from ledger.rulebook.schema import COMPARISONS, comparisons
from tests.golden.reading import MUTATIONS, golden
from tests.rules.breaking import broken, simple
from tests.rules.stranger import COMPARE, each

REMEDY = "add a mutation to tests/golden/on_rows.py, on_forms.py or on_signers.py that breaks this alone, and run `make generate`:"
# Where no other key of the party has signed, no officer has. A ledger is named once, so that it is named in the wrong place too.
NEVER_ALONE = {("key", "signed-by-another"), ("ledger", "said_by"), ("ledger", "signed_by")}


def report(missing: list[str]) -> None:
    assert not missing, "\n".join([REMEDY, *missing])


def rows_broken() -> set[tuple[str, str, tuple[str, ...]]]:
    """(kind, word, args) of all that some mutation breaks and, but for NEVER_ALONE, breaks alone; and of all that is remarked."""
    found = {one[:3] for found in broken().values() for one in found if one.remarked or one[:2] in NEVER_ALONE}
    wrong = [[one for one in found if not one.remarked] for found in broken().values()]
    return found | {alone[0][:3] for alone in wrong if len(alone) == 1}


def words_broken() -> set[tuple[str, str]]:
    """(word, rule) of all that some mutation breaks."""
    return {(one.word, one.rule) for found in broken().values() for one in found if one.word in WORDS}


def test_each_row_that_a_kind_demands_is_broken():
    rows = [(kind, row.word, row.args) for kind, demands in RULE_SETS[FIRST].items() for row in simple(demands)]
    report([f"{kind}: {word} {' '.join(args)}" for kind, word, args in rows if (kind, word, args) not in rows_broken()])


def test_who_says_and_who_signs_each_kind_is_broken():
    says = [(kind, "said_by", made.signing.author) for kind, made in KINDS.items() if made.signing.author != "any party"]
    signs = [(kind, "signed_by", who) for kind, made in KINDS.items() for who in made.signing.must]
    report([f"{kind}: {word} {who}" for kind, word, who in (*says, *signs) if (kind, word, (who,)) not in rows_broken()])


def test_each_rule_that_a_word_can_break_is_broken():
    said = {(word.name, rule) for word in WORDS.values() if word.does == "demands" for rule in word.breaks}
    report([f"{word} breaks {rule}" for word, rule in sorted(said - words_broken())])


def test_no_word_breaks_another_rule_than_it_says():
    assert not {(word, rule) for word, rule in words_broken() if rule not in WORDS[word].breaks}, "name it where the word is made"


def failing(record: dict[str, Any]) -> Iterator[str]:
    """The comparisons within a record that fail."""
    for path, name in comparisons(record["kind"]):
        steps = path.replace("[]", ".[]").split(".") if path else []
        yield from (name for value in each(record, steps) if not COMPARE[name](value))


def test_each_comparison_within_a_record_fails():
    """Judged as the stranger does, which agrees with us on each of these mutations (test_stranger.py)."""
    kinds = [comparisons(kind) for kind in KINDS]
    cases = [case for case in map(golden, [f"mutations/{name}.json" for name in MUTATIONS]) if case["expect"]["id"] == "schema"]
    found = [set(failing(record)) for case in cases for record in json.loads(case["entries"][0])["statement"]["records"]]
    report([f"comparison {name}" for name in sorted(COMPARISONS) if {name} not in found])
    assert set(COMPARISONS) == {name for compared in kinds for _, name in compared}
