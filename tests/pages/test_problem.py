"""An error is a page to a browser, in its language and with a way on; to every other client, and below `/v1`, it is a problem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import html5lib
import pytest

from api.http.preference import prefers_html, weights_of
from api.http.settings import URL_BYTES, Settings
from api.pages.problem import VARY
from ledger.errors import StorageError
from tests.api.asking import BROWSER, FAR, Client, client_of
from tests.pages.addresses import LANGUAGES
from tests.pages.test_pages import POLICY, Outline
from tests.pages.town import Town

WRONG = [
    ("/nothing", 404, "path"), ("/g/1.0/2", 404, "path"), ("/log/1/", 404, "path"),
    ("/v1x", 404, "path"), ("/checkpoints", 404, "path"),
    ("/log%0a", 404, "path"), ("/static/0/nothing.css", 404, "path"), ("/g/999.0", 404, "entry"), ("/g/0.0", 404, "reference"),
    ("/g/x", 404, "reference"), ("/project/none", 404, "reference"), ("/charity/none", 404, "reference"),
    ("/payment/8.0", 404, "reference"), ("/entry/999", 404, "entry"), ("/entry/x", 404, "entry"),
    ("/badge/none.svg", 404, "reference"),
    ("/og/none.png", 404, "reference"), ("/card/none", 404, "reference"), ("/?at_size=x", 422, "parameter"),
    ("/?at_size=99999", 404, "tree-size"), ("/?as_of=2026-02-30", 422, "parameter"), ("/?at_size=2&at_size=0", 422, "parameter"),
]  # fmt: skip
HEADINGS = {"en": ("Page not found", "This cannot be shown"), "zh": ("没有找到", "无法显示")}
PROGRAMS = [
    "*/*", "application/json", "application/problem+json, text/html", "text/html;q=0.5, application/json", "image/*, */*;q=0.8",
]  # fmt: skip


@pytest.fixture
def programs(town: Town) -> Iterator[Client]:
    client = client_of(town.directory)
    yield client
    client.close()


def check_page(response: Any, status: int, language: str) -> str:
    """A whole page of that status and language, guarded, with the search and the way home; its text."""
    assert response.status_code == status and response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store" and response.headers["vary"] == VARY
    assert response.headers["content-language"] == LANGUAGES[language]
    said = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    assert said == {**POLICY, "frame-ancestors": "'none'"}
    html5lib.HTMLParser(strict=True).parse(response.text)
    outline = Outline(response.text)
    assert outline.all("html") == [{"lang": LANGUAGES[language]}]
    assert "/find" in outline.values("action") and {"name": "robots", "content": "noindex"} in outline.all("meta")
    assert not [link for link in outline.all("link") if link["rel"] in ("canonical", "alternate")]
    assert ("/?lang=zh" if "lang=zh" in str(response.url) else "/") in [link["href"] for link in outline.all("a")]
    return response.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("address", "status", "rule"), WRONG)
def test_a_browser_gets_a_page_in_its_language(client: Client, address: str, status: int, rule: str, language: str):
    text = check_page(client.get(address, accept_language=language), status, language)
    assert f"<h1>{HEADINGS[language][status != 404]}</h1>" in text and f"<code>{rule}</code>" in text


@pytest.mark.parametrize("accept", PROGRAMS)
@pytest.mark.parametrize(("address", "status", "rule"), WRONG)
def test_every_other_client_gets_a_problem(programs: Client, address: str, status: int, rule: str, accept: str):
    response = programs.get(address, accept=accept, accept_language="zh")
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["rule"] == rule and response.headers["vary"] == VARY


@pytest.mark.parametrize(
    "address",
    ["/v1", "/v1/", "/v1/nothing", "/v1/donations/999.0", "/v1/ledger?at_size=x", "/tile", "/tile/x", "/tile/0/999",
     "/tile/entries/999", "/checkpoint/", "/checkpoint/x"],
)  # fmt: skip
def test_where_only_programs_ask_it_is_a_problem_to_browsers_too(client: Client, address: str):
    response = client.get(address)
    assert response.status_code in (404, 422) and response.headers["content-type"] == "application/problem+json"
    assert "vary" not in response.headers


MEANT = [
    ("/g/8.0/", "/g/8.0"), ("/G/8.0", "/g/8.0"), ("/g//8.0//", "/g/8.0"), ("/LOG/", "/log"), ("/Project/school", "/project/school"),
    ("/entry/3/?lang=zh&at_size=20", "/entry/3?lang=zh&at_size=20"), ("/data/", "/data"), ("/payment/%3Cb%3E/", "/payment/%3Cb%3E"),
    ("/g", "/find"), ("/g/", "/find"), ("/G?lang=zh", "/find?lang=zh"), ("/payment/", "/find"), ("/project/", "/projects"),
    ("/charity", "/projects"), ("/entry/", "/log"), ("http://ledger.test//g/8.0", "/g/8.0"), ("/trust.policy/", "/trust.policy"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "meant"), MEANT)
def test_an_address_that_is_written_otherwise_leads_where_it_was_meant(client: Client, address: str, meant: str):
    response = client.get(address)
    assert (response.status_code, response.headers["location"]) == (308, meant) and response.content == b""
    assert client.get(meant).status_code in (200, 404), "and no further"


@pytest.mark.parametrize(
    "address",
    ["http://ledger.test//evil.example/", "http://ledger.test//evil.example/g/", "/%5Cevil.example/", "/%2f%2fevil.example%2f",
     "/nothing/", "/g/1.0/2/", "/log/1/"],
)  # fmt: skip
def test_nothing_else_is_redirected(client: Client, address: str):
    assert client.get(address).status_code == 404


def test_a_mended_address_stays_where_the_app_is(town: Town):
    from fastapi import FastAPI

    from api.app import create_app

    inner, outer = create_app(town.directory), FastAPI(redirect_slashes=False)
    outer.mount("/ledger", inner)
    assert Client(outer, accept=BROWSER).get("/ledger/G/8.0/").headers["location"] == "/ledger/g/8.0"
    inner.state.window.close()


@pytest.mark.parametrize(
    ("address", "english", "chinese"),
    [("/g/999.0", "There is no gift 999.0.", "没有编号为999.0的捐赠。"),
     ("/entry/999", "There is no entry 999.", "没有第999号记录。"),
     ("/project/none", "There is no project none.", "没有代号为none的项目。"),
     ("/charity/none", "There is no organisation none.", "没有代号为none的机构。"),
     ("/payment/8.0", "There is no payment or delivery 8.0.", "没有编号为8.0的付款或物资发放。")],
)  # fmt: skip
def test_what_there_is_not_is_named_in_the_reader_s_language(client: Client, address: str, english: str, chinese: str):
    assert english in client.get(address, accept_language="en").text
    text = client.get(address, accept_language="zh").text
    assert chinese in text and '<span lang="en">' not in text


def test_the_language_that_the_address_names_comes_first(client: Client):
    check_page(client.get("/nothing?lang=zh", accept_language="en"), 404, "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_too_often_is_told_when_to_come_back(town: Town, language: str):
    client = client_of(town.directory, Settings(requests_per_s=0.01, burst=1), peer=FAR, accept=BROWSER)
    assert client.get("/").status_code == 200
    refused = client.get("/", accept_language=language)
    text = check_page(refused, 429, language)
    assert refused.headers["retry-after"] in text and "rate-limit" in text
    assert client.get("/v1/ledger").json()["rule"] == "rate-limit"
    assert client.get("/", accept="*/*").headers["content-type"] == "application/problem+json"
    client.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("broken", ["reader.ask", "signed_head.head"])
def test_a_server_that_cannot_answer_says_so_and_no_path(town: Town, monkeypatch, language: str, broken: str):
    client = client_of(town.directory, accept=BROWSER)

    def refuse(*args: object) -> None:
        raise StorageError("/secret/ledger.sqlite is malformed", rule="database")

    owner, _, name = broken.partition(".")
    monkeypatch.setattr(getattr(client.app.state.window, owner), name, refuse)
    response = client.get("/log", accept_language=language)
    assert "secret" not in check_page(response, 503, language) and response.headers["retry-after"] == "1"
    client.close()


def test_a_fault_of_the_program_is_a_page_too(town: Town, monkeypatch):
    client = client_of(town.directory, accept=BROWSER, hides_errors=True)
    monkeypatch.setattr(client.app.state.window.signed_head, "head", lambda: 1 / 0)
    assert "division" not in check_page(client.get("/"), 500, "en")
    client.close()


def test_what_is_no_reading_is_refused_with_a_page(client: Client):
    response = client.ask("POST", "/log")
    assert "<h1>This cannot be shown</h1>" in check_page(response, 405, "en") and response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/<script>x</script>", "/%22%3E%3Cscript%3E", "/g/<script>", "/?at_size=<script>", "/%e2%80%ae"])
def test_what_was_asked_for_is_shown_and_not_obeyed(client: Client, path: str):
    text = client.get(path).text
    assert "<script" not in text and "\u202e" not in text and "<html" in text


def test_a_long_address_makes_no_long_page(client: Client):
    response = client.get("/" + "<" * URL_BYTES + "?ref=" + "x" * URL_BYTES)
    assert response.status_code == 414 and len(check_page(response, 414, "en")) < 12 * URL_BYTES


def test_an_app_mounted_elsewhere_leads_home_there(town: Town):
    from fastapi import FastAPI

    from api.app import create_app

    inner, outer = create_app(town.directory), FastAPI()
    outer.mount("/ledger", inner)
    client = Client(outer, accept=BROWSER)
    text = client.get("/ledger/nothing").text
    assert 'href="/ledger/"' in text and 'action="/ledger/find"' in text
    assert client.get("/ledger/v1/nothing").headers["content-type"] == "application/problem+json"
    inner.state.window.close()


@pytest.mark.parametrize(
    "accept", [BROWSER, "text/html", "TEXT/HTML;q=0.9", "text/*", "text/html, application/json;q=0.9", "*/*;q=0.1, text/html"]
)
def test_who_prefers_html(accept: str):
    assert prefers_html(accept)


@pytest.mark.parametrize("accept", ["", *PROGRAMS, "text/html;q=0", "text/html;q=x", "nonsense", "text/html, application/*"])
def test_who_does_not(accept: str):
    assert not prefers_html(accept)


def test_the_weights_of_a_header():
    assert weights_of("A;q=0.5, b ; x=1 ; q=1.000,c;q=9,d;q=-1,e;q=1e3,a;q=0.7,,") == {"a": 0.7, "b": 1.0, "c": 1.0, "d": 0, "e": 0}


def test_an_error_page_is_not_of_a_tree_size(client: Client, town: Town):
    """It would say with a permanent link that there is nothing for ever."""
    text = client.get(f"/g/999.0?at_size={town.tree_size}").text
    assert "at_size" not in text and "bookmark" not in text
