"""What a cover pays for went back to the donor, also where units came back (books §5)."""

from __future__ import annotations

from pathlib import Path

from ledger.view.traceability import traceability
from ledger.view.view import View
from tests.writer.on_disk import TOWN, OnDisk


def test_units_that_came_back_are_covered_too(tmp_path: Path):
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("""
        hope: donation 10.00 CNY -> general as free
        hope: donation 10.00 CNY -> school as gift; payment 10.00 CNY school -> shop as paid; payment-return 4.00 of ^paid
        hope: refund ^gift school CNY cover=general:0..1000 reason=donor-request
    """)
    with View.open(ledger.directory) as view:
        snapshot = view.at()
        totals = snapshot.gift(ledger.labels["gift"]).totals()
        (yuan,) = traceability(snapshot, fund="school")
    assert {state: amount for state, amount in totals.items() if amount} == {"covered": 1000}
    assert (yuan.given, yuan.returned, yuan.states["held"], yuan.states["paid"]) == (1000, 1000, 0, 0)
    ledger.close()
