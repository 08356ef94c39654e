"""A payee that signs for what its payer alone declared void: the trace, a bundle, a browser and a full audit say that it is
disputed (books §4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.books.gift import sentence
from ledger.bundle.verification import verify_bundle
from ledger.log_files.source import FolderSource
from ledger.view.view import View
from tests.audit.mirror import make_small
from tests.verifier.asking import Case, check_alike
from tests.writer.on_disk import TRUST

POLICY = f"log {TRUST.logs[0].vkey.format()}\nquorum none\n"
TOWN = """
    op: unit CNY 2; party hope charity li; party shop vendor zhao; party home charity sun
    hope: project school restricted
    home: project house restricted
    hope: donation 10.00 CNY -> school
"""
GIFT = "4.0"
DISPUTED = "disputed: someone other than the payer signed for it, and the payer says that it came back or never went out"
STORIES = {
    "a payment": ("hope: payment 10.00 CNY school -> shop as paid; reversal ^paid", "shop: receipt 6.00 of ^paid", 6, 0),
    "an older receipt that is void": (
        "hope: payment 10.00 CNY school -> shop as paid\n    shop: receipt 6.00 of ^paid as word; reversal ^word\n"
        "    hope: reversal ^paid", "shop: receipt 6.00 of ^paid", 8, 0,
    ),
    "a grant": ("hope: payment 10.00 CNY school -> home grant=house as paid; reversal ^paid", "home: receipt 6.00 of ^paid", 6, 0),
    "a grant and its return": (
        "hope: payment 10.00 CNY school -> home grant=house as paid; payment-return 10.00 of ^paid", "home: receipt 6.00 of ^paid",
        6, 0,
    ),
    "goods": ("hope: payment 10.00 CNY school -> shop goods=5:box:school:10.00 as paid; reversal ^paid",
              "shop: receipt 6.00 of ^paid", 7, 0),
}  # fmt: skip


def test_a_bundle_has_the_reversal_also_where_all_of_it_is_disputed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    said = "hope: payment 10.00 CNY school -> shop as paid\n    hope: reversal ^paid\n    shop: receipt 10.00 of ^paid"
    report = verify_bundle(make_small(tmp_path, f"{TOWN}    {said}\n", GIFT).bundle, TRUST)
    assert report.trace is not None and (report.verdict, report.trace.totals()) == ("verified", {"disputed": 1000})


@pytest.mark.parametrize("story", STORIES)
def test_what_the_payee_says_of_a_void_payment_is_a_dispute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: str):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    before, answer, entry, record = STORIES[story]
    more = "    op: unit box 0\n" if "goods" in story else ""
    small = make_small(tmp_path, f"{TOWN}{more}    {before}\n    {answer}\n", GIFT)
    report = verify_bundle(small.bundle, TRUST)
    words = f"10.00 CNY, given on 2026-09-07 to school: 4.00 CNY waiting since 2026-09-07; 6.00 CNY {DISPUTED}."
    assert report.trace is not None and (report.verdict, sentence(report.trace)) == ("verified", words)
    wanted = [("return-against-receipt", "audit", entry, record)]
    assert [(one.rule, one.kind, one.entry, one.record) for one in report.findings] == wanted
    (said,) = check_alike([Case(story, small.bundle, POLICY)])
    assert said.sentence == words
    with View.open(small.directory) as view:
        assert view.at().gift(GIFT) == report.trace
    found = verify(FolderSource(small.folder), TRUST).findings
    assert ("return-against-receipt", "audit", entry, record) in [(one.rule, one.kind, one.entry, one.record) for one in found]
