"""Claims on disk: in order, however many there are, with as much in memory as was said."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from random import Random

import pytest

from ledger.audit.spill import Claims


@pytest.mark.parametrize("run_bytes", [1, 100, 10_000, 1 << 20])
def test_claims_come_back_in_the_order_of_what_they_are_about(tmp_path: Path, run_bytes: int):
    chance, made = Random(run_bytes), []
    claims = Claims(tmp_path, run_bytes)
    for number in range(300):
        about = (chance.randrange(20), chance.randrange(3), 100 + number // 5, number % 5)
        made.append((*about, "refund", {"units": [[number, number + 1]], "cover": []}))
        claims.add(*made[-1])
    assert list(claims.in_order()) == sorted(made, key=lambda claim: claim[:4])
    assert [path.name for path in tmp_path.iterdir()] == ["claims"]


def test_claims_of_one_record_about_the_same_keep_their_order(tmp_path: Path):
    claims = Claims(tmp_path, 1)
    for number in range(9):
        claims.add(7, 0, 9, 1, "refund", {"n": number})
    assert [facts["n"] for *_, facts in claims.in_order()] == list(range(9))


def test_a_claim_for_each_gift_of_few_entries_takes_no_more_memory_than_one_run(tmp_path: Path):
    claims = Claims(tmp_path, 1 << 16)
    for number in range(20_000):
        claims.add(number % 50, number % 251, 1000 + number // 200, number % 200, "refund", {"units": [[number, number + 1]]})
    tracemalloc.start()
    assert sum(1 for _ in claims.in_order()) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 << 20
