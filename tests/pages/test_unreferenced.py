"""An exchange for which nobody else said a rate is on a public list, and leaves it when it is void."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.verdict import lines
from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from tests.api.asking import BROWSER, Client, client_of
from tests.writer.on_disk import TOWN, TRUST, OnDisk


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[tuple[OnDisk, Client]]:
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("hope: donation 10.00 CNY -> general; exchange 10.00 CNY general 0.01 USD rate=1/1000 as lost")
    client = client_of(ledger.directory, accept=BROWSER)
    yield ledger, client
    client.close()
    ledger.close()


def told(ledger: OnDisk) -> str:
    return "\n".join(lines(verify(DirectorySource(ledger.directory), TRUST).as_json()))


@pytest.mark.parametrize(("language", "words"), [("en", "Exchange of 10.00\u00a0CNY into"), ("zh", "10.00元兑换为")])
def test_it_is_on_the_page_of_lists(changed: tuple[OnDisk, Client], language: str, words: str):
    ledger, client = changed
    listed = client.get("/lists", accept_language=language).text.partition('id="unreferenced"')[2].partition("<h2")[0]
    assert words in listed and f"/record/{ledger.labels['lost']}" in listed


def test_it_is_in_v1_and_counted_by_verify_until_it_is_void(changed: tuple[OnDisk, Client]):
    ledger, client = changed
    (one,) = client.get("/v1/unreferenced?party=hope").json()["items"]
    assert (one["ref"], one["given"]["minor"], one["got"]["minor"]) == (ledger.labels["lost"], 1000, 1)
    assert client.get("/v1/unreferenced?party=shop").json()["items"] == []
    assert "without a reference: 1 exchange, for which nobody besides its party and the operator said a rate" in told(ledger)
    ledger.play("hope: reversal ^lost")
    assert client.get("/v1/unreferenced").json()["items"] == [] and "without a reference" not in told(ledger)
