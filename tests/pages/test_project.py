"""A project that is funded out of other funds reaches its goal; a payment out of many inflows shows all of them, page by page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.asking import BROWSER, Client, client_of
from tests.api.story import PROJECT
from tests.writer.on_disk import TOWN, OnDisk

INCOMES = 90
PLACE = """
    op: unit CNY 2; unit USD 2
    op: party hope charity li; party press vendor
    hope: fund general unrestricted
"""
ROADS = {
    **PROJECT, "id": "roads", "name": "Roads", "parent": "general",
    "goal": [{"unit": "CNY", "amount": 90000}, {"unit": "USD", "amount": 100}],
}  # fmt: skip


@pytest.fixture
def granted(tmp_path: Path) -> Iterator[tuple[OnDisk, Client]]:
    """A project to which nothing was given."""
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(PLACE)
    ledger.say("hope", [ROADS], ["hope.li"])
    ledger.play("hope: donation 100.00 CNY -> general; allocation 90.00 CNY general -> roads as grant")
    client = client_of(ledger.directory, accept=BROWSER)
    yield ledger, client
    client.close()
    ledger.close()


def said(client: Client, path: str) -> str:
    return html.unescape(client.get(path, accept_language="en").text).replace("\u00a0", " ")


def reached(client: Client) -> list[tuple[str, int, int, int]]:
    """Unit, goal, given, granted."""
    return [
        (row["goal"]["unit"], row["goal"]["minor"], row["given"]["minor"], row["granted"]["minor"])
        for row in client.json("/v1/projects/roads")["goals"]
    ]


def test_what_was_granted_counts_towards_the_goal(granted: tuple[OnDisk, Client]):
    ledger, client = granted
    assert reached(client) == [("CNY", 90000, 0, 9000), ("USD", 100, 0, 0)]
    page = said(client, "/project/roads")
    assert "90.00 CNY</a> of 900.00 CNY (10.0%): 0.00 CNY from gifts, 90.00 CNY from other funds." in page
    assert "0.00 USD</a> of 1.00 USD (0.0%)" in page and '<rect class="f-reported" width="10%"' in page
    ledger.play("hope: donation 45.00 CNY -> roads; donation 2.00 USD -> roads")
    page = said(client, "/project/roads")
    assert "135.00 CNY</a> of 900.00 CNY (15.0%): 45.00 CNY from gifts, 90.00 CNY from other funds." in page
    assert "2.00 USD</a> of 1.00 USD (200.0%)" in page and '<rect class="f-reported" width="100%"' in page
    ledger.play("hope: reversal ^grant")
    assert reached(client) == [("CNY", 90000, 4500, 0), ("USD", 100, 200, 0)]
    assert "from funds that are not its own" in said(client, "/figures")


@pytest.fixture
def incomes(tmp_path: Path) -> Iterator[Client]:
    """A payment out of many incomes and some of a gift: `5.1`."""
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("hope: " + "; ".join(["income 0.10 CNY -> general"] * INCOMES))
    ledger.play("hope: donation 3.00 CNY -> general; payment 11.50 CNY general -> press")
    client = client_of(ledger.directory, accept=BROWSER)
    yield client
    client.close()
    ledger.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_payment_shows_every_inflow(incomes: Client, language: str):
    found, address, pages = [], f"/payment/5.1?lang={language}", 0
    while address:
        text = html.unescape(incomes.get(address).text).replace("\u00a0", " ")
        sources = text.partition('id="sources"')[2].partition("</section>")[0]
        gifts = re.findall(r'<th scope="row">[^<]*</th>\s*<td class="money">([\d.]+)(?: CNY|元)</td></tr>', sources)[:1]
        assert gifts == ["2.50"], "gifts together, the same on every page"
        assert ("<tfoot>" in sources) == (not pages and 'rel="next"' not in sources), "no total of a part of the list"
        found += re.findall(r'<th scope="row"><a href="/record/(\d+)\.(\d+)\?', sources.partition("</table>")[0])
        assert ('rel="first"' in sources) == bool(pages)
        pages, address = pages + 1, sources.partition('rel="next" href="')[2].partition('"')[0].partition("#")[0]
    assert pages == 3 and found == [("4", str(number)) for number in range(INCOMES)]


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "1e3", "１"])
def test_a_place_in_the_list_that_is_none_is_no_error(incomes: Client, asked: str):
    assert incomes.get(f"/payment/5.1?source={asked}").status_code == 200


def test_a_payment_of_few_inflows_has_no_pages(incomes: Client):
    assert 'rel="next"' not in incomes.get("/payment/5.1?source=860").text
