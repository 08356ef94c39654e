"""What intake refuses, an audit finds: a statement that the books refuse, signed and chained into a log that its operator signs all
the same, fails by the rule that intake named. And what intake takes, however odd, is no finding."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ledger.findings.table import RULES

from .auditing import audit
from .chained import handed_out
from .mischief import Mischief

SEEDS, BLOCKS, EACH = 24, 6, 8
MANY, LONG_BLOCKS = 600, 12
FOR_PEOPLE = {
    "recovery", "key-takeover", "clock-corrected", "overdue-receipt", "overdue-feedback", "statistics-total", "exponent",
    "return-against-receipt", "late-void", "backfilled", "related-beneficiary", "relation-again", "rate", "fee-limit",
    "bank-statement-gap",
}  # fmt: skip
EXIT_CODES = {"broken": 3, "unknown": 4, "audit": 0}
# An audit reads bytes before words: what no JSON of ours holds is not canonical. And a forced entry has no flows, so that a tape it
# would overfill stays as it was.
ALSO = {"schema": {"canonical"}, "tape-limit": {"tape-flow"}}


def check(seed: int, place: Path, most: int) -> Counter[str]:
    """Audit the ledger of a seed, and the logs that were made of what it refused; by which rules that was."""
    mischief = Mischief(seed).tell_some(40)
    answer = audit(mischief.ledger.artefacts(), place / f"{seed}")
    assert answer.verdict == "verified" and {rule for rule, _, _ in answer.found} <= FOR_PEOPLE, f"seed {seed}: {answer}"
    for number, forced in enumerate(mischief.refused[:most]):
        answer = audit(handed_out(forced.raws), place / f"{seed}-{number}")
        last = len(forced.raws) - 1
        found = {rule for rule, entry, _ in answer.found if entry == last}
        assert found & {forced.rule, *ALSO.get(forced.rule, ())}, f"seed {seed}, {number}: {forced.rule}: {answer}"
        assert answer.exit_code == 3 or answer.exit_code == EXIT_CODES[RULES[forced.rule].kind], f"seed {seed}, {number}: {answer}"
    return Counter(forced.rule for forced in mischief.refused[:most])


@pytest.mark.parametrize("block", range(BLOCKS))
def test_what_is_refused_is_found(block: int, tmp_path: Path):
    for seed in range(block, SEEDS, BLOCKS):
        check(seed, tmp_path, EACH)


@pytest.mark.long
@pytest.mark.parametrize("block", range(LONG_BLOCKS))
def test_what_is_refused_is_found_in_many_ledgers(block: int, tmp_path: Path):
    for seed in range(block, MANY, LONG_BLOCKS):
        check(seed, tmp_path, 2 * EACH)


def test_many_rules_were_broken_and_much_was_taken():
    told = [Mischief(seed).tell_some(40) for seed in range(SEEDS)]
    rules = Counter(forced.rule for mischief in told for forced in mischief.refused[:EACH])
    assert len(rules) >= 12, rules
    assert sum(rules.values()) > 5 * SEEDS, rules
    assert sum(mischief.taken for mischief in told) > SEEDS
