"""The ledger that the tests of the pages read: the story of the API's tests, told by parties with hostile names."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.api.story import PROJECT, STORY
from tests.writer.on_disk import OnDisk

SCRIPT = "<script>alert(1)</script>"
REVERSED = "Good \u202egnihtemos\u202c charity"
LONG = "Foundation" * 20
QUOTED = "\"'><img src=x onerror=alert(2)> {{ 7*7 }} %(amount)s"
OPENING = """
    2026-09-07
    op: unit CNY 2 name=Yuan; unit USD 2; unit box 0 name=Boxes; unit mask 0
    op: party hope charity li name='Hope 希望'; party river charity xu; party till custodian
"""
TRADERS = [
    {"kind": "party", "id": id, "roles": ["vendor"], "name": name, "entity": "organisation"}
    for id, name in (("press", REVERSED), ("evil", SCRIPT), ("long", LONG))
]
WORK = {
    "kind": "progress", "activity": "books", "note": SCRIPT, "done_on": "2026-10-20",
    "evidence": [{"bytes": 12_345, "digest": "ab" * 32, "media": "image/jpeg"}],
}  # fmt: skip


class Town(NamedTuple):
    """A ledger that was told and closed: its directory, its size, and the names of some of its records."""

    directory: Path
    tree_size: int
    refs: dict[str, str]


def tell(directory: Path) -> OnDisk:
    """The story, open for writing."""
    ledger = OnDisk(directory)
    ledger.play(OPENING)
    ledger.play(f"    op: party shop vendor sun name='{LONG[:40]}'")
    ledger.say("op", TRADERS, ["op.chief"])
    ledger.play("    hope: fund general unrestricted name='General & <b>bold</b>'")
    ledger.say("hope", [{**PROJECT, "name": QUOTED, "purpose": f"Desks {REVERSED}"}], ["hope.li"])
    ledger.play(STORY)
    ledger.play("    hope: donation 9.00 CNY -> general as waiting")
    ledger.play("    hope: payment 2.00 CNY general -> evil purpose='<b>x</b>' as bad; payment 3.00 CNY general -> long as lengthy")
    ledger.say("hope", [WORK], ["hope.li"])
    ledger.play("    hope: payment 1.00 CNY general -> hope 'breach=self-payment:<i>A mistake</i>' as own")
    ledger.play(f"""
        hope: relation of=shop to=hope nature=founder starts_on=2026-09-01
        shop: relation of=shop to=hope nature=founder starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop related=founder as kin
        hope: exchange 1.00 CNY general 0.10 USD rate=1/10 as changed
        hope: payment 0.50 CNY general group=payroll:340:{'A' * 43} as staff
        hope: correction of ^kin cost_class=administration as put-right
        hope: income 2.00 CNY -> general income_class=unstated; income 1.00 CNY -> general income_class=advance lender=evil as lent
        hope: payment 1.00 CNY general -> evil repays=^lent as repaid
        hope: payment 0.20 CNY general -> shop related=founder grant= as granted
        shop: fund till unrestricted; receipt 0.20 of ^granted into=till as took
        shop: payment 0.10 CNY till -> hope related=founder returns=^took units=0..10 as returned
        hope: receipt 0.10 of ^returned into=general
        hope: fund purse unrestricted; donation 30.00 CNY -> purse as fresh; payment 2.00 CNY purse -> evil as twice
        hope: reversal ^twice 'reason=Entered <b>twice</b>' as untwice
        hope: donation 5.00 CNY -> purse as nought
    """)
    end = ledger.books.tape["purse/CNY"].end
    ledger.play(f"""
        hope: reversal ^nought reason=Mistyped gave=purse:CNY:5.00:2026-10-20:{end - 500}..{end}
        hope: payment 7.20 CNY purse -> shop related=founder as fought
        shop: receipt 6.00 of ^fought as signed; receipt 1.00 of ^fought as slip
        shop: reversal ^slip reason=Mistaken
        hope: payment-return 3.00 of ^fought as back
        hope: payment 1.00 CNY purse -> evil as bounced; payment-return 1.00 of ^bounced
    """)
    return ledger


def told(directory: Path) -> Town:
    """The story, told and closed."""
    ledger = tell(directory)
    size = ledger.sequencer.tree_size
    ledger.close()
    return Town(directory, size, dict(ledger.labels))
