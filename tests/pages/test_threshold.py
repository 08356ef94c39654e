"""A threshold of 0 is shown: two officers always sign."""

from __future__ import annotations

from pathlib import Path

from tests.api.asking import BROWSER, client_of
from tests.writer.on_disk import TOWN, OnDisk


def test_a_threshold_of_nothing_is_on_the_page_and_in_v1(tmp_path: Path):
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("hope: mandate thresholds=CNY:0")
    client = client_of(ledger.directory, accept=BROWSER)
    page = client.get("/charity/hope", accept_language="en").text.replace("\u00a0", " ")
    assert "Two must sign above" in page and "0.00" in page.partition("Two must sign above")[2].partition("</dd>")[0]
    (one,) = client.get("/v1/parties/hope", accept="application/json").json()["mandate"]["thresholds"]
    assert one["minor"] == 0
    client.close()
    ledger.close()
