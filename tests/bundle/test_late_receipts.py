"""Which receipt a payment waits for: that of a payee who could sign is overdue, in a bundle and in a browser, whatever others say
instead (books §6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.bundle.trace_bundle import make_bundle
from ledger.entries.store_flows import StoreFlows
from ledger.log.tile import CHECKPOINT
from ledger.view.view import View
from tests.verifier.asking import Case, check_alike
from tests.writer.on_disk import TRUST, OnDisk

POLICY = f"log {TRUST.logs[0].vkey.format()}\nquorum none\n"
TOWN = """
    op: unit CNY 2; party hope charity li; party shop vendor zhao; party press vendor; party friends sponsor fan
    hope: project school restricted
    hope: donation 10.00 CNY -> school
"""
GIFT = "3.0"
LATE, DUE = "2027-06-01", "Receipt for {} is overdue: it was due on 2026-09-17."
DOCUMENTED = {
    "kind": "receipt", "amount": 400, "level": "documented", "received_on": "2026-09-07",
    "document": f"hmac-sha256:receipts:{'A' * 43}", "evidence": [{"bytes": 3, "digest": "a" * 64, "media": "image/jpeg"}],
}  # fmt: skip
BY_SHOP = "hope: payment 4.00 CNY school -> shop as paid"
STORIES: dict[str, tuple[tuple[str | dict[str, Any], ...], str]] = {
    "documented only": ((BY_SHOP, DOCUMENTED), "4.0"),
    "by a third party only": ((BY_SHOP, "friends: receipt 4.00 of ^paid level=third-party"), "4.0"),
    "by the payee": ((BY_SHOP, "shop: receipt 4.00 of ^paid"), ""),
    "by the payee in part, the rest documented": (
        (BY_SHOP, "shop: receipt 1.00 of ^paid", DOCUMENTED), "4.0",
    ),
    "of a payee without a key": (
        ("hope: payment 4.00 CNY school -> press as paid", DOCUMENTED), "",
    ),
    "of a payee who got its key with the payment before it": (
        ("op: party mill vendor qi", "hope: payment 4.00 CNY school -> mill as paid", DOCUMENTED),
        "5.0",
    ),
    "of a payee who got another key later": ((BY_SHOP, "shop: key wu", DOCUMENTED), "4.0"),
    "of the operator": (
        ("hope: payment 4.00 CNY school -> op as paid", DOCUMENTED), "4.0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_both_say_that_the_receipt_of_a_payee_who_could_sign_is_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: str
):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    said, late = STORIES[story]
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    for one in said:
        if isinstance(one, str):
            ledger.play(one)
        else:
            ledger.say("hope", [{**one, "of": ledger.labels["paid"]}], ["hope.li"])
    bundle = make_bundle(StoreFlows(ledger.sequencer.store, ledger.books), GIFT, (ledger.directory / CHECKPOINT).read_bytes())
    ledger.close()
    (told,) = check_alike([Case(story, bundle, POLICY)], as_of=LATE)
    assert told.verdict == "verified" and ("Receipt for" in told.sentence) == bool(late)
    assert DUE.format(late) in told.sentence or not late
    with View.open(ledger.directory) as view:
        overdue = view.at().gift(GIFT, LATE).overdue
    assert [one.ref for one in overdue if one.stage == "receipt"] == ([late] if late else [])
