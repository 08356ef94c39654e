"""The way of a gift: its stages add up to it, and what was paid twice is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.view.gift_way import gift_stages, paid_again, way_of
from ledger.view.view import View
from tests.view.test_outcome import PLACE
from tests.writer.on_disk import OnDisk


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[OnDisk]:
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(PLACE)
    ledger.play("hope: donation 10.00 CNY -> noon as gift")
    yield ledger
    ledger.close()


def way(ledger: OnDisk) -> tuple[dict[str, int], list[tuple[str, int]], int]:
    with View.open(ledger.directory) as view:
        snapshot = view.at()
        trace = snapshot.gift(ledger.labels["gift"], "")
        return gift_stages(trace), way_of(trace), paid_again(snapshot.books, trace)


def test_each_part_is_in_the_stage_of_its_receipt(ledger: OnDisk):
    ledger.play("""
        hope: payment 4.00 CNY noon -> kitchen as meals; payment 3.00 CNY noon -> crew as work
        kitchen: receipt 3.00 of ^meals level=recipient-signed
        hope: receipt 3.00 of ^work level=self-declared as own
    """)
    stages, steps_, again = way(ledger)
    assert stages == {"signed": 300, "self": 300, "paid": 100, "allocated": 300}
    assert steps_ == [(ledger.labels["meals"], 400), (ledger.labels["work"], 300)]
    assert again == 0


def test_what_came_back_and_was_paid_again_is_counted_and_what_only_came_back_is_not(ledger: OnDisk):
    ledger.play("""
        hope: payment 10.00 CNY noon -> kitchen as first
        hope: payment-return 6.00 of ^first
    """)
    assert way(ledger)[2] == 0, "it waits"
    ledger.play("hope: payment 4.00 CNY noon -> crew as second")
    stages, steps_, again = way(ledger)
    assert again == 400 and sum(stages.values()) == 1000
    assert [amount for _, amount in steps_] == [1000, 600, 400]


def test_a_payment_that_was_entered_by_mistake_was_not_paid_twice(ledger: OnDisk):
    ledger.play("""
        hope: payment 10.00 CNY noon -> kitchen as first
        hope: reversal ^first reason=Mistyped
        hope: payment 10.00 CNY noon -> kitchen as second
    """)
    assert way(ledger)[2] == 0


def test_a_grant_that_was_spent_by_its_payee_was_not_paid_twice(ledger: OnDisk):
    ledger.play("""
        river: project streams restriction=restricted; activity brook streams
        hope: payment 10.00 CNY noon -> river grant= as granted
        river: receipt 10.00 of ^granted into=brook
        river: payment 10.00 CNY brook -> kitchen as spent
    """)
    assert way(ledger)[2] == 0
    assert [ref for ref, _ in way(ledger)[1]][-1] == ledger.labels["spent"]


def test_goods_that_were_bought_and_handed_over_were_not_paid_twice(ledger: OnDisk):
    ledger.play("""
        hope: payment 10.00 CNY noon -> kitchen goods=5:box:noon:10.00 as bought
        hope: delivery 5 box noon -> crew as handed
    """)
    assert way(ledger)[2] == 0
    assert [ref for ref, _ in way(ledger)[1]] == [ledger.labels["bought"], ledger.labels["handed"]]
