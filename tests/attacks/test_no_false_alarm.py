"""No false alarm: random valid ledgers are audited in full, and bundles of their gifts, and only overdue items are found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from ledger.books.record import KINDS

from .auditing import audit
from .chronicle import Chronicle

FOR_PEOPLE = {"recovery", "key-takeover", "clock-corrected", "overdue-receipt", "overdue-feedback"}
SEEDS, BLOCKS = 60, 6
MANY, LONG_BLOCKS = 1000, 20


def told(seed: int) -> Chronicle:
    """The ledger of a seed: some forty entries, and now and then more than a tile of them."""
    chronicle = Chronicle(seed).tell_some(40 + seed % 50)
    if seed % 20 == 7:
        chronicle.crowd(260 - len(chronicle.ledger.raws) + seed % 9)
    return chronicle


def check(seed: int, place: Path) -> Counter[str]:
    """Audit the ledger of a seed, as of any day, against checkpoints kept on the way, and some bundles; the kinds it had."""
    ledger, rng = (chronicle := told(seed)).ledger, Random(seed)
    kept = [rng.randrange(1, len(ledger.raws) + 1) for _ in range(3)]
    earlier = tuple((f"at {size}", ledger.note(size)) for size in kept)
    as_of = rng.choice(["", "2026-12-01", "2030-01-01"])
    answer = audit(ledger.artefacts(earlier=earlier, as_of=as_of), place / f"{seed}")
    assert (answer.verdict, answer.exit_code) == ("verified", 0), f"seed {seed}: {answer}"
    assert {rule for rule, _, _ in answer.found} <= FOR_PEOPLE, f"seed {seed}: {answer}"
    for gift in rng.sample(chronicle.gifts, min(2, len(chronicle.gifts))):
        answer = audit(ledger.bundle(gift.ref, as_of), place)
        assert (answer.verdict, answer.found) == ("verified", {}), f"seed {seed}, the bundle of {gift.ref}: {answer}"
    return Counter(record.kind for leaf in ledger.leaves for record in leaf.statement.records)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_false_alarm(block: int, tmp_path: Path):
    for seed in range(block, SEEDS, BLOCKS):
        check(seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("block", range(LONG_BLOCKS))
def test_no_false_alarm_on_a_thousand_ledgers(block: int, tmp_path: Path):
    for seed in range(block, MANY, LONG_BLOCKS):
        check(seed, tmp_path)


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
    assert min(count for kind, count in kinds.items() if kind not in ("ledger", "key-revocation")) >= 5, kinds
    assert sum(sizes) > 25 * len(sizes), sizes


def test_a_seed_tells_the_same_ledger_again():
    assert told(11).ledger.raws == told(11).ledger.raws != told(12).ledger.raws
