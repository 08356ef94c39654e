"""Whose receipts may show a document that receipts of two statements show: whoever showed it first, or else either of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.findings.report import Report
from ledger.log.policy import Policy
from ledger.log_files.source import FolderSource
from tests.attacks.chained import TRUST, Chained
from tests.audit.mirror import forged

FILE = {"bytes": 3, "digest": "a" * 64, "media": "image/jpeg"}
BEGIN = """
    op: ledger chief; unit CNY 2
    op: party hope charity li; party shop vendor sun; party village beneficiary ma
    hope: fund general unrestricted; donation 100.00 CNY -> general
    hope: payment 20.00 CNY general -> shop as shop; payment 20.00 CNY general -> village as village
"""
KEYS = {"hope": "hope.li", "shop": "shop.sun", "village": "village.ma"}


def said(ledger: Chained, story: str) -> Chained:
    """Each word is an entry that shows the file: the party's receipt, or `pays`, the charity's payment."""
    for word in story.split():
        party = "hope" if word == "pays" else word
        of = ledger.labels["shop" if word in ("hope", "pays") else word]
        record: dict[str, Any] = {"kind": "receipt", "of": of, "amount": 1_00, "level": "recipient-signed"}
        record |= {"received_on": ledger.time[:10], "evidence": [FILE]}
        if word == "hope":
            record |= {"level": "documented", "document": f"hmac-sha256:receipts:{'A' * 43}"}
        if word == "pays":
            record = {"kind": "payment", "amount": 1_00, "unit": "CNY", "fund": "general", "payee": "shop"}
            record |= {"cost_class": "programme", "paid_on": ledger.time[:10], "channel": "cash", "evidence": [FILE]}
        ledger.say(party, [record], [KEYS[party]])
    return ledger


def audited(entries: list[bytes], place: Path, name: str, state: Path | None = None) -> Report:
    (place / name).mkdir()
    return verify(FolderSource(forged(entries, place / name)), Policy.parse(TRUST), state=state)


STORIES = {
    "shop": [],
    "pays hope": [],
    "shop shop": ["1: 0 of shop shows the same document for another receipt"],
    "shop village": ["1: 0 of shop shows the same document for another receipt; the document may be of shop or of village"],
    "pays shop hope": ["1: 2 of hope shows the same document for another receipt; 0 of hope showed it first"],
    "pays hope shop": ["2: 1 of hope shows the same document for another receipt; 0 of hope showed it first"],
    "pays shop village": [
        "2: 1 of shop shows the same document for another receipt; 0 of hope showed it first; the document may be of shop or of "
        "village",
    ],
    "pays shop village hope": [
        "1: 3 of hope shows the same document for another receipt; 0 of hope showed it first",
        "2: 1 of shop shows the same document for another receipt; 0 of hope showed it first; the document may be of shop or of "
        "village",
    ],
    "shop pays hope": ["2: 0 of shop shows the same document for another receipt; the document may be of shop or of hope"],
    "shop village shop": [
        "1: 0 of shop shows the same document for another receipt; the document may be of shop or of village",
        "2: 0 of shop shows the same document for another receipt",
    ],
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_a_document_in_receipts_of_two_statements_is_found_once(story: str, tmp_path: Path):
    ledger = Chained()
    ledger.play(BEGIN)
    start = len(ledger.raws)
    said(ledger, story)
    expected = []
    for words in STORIES[story]:
        place, _, message = words.partition(": ")
        parts = [f"{start + int(part)}.0" if part.isdecimal() else part for part in message.split(" ")]
        expected.append((start + int(place), 0, " ".join(parts)))
    whole = audited(ledger.raws, tmp_path, "log")
    assert {one.rule for one in whole.findings} <= {"document-twice"}
    assert [(one.entry, one.record, one.message) for one in whole.findings] == expected


def test_an_audit_that_goes_on_finds_the_same(tmp_path: Path):
    ledger = Chained()
    ledger.play(BEGIN)
    start = len(ledger.raws)
    said(ledger, "pays shop village hope")
    for size in range(start, len(ledger.raws) + 1):
        resumed = audited(ledger.raws[:size], tmp_path, f"resumed-{size}", tmp_path / "state")
        whole = audited(ledger.raws[:size], tmp_path, f"whole-{size}")
        assert resumed.findings == whole.findings and len(whole.findings) == max(0, size - start - 2)
