"""When receipts and feedback are due: what is acknowledged first is due first, and no correction puts it off (books §4)."""

from __future__ import annotations

import pytest

from ledger.books.promise import waiting
from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope: project quick restricted receipt_days=10 feedback_days=10
        hope: donation 100.00 CNY -> quick received_on=2026-09-01; payment 10.00 CNY quick -> shop paid_on=2026-09-05 as paid
    """)


def due(ledger: Ledger) -> dict[str, tuple[int, str]]:
    """By stage: how much waits, and until when."""
    ref = ledger.labels["paid"]
    return {one.stage: (one.amount, one.due_on) for one in waiting(ledger.books, ref, ledger.books.disbursement[ref])}


def test_a_correction_puts_no_receipt_off(ledger: Ledger):
    assert due(ledger) == {"receipt": (1000, "2026-09-15")}
    ledger.play("2026-09-17\nhope: correction of ^paid day=2026-09-06")
    assert due(ledger) == {"receipt": (1000, "2026-09-16")}
    ledger.play("hope: correction of ^paid day=2026-09-17")
    assert due(ledger) == {"receipt": (1000, "2026-09-17")}


def test_a_late_receipt_puts_no_feedback_off(ledger: Ledger):
    ledger.play("""
        shop: receipt 5.00 of ^paid
        2026-09-17
        hope: receipt 0.01 of ^paid self-declared; receipt 6.00 of ^paid self-declared
    """)
    assert due(ledger)["feedback"] == (601, "2026-09-17")


def test_what_was_reported_on_is_due_no_more(ledger: Ledger):
    ledger.play("""
        shop: receipt 5.00 of ^paid
        hope: feedback payments=^paid indicator=people value=1 method=Counted as told
        2026-09-20
        shop: receipt 1.00 of ^paid
        2026-09-25
        shop: receipt 1.00 of ^paid
    """)
    assert due(ledger) == {"receipt": (300, "2026-09-15"), "feedback": (200, "2026-09-30")}
    ledger.play("hope: reversal ^told")
    assert due(ledger)["feedback"] == (700, "2026-09-17")
