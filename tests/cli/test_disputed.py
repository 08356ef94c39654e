"""The first line of a verdict names what is disputed: somebody else signed for it, and the payer alone says that it came back."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.verdict import lines
from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from tests.writer.on_disk import TOWN, TRUST, OnDisk

HEADLINE = "signed by somebody else: 4.20 CNY of 4.20 CNY spent"


def told(ledger: OnDisk) -> list[str]:
    return list(lines(verify(DirectorySource(ledger.directory), TRUST).as_json()))


def test_the_headline_of_a_log_says_how_much_is_disputed(tmp_path: Path):
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("hope: donation 10.00 CNY -> general; payment 7.20 CNY general -> shop as fought")
    ledger.play("shop: receipt 4.20 of ^fought")
    ledger.play("hope: payment-return 3.00 of ^fought")
    assert HEADLINE in told(ledger)
    ledger.play("shop: receipt 1.80 of ^fought")
    assert f"{HEADLINE}; 1.80 CNY disputed" in told(ledger)
    ledger.close()


def test_the_headline_of_a_gift_does_so_too(desk: Path, run, monkeypatch: pytest.MonkeyPatch):
    ledger = OnDisk(desk / "L")
    ledger.play(TOWN)
    ledger.play("hope: donation 10.00 CNY -> general as gift; payment 7.20 CNY general -> shop as fought")
    ledger.play("shop: receipt 6.00 of ^fought")
    ledger.play("hope: payment-return 3.00 of ^fought")
    ledger.close()
    monkeypatch.setenv("GIVETRAIL_LEDGER", "L")
    Path("trust.policy").write_bytes(TRUST.format())
    assert run("proof", ledger.labels["gift"], "-o", "gift.json").exit_code == 0
    verified = run("verify", "gift.json", "--trust", "trust.policy")
    assert "signed by somebody else: 4.20 CNY of 10.00 CNY given; 1.80 CNY disputed" in verified.stdout.splitlines()
