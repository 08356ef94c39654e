"""The figures of the pages are those of `/v1`, and every one leads to its definition."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.locale import voice_of
from api.pages.money import OUT
from api.pages.shares import BAR, LEAST, WHOLE, parts_of, widths
from api.pages.totals import reach
from ledger.bounds import MAX_INTEGER
from ledger.view.view import View
from tests.api.asking import BROWSER, Client, client_of
from tests.pages.addresses import PAGES, path_of
from tests.pages.town import Town
from tests.writer.on_disk import TOWN, OnDisk

STAGE = re.compile(
    r'<li(?: class="todo")?><svg class="sign c-(done|part|todo)"[^>]*><use[^>]*></use></svg><h3>(\w[\w ]*)</h3>\s*'
    r'(?:<p class="amount"><span class="number">([^<]+)</span></p>)?(.*?)</li>', re.DOTALL,
)  # fmt: skip


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


LINE = re.compile(r'<dt>([^<]+)</dt><dd><a href="([^"]+)">([^<]+)</a></dd>')


@pytest.mark.parametrize(
    ("page", "scope"),
    [("/", ""), ("/project/school", "project=school"), ("/charity/hope", "charity=hope"), ("/fund/school", "fund=school")],
)  # fmt: skip
def test_a_figure_its_list_and_its_download_say_the_same(client: Client, page: str, scope: str):
    """Every figure of every line: the page behind it has the same sum below its list, and so has the list that it links to."""
    shown = LINE.findall(said(client.get(page, accept_language="en").text))
    terms = client.items(f"/v1/accounts?{scope}")
    assert len(shown) == len(terms) > 3
    by_link = {(term["term"], term["amount"]["unit"]): term["amount"] for term in terms}
    for _, link, figure in shown:
        address = html.unescape(link)
        term, unit = re.search(r"/money/([\w-]+)\?unit=(\w+)", address).groups()
        amount = by_link.pop((term, unit))
        digits = voice_of("en").amount(abs(amount["minor"]), amount["exponent"])
        assert figure.split(" ")[-1] == digits and (figure.startswith("−") == (amount["minor"] < 0))
        text = said(client.get(address, accept_language="en").text)
        foot = re.search(r'<tfoot>.*?<td class="money">([^<]*)</td>', text)[1]
        assert foot.split(" ")[-1] == digits
        assert foot.startswith("−") == (amount["minor"] < 0 and term not in OUT), "what went out is said once, in the caption"
        if term != "left":
            sheet = client.get(html.unescape(re.search(r'href="(/v1/movements[^"]*)"', text)[1])).text.removeprefix("\ufeff")
            assert sum(int(row["amount_minor"]) for row in csv.DictReader(io.StringIO(sheet))) == amount["minor"]
    assert not by_link


def test_a_list_goes_on_where_a_page_ended(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.pages.money.LISTED", 3)
    address, seen = "/money/given?unit=CNY", list[str]()
    while address:
        text = client.get(address, accept_language="en").text
        seen += re.findall(r'<th scope="row"><a href="/g/([\d.]+)"', text)
        following = re.search(r'<a rel="next" href="([^"]*)"', text)
        address = html.unescape(following[1]) if following else ""
    wanted = [row["ref"] for row in client.items("/v1/movements?term=given&unit=CNY")]
    assert seen == wanted and len(seen) > 3


@pytest.mark.parametrize(
    ("path", "status"),
    [("/money/spend", 404), ("/money/paid?project=nothing", 404), ("/fund/nothing", 404), ("/money/paid?month=2026-13", 422),
     ("/money/given?payee=shop", 404), ("/money/paid?unit=XYZ", 200), ("/money/paid?after=x", 404)],
)  # fmt: skip
def test_a_list_that_there_is_not(client: Client, path: str, status: int):
    assert client.get(path).status_code == status


def test_the_shares_of_a_project_are_those_of_the_api(client: Client):
    page = said(client.get("/project/school", accept_language="en").text)
    rows = client.items("/v1/statistics/reach?project=school")
    assert rows
    with_units = re.findall(r'</th>\s*<td class="number">([\d.]+%)</td><td class="number">([\d,.]+ \w+)</td>', page)
    assert with_units
    shares = sum(float(share[:-1]) for share, amount in with_units if amount.endswith("CNY"))
    assert round(shares, 1) == 100.0, "the parts add up to 100"


def test_parts_of_a_bar_follow_one_another(town: Town):
    with View.open(town.directory) as view:
        for bar in reach(view.at()):
            edges = [(part.start, part.start + part.width) for part in bar.parts]
            assert edges[0][0] == 0 and edges[-1][1] == BAR
            assert all(end == start for (_, end), (start, _) in zip(edges, edges[1:], strict=False))
            assert sum(part.amount for part in bar.parts) == bar.row.base
            assert sum(part.tenths for part in bar.parts) == WHOLE


@given(st.lists(st.integers(0, MAX_INTEGER), min_size=1, max_size=10))
def test_shares_add_up_and_none_is_off_by_a_tenth(amounts: list[int]):
    parts, total = parts_of(WHOLE, amounts), sum(amounts)
    assert sum(parts) == (WHOLE if total else 0)
    assert all(abs(part * total - WHOLE * amount) < total or not amount for part, amount in zip(parts, amounts, strict=True))
    assert sum(widths(amounts)) == (BAR if total else 0)
    assert all((width >= LEAST) == (amount > 0) for width, amount in zip(widths(amounts), amounts, strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_a_definition_has_one(client: Client, town: Town, name: str):
    definitions = client.get("/figures", accept_language="en").text
    for place in re.findall(r'href="/figures#([\w-]+)"', client.get(path_of(town, name)).text):
        assert f' id="{place}">' in definitions


@pytest.mark.parametrize("name", ["home", "project", "charity"])
def test_every_total_leads_to_its_definition(client: Client, town: Town, name: str):
    text = client.get(path_of(town, name), accept_language="en").text
    for place in ("line", "traceability" if name == "home" else "received", "overdue"):
        assert f"/figures#{place}" in text


def test_the_stages_of_a_gift_say_what_came_how_far(client: Client, town: Town):
    text = said(client.get(f"/g/{town.refs['gift']}", accept_language="en").text)
    stages = STAGE.findall(text)
    trace = client.json(f"/v1/donations/{town.refs['gift']}/trace")
    sums = {row["state"]: row["amount"]["minor"] for row in trace["totals"]}
    spent = sum(sums.get(state, 0) for state in ("paid", "received", "reported"))
    shown = {name: amount for _, name, amount, _ in stages}
    assert list(shown) == ["Given", "Put to work", "Paid", "Receipt", "Feedback"]
    assert shown["Given"] == "50.00 CNY" and shown["Paid"] == said(voice_of("en").money(spent, 2, "CNY"))
    late = {name for *_, name, _, rest in stages if "overdue: due by" in rest}
    assert late == {{"receipt": "Receipt", "feedback": "Feedback"}[one["stage"]] for one in trace["overdue"]} != set()


def test_the_rows_of_a_gift_tile_it(client: Client, town: Town):
    text = said(client.get(f"/g/{town.refs['gift']}", accept_language="en").text)
    edges = [tuple(int(edge.replace(".", "")) for edge in row) for row in re.findall(r"([\d.]+) – ([\d.]+) CNY</span>", text)]
    assert edges[0][0] == 0 and edges[-1][1] == 5000
    assert all(end == start for (_, end), (start, _) in zip(edges, edges[1:], strict=False))


@pytest.mark.parametrize("name", ["payment", "payment-goods", "payment-kin", "payment-disputed", "payment-bounced", "delivery"])
def test_the_stages_of_a_payment_add_up_to_it(client: Client, town: Town, name: str):
    part = said(client.get(path_of(town, name), accept_language="en").text).partition('id="far"')[2].partition("</section>")[0]
    *amounts, whole = [int(amount.replace(".", "")) for amount in re.findall(r'<td class="number">([\d.]+) [^<]*</td>', part)]
    said_by_api = client.json("/v1/records/" + path_of(town, name).rpartition("/")[2])["record"]["amount"]
    assert amounts and sum(amounts) == whole == said_by_api


def test_a_payment_is_as_far_as_its_strongest_receipt(client: Client, town: Town):
    text = said(client.get(f"/payment/{town.refs['bought']}", accept_language="en").text)
    far = dict(re.findall(r'</svg>([^<]+)</th><td class="number">([^<]+)</td>', text.partition('id="far"')[2]))
    assert far == {"reported, receipt signed by somebody else": "4.00 CNY", "paid, no receipt yet": "1.00 CNY"}
    assert "No file is attached" in text and "signed by the recipient" in text and "✓" not in text


def test_the_log_shows_its_checkpoint_and_its_key(client: Client, town: Town):
    text = html.unescape(client.get("/log", accept_language="en").text)
    ledger = client.json("/v1/ledger")
    assert client.get("/checkpoint").text in text
    assert ledger["vkey"] in text and ledger["root"] in text and ledger["origin"] in text


@pytest.mark.parametrize("at_size", [0, 20])
def test_an_entry_is_shown_with_its_bytes_and_its_proof(client: Client, at_size: int):
    query = f"?at_size={at_size}" if at_size else ""
    text = html.unescape(client.get(f"/entry/8{query}", accept_language="en").text)
    proof = client.json(f"/v1/entries/8/inclusion{query}")
    assert re.findall("<li><code>([0-9a-f]{64})</code></li>", text) == proof["hashes"] != []
    assert f"<code>{proof['root']}</code>" in text and f"<code>{proof['leaf_hash']}</code>" in text
    assert client.get("/v1/entries/8/raw").text in text


def test_a_large_entry_is_shown_in_part(tmp_path: Path):
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("    hope: " + "; ".join(f"donation {number + 1} CNY -> school" for number in range(250)))
    index = ledger.sequencer.tree_size - 1
    ledger.close()
    client = client_of(ledger.directory)
    text = client.get(f"/entry/{index}", accept_language="en").text
    assert "Only the first 40 of 250 records are shown" in text and "Only the beginning is shown" in text
    assert len(text.encode()) < 120_000
    listed = client.get(f"/payment/{index}.0").status_code, client.get(f"/g/{index}.249").status_code
    assert listed == (404, 200)
    client.close()


@pytest.mark.parametrize("name", ["home", "project", "charity"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_part_of_a_bar_leads_to_a_list_that_sums_to_it(client: Client, town: Town, name: str, language: str):
    text = client.get(path_of(town, name), accept_language=language).text
    links = re.findall(r'<td class="number"><a href="(/reach/[^"]+)">([^<]+)</a></td>', text)
    assert links
    for address, figure in links:
        page = client.get(html.unescape(address), accept_language=language).text
        rows = re.findall(r'<td class="money">([^<]+)</td></tr>\s*(?=<tr>|</tbody>)', page)
        foot = re.findall(r'<tfoot>.*<td class="money">([^<]+)</td></tr></tfoot>', page)
        assert foot == [figure] and rows
        assert sum(minor_of(row) for row in rows) == minor_of(figure)


def minor_of(said: str) -> int:
    """The digits of an amount; amounts of one unit have equally many decimals."""
    return int("".join(re.findall(r"\d", said)))


def test_the_list_of_payments_begins_with_its_count_and_sum_and_says_who_signed(client: Client):
    text = said(client.get("/money/paid?unit=CNY", accept_language="en").text)
    sheet = client.items("/v1/movements?term=paid&unit=CNY")
    total = voice_of("en").amount(-sum(row["amount"]["minor"] for row in sheet), 2)
    assert f"<strong>{len(sheet)} payments</strong>, {total} CNY in total" in text
    assert "signed by the payee" in text and "missing" in text
    assert 'href="/money/paid" aria-current="page">Payments</a>' in text and "format=csv" in text and "The same as JSON" in text


def test_a_ledger_without_payments_does_not_offer_a_list_of_them(tmp_path: Path):
    ledger = OnDisk(tmp_path / "ledger")
    client = client_of(ledger.directory, accept=BROWSER)
    assert "/money/paid" not in client.get("/").text and client.get("/money/paid").status_code == 200
    client.close()
    ledger.close()
