"""What a page tells a newcomer: commands that run, whose day it is, what will not come any more, and where the records are."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.main import cli
from tests.api.asking import BROWSER, Client, client_of
from tests.pages.addresses import LANGUAGES, PAGES, path_of
from tests.pages.town import Town
from tests.writer.on_disk import TOWN, OnDisk

GIVEN_BACK = {"en": "will not happen: the gift was given back", "zh": "不再进行：这笔捐赠已退还"}
NOT_YET = {"en": "<p>not yet</p>", "zh": "<p>尚未</p>"}


def said(client: Client, path: str, language: str = "en") -> str:
    return html.unescape(client.get(path, accept_language=language).text).replace("\u00a0", " ")


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_a_page_prints_is_one(client: Client, town: Town, name: str):
    """Each has the options that it needs, and the page says where the policy comes from."""
    text = said(client, path_of(town, name))
    commands = re.findall(r"^(?:.*<code>)?(givetrail [^<\n]*)", text, re.MULTILINE)
    assert bool(commands) == (name in ("log", "data") or name.startswith("gift"))
    for words in map(shlex.split, commands):
        command = cli.get_command(click.Context(cli), words[1])
        command.make_context(words[1], words[2:])
        assert words[words.index("--trust") + 1] == "trust.policy"
    assert not commands or "not from this site" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_the_zone_of_its_days(client: Client, town: Town, name: str, language: str):
    zones = {"en": "are in the ledger’s time zone, UTC+8.", "zh": "日期和时间均为账本时区的时间（北京时间，UTC+8）。"}
    assert (zones[language] in said(client, path_of(town, name), language)) == (name not in ("card", "nothing"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_payment_says_what_was_corrected(client: Client, town: Town, language: str):
    text = said(client, path_of(town, "payment-kin"), language)
    was, now = {"en": ("programme", "administration"), "zh": ("慈善活动支出", "管理费用")}[language]
    table = re.search(r'id="corrections".*?</table>', text, re.DOTALL)
    assert table and was in table[0] and now in table[0]
    assert 'id="corrections"' not in said(client, path_of(town, "payment-group"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_payment_says_what_it_pays_back(client: Client, town: Town, language: str):
    returned = {"en": "It pays a grant back, of which", "zh": "此为退回的拨付款项"}[language]
    assert returned in said(client, path_of(town, "payment-returned"), language)
    repaid = {"en": "It repays an advance, so it is not a cost.", "zh": "此为归还暂借款"}[language]
    assert repaid in said(client, path_of(town, "payment-repaid"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_have_money_whose_source_is_not_stated(client: Client, town: Town, language: str):
    text = said(client, "/lists", language)
    assert "2.00" in text[text.index('id="unstated"') : text.index('id="voids"')]


@pytest.fixture
def corrected(tmp_path: Path) -> Iterator[tuple[OnDisk, Client]]:
    """A project, and gifts that went back: one not spent, one that had been spent and has a receipt; and one half of which did."""
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("hope: donation 10.00 CNY -> school as spent; payment 10.00 CNY school -> shop as paid")
    ledger.play("shop: receipt 10.00 ^paid level=recipient-signed")
    ledger.play("hope: donation 5.00 CNY -> school as idle; donation 8.00 CNY -> school as half; donation 20.00 CNY -> general")
    client = client_of(ledger.directory, accept=BROWSER)
    yield ledger, client
    client.close()
    ledger.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gift_that_was_given_back_waits_for_nothing(corrected: tuple[OnDisk, Client], language: str):
    ledger, client = corrected
    pages = {name: f"/g/{ledger.labels[name]}" for name in ("idle", "half", "spent")}
    assert said(client, pages["idle"], language).count(NOT_YET[language]) == 4
    ledger.play("hope: refund ^idle school CNY units=1000..1500 reason=donor-request")
    ledger.play("hope: refund ^half school CNY units=1500..1900 reason=donor-request")
    ledger.play("hope: refund ^spent school CNY cover=general:0..1000 reason=legal")
    for name, ends in (("idle", 4), ("half", 0), ("spent", 4)):
        text = said(client, pages[name], language)
        assert text.count(GIVEN_BACK[language]) == ends, name
        assert text.count(NOT_YET[language]) == (0 if ends else 4), name
    level = {"en": "receipt for the earlier payment: signed by the recipient", "zh": "原付款的签收情况：接收方签收"}
    assert level[language] in said(client, pages["spent"], language)


def test_a_gift_leads_to_the_records_that_it_counts(client: Client, town: Town):
    text = client.get(path_of(town, "gift"), accept_language="en").text
    parts = text.partition('class="steps"')[2].split("</li>")
    stages = dict(zip(("donation", "work", "paid", "receipt", "feedback"), parts, strict=False))
    for stage, kind in (("receipt", "receipt"), ("feedback", "feedback")):
        links = re.findall(r'<a href="(/record/([\d.]+))">(\w+)', stages[stage])
        assert links, stage
        for path, ref, word in links:
            assert word.lower() == kind
            assert f'{kind.capitalize()} <span class="ref">{ref}</span>' in client.get(path, accept_language="en").text


def test_a_gift_leads_to_the_files_that_its_activity_s_progress_names(client: Client, town: Town):
    text = client.get(path_of(town, "gift"), accept_language="en").text.partition('id="evidence"')[2].partition("</section>")[0]
    (path,) = re.findall(r'<a href="(/record/[\d.]+)">Progress', text)
    assert "abababab" in client.get(path).text, "the digest of that file"
    assert ">Progress" not in client.get(path_of(town, "gift-waiting"), accept_language="en").text


def test_a_breach_is_on_the_public_list_with_its_rule_and_reason(client: Client, town: Town):
    ref, listed = town.refs["own"], client.get("/lists", accept_language="en").text.partition("<main")[2]
    entry, _, number = ref.partition(".")
    assert f'href="/payment/{ref}">Payment to <bdi>Hope 希望</bdi>, ' in listed and f'<span class="ref">{ref}</span></a>' in listed
    assert "the party paid or delivered to itself" in listed and "&lt;i&gt;A mistake&lt;/i&gt;" in listed
    assert f'<h3 id="r{number}"><a href="/payment/{ref}">Payment to' in client.get(f"/entry/{entry}", accept_language="en").text


def test_what_is_overdue_was_due_on_the_day_promised(client: Client, town: Town):
    late = client.json(f"/v1/donations/{town.refs['gift']}/trace")["overdue"]
    assert late
    text = said(client, path_of(town, "gift"))
    assert "late" not in re.sub(r"<[^>]*>", "", text.partition("<main")[2]).split() and text.lower().count("due by") > len(late)


@pytest.mark.parametrize("query", ["", "?at_size=20"])
def test_sums_by_month_are_there_as_csv_with_their_definition(client: Client, query: str):
    text = said(client, f"/data{query}")
    for name, place in (("given", "line-given"), ("paid", "paid")):
        link = re.search(rf'href="(/v1/statistics/{name}\?[^"]*format=csv)"', text)[1]
        assert ("at_size=20" in link) == bool(query)
        header, row = client.get(link).text.removeprefix("\ufeff").splitlines()[:2]
        assert header.startswith('"key",') and re.match(r'"\'\d{4}-\d\d"', row)
        assert f'href="/figures{query}#{place}"' in text
    assert "“key” is the month" in text and text.count("“By month” uses") == 0
    assert said(client, "/figures").count("“By month” uses the day") == 1


