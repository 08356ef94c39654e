"""No false alarm: random valid ledgers, in which rules are kept to the last unit, are audited in full, and so are bundles of their
gifts; what is found is for people to judge, and was told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from ledger.books.record import KINDS

from .auditing import audit
from .limits import AtTheLimit

FOR_PEOPLE = {
    "return-against-receipt", "rate", "backfilled", "recovery", "key-takeover", "clock-corrected", "overdue-receipt",
    "overdue-feedback", "bank-statement-gap",
}  # fmt: skip
SEEDS, BLOCKS = 60, 6
MANY, LONG_BLOCKS = 1000, 20
LIMITED, FEW, OFTEN = 18, 1, 10
"""So many rules are kept to the last unit; each of them so often in a block of few or of many ledgers."""


def told(seed: int) -> AtTheLimit:
    """The ledger of a seed: some forty entries, and now and then more than a tile of them."""
    chronicle = AtTheLimit(seed).tell_some(48 + seed % 50)
    if seed % 20 == 7:
        chronicle.crowd(260 - len(chronicle.ledger.raws) + seed % 9)
    return chronicle


def check(seed: int, place: Path) -> Counter[str]:
    """Audit the ledger of a seed, as of any day, against checkpoints kept on the way, and some bundles; its limits."""
    ledger, rng = (chronicle := told(seed)).ledger, Random(seed)
    kept = [rng.randrange(1, len(ledger.raws) + 1) for _ in range(3)]
    earlier = tuple((f"at {size}", ledger.note(size)) for size in kept)
    as_of = rng.choice(["", "2026-12-01", "2030-01-01"])
    answer = audit(ledger.artefacts(earlier=earlier, as_of=as_of), place / f"{seed}")
    assert (answer.verdict, answer.exit_code) == ("verified", 0), f"seed {seed}: {answer}"
    assert {rule for rule, _, _ in answer.found} <= FOR_PEOPLE, f"seed {seed}: {answer}"
    for gift in rng.sample(chronicle.gifts, min(2, len(chronicle.gifts))):
        shown = audit(ledger.bundle(gift.ref, as_of), place)
        assert shown.verdict == "verified", f"seed {seed}, the bundle of {gift.ref}: {shown}"
        assert set(shown.found) <= set(answer.found), f"seed {seed}, the bundle of {gift.ref}: {shown}"
    return chronicle.reached


def check_block(seeds: range, place: Path, least: int) -> None:
    reached = sum((check(seed, place) for seed in seeds), Counter[str]())
    assert len(reached) >= LIMITED and min(reached.values()) >= least, reached


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_false_alarm(block: int, tmp_path: Path):
    check_block(range(block, SEEDS, BLOCKS), tmp_path, FEW)


@pytest.mark.long
@pytest.mark.parametrize("block", range(LONG_BLOCKS))
def test_no_false_alarm_on_a_thousand_ledgers(block: int, tmp_path: Path):
    check_block(range(block, MANY, LONG_BLOCKS), tmp_path, OFTEN)


def test_the_ledgers_are_of_every_kind():
    """No record is missing from what is called valid here; most kinds stand there often."""
    kinds: Counter[str] = Counter()
    sizes = []
    for seed in range(0, SEEDS, 2):
        ledger = told(seed).ledger
        sizes.append(len(ledger.raws))
        kinds.update(record.kind for leaf in ledger.leaves for record in leaf.statement.records)
    other = set(KINDS) - {"succession"}  # which ends a log: tests/recovery/test_successor.py has honest ones
    assert set(kinds) == other, sorted(other - set(kinds))
    assert min(count for kind, count in kinds.items() if kind not in ("ledger", "key-revocation")) >= 2, kinds
    assert sum(sizes) > 25 * len(sizes), sizes


def test_a_seed_tells_the_same_ledger_again():
    assert told(11).ledger.raws == told(11).ledger.raws != told(12).ledger.raws
