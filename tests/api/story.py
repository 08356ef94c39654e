"""The ledger that the tests of the API read: every kind of record that the API has something to say of."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ledger.directory.source import DirectorySource
from ledger.log_files.export import export_tiles
from tests.writer.on_disk import OnDisk, a_gift

EVIL = "=HYPERLINK(0,0)"
PARTIES = f"""
    party hope charity li name='Hope 希望'; party shop vendor sun name='{EVIL}'; party press vendor; party river charity xu;
    party till custodian
""".replace("\n", " ").strip()
OPENING = f"""
    2026-09-07
    op: unit CNY 2 name=Yuan; unit USD 2; unit box 0 name=Boxes; unit mask 0
    op: {PARTIES}
    hope: fund general unrestricted; mandate thresholds=CNY:10000.00; contact email=office@hope.example complaints='To a board <b>'
"""
PROJECT = {
    "kind": "project", "id": "school", "name": "School 学校", "purpose": "Desks & <books>", "restriction": "restricted",
    "receipt_days": 5, "feedback_days": 20, "goal": [{"unit": "CNY", "amount": 90000}], "place": "CN-51",
    "cost_limits": [{"cost_class": "administration", "rate": [1, 10]}],
    "budget": [
        {"cost_class": "programme", "unit": "CNY", "amount": 2000}, {"cost_class": "fundraising", "unit": "EUR", "amount": 5},
    ],
    "targets": [
        {"indicator": "books-read", "target": 5, "measured_in": "pieces", "by": "2026-12-31", "baseline": 0},
        {"indicator": "meals", "target": 40, "measured_in": "meals", "by": "2026-12-31"},
    ],
}  # fmt: skip
REGIONS = "regional-statistics school CNY 5250 from_size=0 cells=other:2:100"
STORY = f"""
    hope: activity books school targets=meals:40:pieces:2026-12-31 budget=CNY:15.00; \
activity desks school; fund store restricted school
    hope: donation 50.00 CNY -> school fee=2.00 fee_to=till as gift; donation 30.00 USD -> general; donation 2.50 CNY -> school
    2026-09-08
    hope: allocation 20.00 CNY school -> books as moved
    hope: payment 7.00 CNY books -> press purpose='+paper' as paid
    hope: payment 5.00 CNY school -> shop goods=3:box:books:2.00+70:mask:store:3.00 as bought
    2026-09-10
    shop: receipt 4.00 ^bought level=recipient-signed
    hope: receipt 6.00 ^paid level=self-declared; payment-return 1.00 ^paid
    hope: feedback books-read 3 payments=^paid,^bought as told
    hope: exchange 10.00 USD general to_amount=7000 to_unit=CNY rate=7/1
    hope: refund ^gift school CNY units=4700..4800 cover=general:0..100 reason=legal as refunded
    hope: allocation 1.00 CNY school -> desks as wrong
    hope: reversal ^wrong
    hope: progress desks note='@work'; delivery 20 mask store -> river as handed
    hope: payment 3.00 CNY general -> river grant= as granted
    river: fund aid restricted; receipt 3.00 of ^granted into=aid
    hope: feedback meals 40 activity=books from_day=2026-09-07 to_day=2026-09-07
    hope: statistics school CNY cells=2026-09:5250:2 from_day=2026-09-01 to_day=2026-09-30; {REGIONS}
    2026-10-02
    hope: payment 1.00 CNY books -> press as late
    2026-10-20
    hope: donation 0.40 CNY -> school
"""
GIFTS_AFTER = 300


class Told(NamedTuple):
    """A ledger that was told and closed: its directory, the names of some of its records, and its export."""

    directory: Path
    refs: dict[str, str]
    export: Path
    tree_size: int


def tell(place: Path, gifts: int = GIFTS_AFTER) -> Told:
    """The story, and so many gifts after it, one an entry: with 300 there is a full tile, and a second level."""
    ledger = OnDisk(place / "ledger")
    ledger.play(OPENING)
    ledger.say("hope", [PROJECT], ["hope.li"])
    ledger.play(STORY)
    ledger.sequencer.submit([a_gift(ledger, number + 1) for number in range(gifts)])
    size = ledger.sequencer.tree_size
    ledger.close()
    with closing(DirectorySource(ledger.directory)) as source:
        export_tiles(source, place / "export")
    return Told(ledger.directory, dict(ledger.labels), place / "export", size)
