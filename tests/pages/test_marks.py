"""What pages and `/v1` say of a record that is void, that broke a rule of conduct, or of whose money some is disputed."""

from __future__ import annotations

import html
import re

import pytest

from tests.api.asking import Client
from tests.pages.addresses import LANGUAGES, path_of
from tests.pages.town import Town

VOID = {
    "en": ("Declared void by", "reversal of: .*{by}", "It stays in the log and is in no sum."),
    "zh": ("作废：", "冲销：.*{by}", "不计入任何合计"),
}
CHECKED = {
    "en": ("How far it has come", "Overdue on", "No receipt yet", "is due by", "came back"),
    "zh": ("进行到哪一步", "逾期", "尚未签收", "最晚应于", "退回"),
}
BROKE = {"en": "Broke a rule of conduct, as Hope 希望 says itself:", "zh": "自己说明违反了规则："}
DISPUTED = {"en": "1.80 CNY is disputed", "zh": "1.80元存在争议"}


def said(client: Client, town: Town, name: str, language: str = "en") -> str:
    page = client.get(path_of(town, name), accept_language=language).text
    return html.unescape(re.sub(r"</?(?:bdi|time[^>]*)>", "", page.partition("<main")[2])).replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["payment-void", "entry-void", "gift-void"])
def test_a_void_record_says_by_which_record_and_why(client: Client, town: Town, name: str, language: str):
    of = town.refs["nought" if name == "gift-void" else "twice"]
    row = client.json(f"/v1/records/{of}")
    text = said(client, town, name, language)
    for words in VOID[language]:
        assert re.search(words.format(by=re.escape(row["void_by"])), text)
    assert html.unescape(row["void_reason"]) in text and "<del>" in text
    assert f"/record/{row['void_by']}" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_void_payment_is_not_checked_and_did_not_return(client: Client, town: Town, language: str):
    text = said(client, town, "payment-void", language).partition('id="sources"')[0]
    assert not [words for words in CHECKED[language] if words in text]
    beside = said(client, town, "payment-evil", language)
    assert CHECKED[language][0] in beside and "<del>" not in beside


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_void_gift_has_no_stages(client: Client, town: Town, language: str):
    assert 'id="stages"' not in said(client, town, "gift-void", language)
    assert 'id="stages"' in said(client, town, "gift", language)


def test_a_void_payment_is_struck_wherever_it_is_listed(client: Client, town: Town):
    ref = town.refs["twice"]
    for name in ("charity", "vendor", "lists"):
        struck = rf'<del><a href="/payment/{ref}">[^<]*(?:<[^>]*>[^<]*)*?</a></del> <span class="ref">\(void\)'
        assert re.search(struck, said(client, town, name)), name
    assert f'<del><a href="/payment/{town.refs["bad"]}"' not in said(client, town, "charity")


def test_a_void_receipt_is_struck_and_not_counted(client: Client, town: Town):
    receipts = said(client, town, "payment-disputed").partition('id="receipts"')[2]
    slip, signed = (next(li for li in receipts.split("<li") if f"/record/{town.refs[name]}" in li) for name in ("slip", "signed"))
    assert "<del>" in slip and "#s-void" in slip and "Mistaken" in slip and "<del>" not in signed
    paid = client.json(f"/v1/payments/{town.refs['fought']}")
    assert paid["receipts"] == [town.refs["signed"]] and paid["receipts_in_all"] == 1
    assert f"/record/{town.refs['slip']}" not in said(client, town, "gift-disputed")


@pytest.mark.parametrize(("language", "words"), [("en", "It declares this void:"), ("zh", "此项使以下记录作废：")])
def test_a_reversal_names_what_it_declares_void(client: Client, town: Town, language: str, words: str):
    text = said(client, town, "entry-reversal", language)
    assert re.search(rf"{words} ?<del><a href=\"[^\"]*/payment/{town.refs['twice']}", text)


def test_v1_says_what_is_void_in_every_resource(client: Client, town: Town):
    listed = {row["ref"]: row for row in client.items("/v1/voids")}
    assert {town.refs[name] for name in ("twice", "nought", "slip")} <= set(listed)
    paths = {"twice": "payments", "nought": "donations", "slip": "receipts"}
    for name, path in paths.items():
        ref = town.refs[name]
        for address in (f"/v1/{path}/{ref}", f"/v1/records/{ref}"):
            row = client.json(address)
            expected = [listed[ref][member] for member in ("void_by", "void_on", "reason")]
            assert [row["void_by"], row["void_on"], row["void_reason"]] == expected
    row = client.json(f"/v1/payments/{town.refs['bad']}")
    assert row["void_by"] is row["void_on"] is row["void_reason"] is None
    assert client.json(f"/v1/donations/{town.refs['nought']}/trace")["void_by"] == listed[town.refs["nought"]]["void_by"]


def test_a_feed_says_what_became_void(client: Client, town: Town):
    feed = client.get("/v1/projects/school/feed.atom").text
    assert feed.count("(void since") == 1
    assert f"<title>allocation {town.refs['wrong']}: 1.00 CNY (void since 2026-09-10)</title>" in feed


def test_what_a_reversal_brought_back_did_not_return(client: Client, town: Town):
    row = client.json(f"/v1/payments/{town.refs['twice']}")
    assert (row["amount"]["minor"], row["returned"]["minor"], row["returns"], row["returns_in_all"]) == (200, 0, [], 0)
    row = client.json(f"/v1/payments/{town.refs['fought']}")
    assert (row["returned"]["minor"], row["returns_in_all"], row["disputed"]["minor"]) == (300, 1, 180)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_complete_while_some_of_it_is_disputed(client: Client, town: Town, language: str):
    """The payment says why: what was signed for and what came back are more than was paid."""
    text = said(client, town, "payment-disputed", language)
    box = text.partition('class="open"')[2].partition("</div>")[0]
    assert DISPUTED[language] in re.sub("<[^>]*>", "", box) and "#s-disputed" in box
    assert all(amount in box for amount in ("6.00", "3.00", "9.00", "7.20", "1.80"))
    assert "#s-disputed" in text.partition('id="far"')[2].partition("</section>")[0]
    stages = said(client, town, "gift-disputed", language).partition('id="stages"')[2].partition("</section>")[0]
    assert stages.count("#s-done") == 1 and ("1.80" in stages)
    figures = said(client, town, "charity", language)
    assert "#s-disputed" in figures and "1.80" in figures


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_open_of_what_came_back(client: Client, town: Town, language: str):
    text = said(client, town, "payment-bounced", language)
    far = text.partition('id="far"')[2].partition("</section>")[0]
    assert re.findall(r"#s-([\w-]+)", far) == ["refunded"] and 'class="open"' not in text


def test_v1_has_what_is_disputed_beside_what_is_signed(client: Client):
    (yuan,) = [row for row in client.items("/v1/statistics/reach") if row["given"]["unit"] == "CNY"]
    states = {row["state"]: row["amount"]["minor"] for row in yuan["states"]}
    assert yuan["disputed"]["minor"] == states["disputed"] == 180


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["payment-own", "entry-own"])
def test_a_breach_is_said_in_words(client: Client, town: Town, name: str, language: str):
    text = said(client, town, name, language)
    assert BROKE[language] in text and "self-payment" in text and "<i>A mistake</i>" in text
    assert '<dt><code>breach' not in text and BROKE[language] not in said(client, town, "payment-evil", language)
    raw = client.get(path_of(town, name), accept_language=language).text
    assert "&lt;i&gt;A mistake" in raw and "&amp;lt;" not in raw and "&amp;#34;" not in raw


def test_v1_says_which_rule_of_conduct_a_record_broke(client: Client, town: Town):
    row = client.json(f"/v1/payments/{town.refs['own']}")
    assert (row["breach_findings"], row["breach_reason"]) == (["self-payment"], "<i>A mistake</i>")
    row = client.json(f"/v1/payments/{town.refs['bad']}")
    assert (row["breach_findings"], row["breach_reason"]) == ([], None)
