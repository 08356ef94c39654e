"""Every page, in both languages, as of now and at a tree size: it is valid HTML, guarded, self-contained, and names its size."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest

from tests.api.asking import Client, client_of
from tests.pages.addresses import LANGUAGES, MISSING, PAGES, path_of, with_query
from tests.pages.town import Town
from tests.writer.on_disk import TOWN, OnDisk

GIFT_BYTES = 60_000
PAGE_BYTES = 120_000
OWN = "http://ledger.test"
POLICY = {
    "default-src": "'none'", "style-src": "'self'", "script-src": "'self'", "connect-src": "'self'", "img-src": "'self' data:",
    "form-action": "'self'", "base-uri": "'none'",
}  # fmt: skip
EVERYWHERE = [pytest.param(name, language, id=f"{name}-{language}") for name in PAGES for language in LANGUAGES]


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def values(self, *names: str) -> list[str]:
        return [value for _, has in self.tags for name, value in has.items() if name in names and value]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [has for name, has in self.tags if name == tag]


def text_of(client: Client, town: Town, name: str, **query: object) -> str:
    response = client.get(with_query(path_of(town, name), **query))
    assert response.status_code == (404 if name in MISSING else 200), response.text
    return response.text


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
@pytest.mark.parametrize("is_pinned", [False, True], ids=["now", "pinned"])
def test_a_page_is_valid_html_of_its_language(client: Client, town: Town, name: str, language: str, is_pinned: bool):
    query = {"at_size": town.tree_size} if is_pinned else {}
    text = text_of(client, town, name, lang=language, **query)
    html5lib.HTMLParser(strict=True).parse(text)
    outline = Outline(text)
    assert outline.all("html") == [{"lang": LANGUAGES[language]}]
    ids = outline.values("id")
    assert len(ids) == len(set(ids)), "an id stands twice"
    if name not in MISSING:
        assert str(town.tree_size) in text, "the tree size is named"


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_a_page_loads_and_names_nothing_of_others(client: Client, town: Town, name: str, language: str):
    text = text_of(client, town, name, lang=language)
    for address in re.findall(r"https?://[^\s\"'<>&]+|//[\w-]+\.[^\s\"'<>&]+", text):  # a key may begin with //, and has no dot
        assert address.startswith(OWN), address
    for link in Outline(text).values("href", "src", "action", "content", "data-bundle", "data-verifier"):
        assert not re.match(r"(?:[a-z]+:)?//", link) or link.startswith(OWN), link


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_a_page_has_no_script_or_style_within(client: Client, town: Town, name: str, language: str):
    outline = Outline(text_of(client, town, name, lang=language))
    assert all(script.get("src", "").startswith("/static/") for script in outline.all("script"))
    assert not outline.all("style")
    assert not [name for _, has in outline.tags for name in has if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_guarded(client: Client, town: Town, name: str):
    response = client.get(path_of(town, name))
    said = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    assert said == {**POLICY, "frame-ancestors": "*" if name == "card" else "'none'"}
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_headings_go_down_one_level_at_a_time(client: Client, town: Town, name: str, language: str):
    outline = Outline(text_of(client, town, name, lang=language))
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_leads_somewhere(client: Client, town: Town, name: str):
    """Every address of this site that a page names is answered, with the place that it names."""
    outline = Outline(text_of(client, town, name, lang="en"))
    for link in {has.get("href") or "" for has in [*outline.all("a"), *outline.all("link")]} - {"data:,"}:
        path, _, place = link.partition("#")
        response = client.get(path) if path else None
        if response is not None and name not in MISSING:
            assert response.status_code < 400 or "parquet" in path or link.endswith("999.0"), (link, response.status_code)
        if place and response is not None and response.status_code == 200:
            assert f'id="{place}"' in response.text, link


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_pages_are_light(client: Client, town: Town, name: str, language: str):
    limit = GIFT_BYTES if name.startswith("gift") else PAGE_BYTES
    assert len(text_of(client, town, name, lang=language).encode()) <= limit


@pytest.mark.parametrize("name", PAGES)
def test_tables_have_captions_and_scopes(client: Client, town: Town, name: str):
    text = text_of(client, town, name)
    for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
        assert "<caption" in table
        assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", table))


def test_head_is_answered_without_a_body(client: Client, town: Town):
    whole, head = client.get(path_of(town, "gift")), client.ask("HEAD", path_of(town, "gift"))
    assert head.status_code == 200 and head.content == b""
    assert head.headers["etag"] == whole.headers["etag"]


def test_a_gift_in_many_parts_is_light_too(tmp_path: Path):
    """Each payment with the longest purpose to a payee with the longest name; rows come page by page and tile the gift."""
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    named = {"kind": "party", "id": "quoted", "roles": ["vendor"], "name": '"' * 200, "entity": "organisation"}
    ledger.say("op", [named], ["op.chief"])
    ledger.play("    hope: donation 100.00 CNY -> school; donation 1.00 CNY -> school")
    for number in range(30):
        moved = f"allocation {number + 1}.00 CNY school -> books; payment {number + 1}.00 CNY books -> quoted; "
        records = ledger.read("hope", f"{moved if number < 13 else ''}payment 0.10 CNY school -> quoted")[0]
        for record in records:
            record |= {"purpose": '"' * 500} if record["kind"] == "payment" else {}
        ledger.say("hope", records, ["hope.li"])
    ledger.close()
    client = client_of(ledger.directory)
    edges, address, pages = [], "/g/5.0?lang=en", 0
    while address:
        text = client.get(address).text
        assert len(text.encode()) <= GIFT_BYTES
        edges += re.findall(r"([\d.]+) – ([\d.]+)\xa0CNY</span>", text)
        pages += 1
        address = html.unescape(text.partition('rel="next" href="')[2].partition('"')[0]).partition("#")[0]
    assert pages > 2 and edges[0][0] == "0.00" and edges[-1][1] == "100.00"
    assert all(end == start for (_, end), (start, _) in zip(edges, edges[1:], strict=False))
    assert client.get("/g/5.0?row=999999").status_code == client.get("/g/5.0?row=x").status_code == 200
    client.close()
