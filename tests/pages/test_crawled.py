"""What programs that follow links find: each page once in each language, by one address, compressed."""

from __future__ import annotations

import html
import re
from urllib.robotparser import RobotFileParser

import pytest

from api.http.public_url import PublicUrl
from api.http.settings import Settings
from tests.api.asking import BROWSER, Client, client_of
from tests.pages.addresses import LANGUAGES, PAGES, path_of, with_query
from tests.pages.test_pages import Outline
from tests.pages.town import Town

PUBLIC = "https://gifts.example/ledger"


def links_of(client: Client, path: str) -> list[str]:
    """What a program follows from a page: not where it is asked not to."""
    answer = client.get(path)
    if answer.status_code != 200 or "nofollow" in answer.headers.get("x-robots-tag", ""):
        return []
    anchors = [has for has in Outline(answer.text).all("a") if "nofollow" not in (has.get("rel") or "")]
    return [(has.get("href") or "").partition("#")[0] for has in anchors]


def test_a_program_that_follows_every_link_finds_no_more_pages_than_there_are(client: Client, town: Town):
    robots = client.get("/robots.txt")
    assert robots.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Disallow: /*?*at_size=" in robots.text and "Disallow: /*?*as_of=" in robots.text
    rules = RobotFileParser()
    rules.parse(robots.text.splitlines())
    todo, seen = ["/"], {"/"}
    while todo:
        for link in links_of(client, todo.pop()):
            if link.startswith("/") and rules.can_fetch("*", link) and link not in seen:
                seen.add(link)
                todo.append(link)
    assert not [link for link in seen if "at_size" in link or "as_of" in link]
    assert len(PAGES) < len(seen) < 20 * town.tree_size, "not one for every page at every size"


@pytest.mark.parametrize("query", ["at_size=20", "as_of=2026-10-01", "at_size=20&as_of=2026-10-01&lang=zh"])
def test_a_page_of_a_state_asks_not_to_be_followed(client: Client, town: Town, query: str):
    assert client.get(f"{path_of(town, 'project')}?{query}").headers["x-robots-tag"] == "noindex, nofollow"
    assert "x-robots-tag" not in client.get(path_of(town, "project")).headers


@pytest.mark.parametrize("name", PAGES)
def test_a_link_to_a_state_is_not_to_be_followed(client: Client, town: Town, name: str):
    for has in Outline(client.get(path_of(town, name)).text).all("a"):
        assert "at_size" not in (has.get("href") or "") or "nofollow" in (has.get("rel") or ""), has


@pytest.mark.parametrize(
    ("asked", "said"),
    [("/projects", "/projects"), ("/projects?lang=zh-CN", "/projects?lang=zh"),
     ("/projects?after=a&utm_source=x", "/projects?after=a"),
     ("/projects?at_size=20&lang=en", "/projects?lang=en"), ("/log?as_of=2026-10-01&x=%22%3E", "/log")],
)  # fmt: skip
def test_there_is_one_address_for_what_a_page_says(unnamed: Client, town: Town, asked: str, said: str):
    def canonical(client: Client) -> list[str]:
        links = Outline(client.get(asked, host="evil.example").text).all("link")
        return [html.unescape(link["href"] or "") for link in links if link["rel"] in ("canonical", "alternate")]

    path, _, query = said.partition("?")
    rest = "&".join(part for part in query.split("&") if part and not part.startswith("lang"))
    others = [f"{path}?lang={name}{'&' + rest if rest else ''}" for name in LANGUAGES]
    assert canonical(unnamed) == [said, *others], "a path, where nobody said what readers call the server"
    public = client_of(town.directory, Settings(public=PublicUrl("https://gifts.example", "/ledger")), accept=BROWSER)
    assert canonical(public) == [f"{PUBLIC}{link}" for link in (said, *others)]
    public.close()


@pytest.mark.parametrize("tag", ["zh", "zh-Hans", "zh-CN", "ZH-hans", "zh_CN", "zh-Hans-CN"])
def test_every_name_of_chinese_gives_the_chinese_pages(client: Client, tag: str):
    answer = client.get(f"/figures?lang={tag}", accept_language="en")
    assert '<html lang="zh-Hans">' in answer.text and answer.headers["content-language"] == "zh-Hans"
    assert 'href="/projects?lang=zh"' in answer.text, "links have one name for it"


@pytest.mark.parametrize("tag", ["", "x", "zho", "-", "%00", "fr", "-zh", "xzh"])
def test_another_name_is_no_choice(client: Client, tag: str):
    assert '<html lang="en">' in client.get(f"/figures?lang={tag}", accept_language="en").text
    assert '<html lang="zh-Hans">' in client.get(f"/figures?lang={tag}", accept_language="zh").text


@pytest.mark.parametrize(("language", "own", "other"), [("en", "en_GB", "zh_CN"), ("zh", "zh_CN", "en_GB")])
@pytest.mark.parametrize("name", ["home", "project", "gift"])
def test_open_graph_names_language_and_territory(client: Client, town: Town, name: str, language: str, own: str, other: str):
    outline = Outline(client.get(with_query(path_of(town, name), lang=language)).text)
    metas = {has["property"]: has["content"] for has in outline.all("meta") if "property" in has}
    assert (metas["og:locale"], metas["og:locale:alternate"]) == (own, other)


@pytest.mark.parametrize("path", ["/", "/nothing", "/static"])
def test_html_and_its_files_are_compressed_where_gzip_is_taken(client: Client, path: str):
    if path == "/static":
        path = re.search(r'href="(/static/[^"]+\.css)"', client.get("/").text)[1]
    plain = client.get(path, accept_encoding="identity")
    assert "content-encoding" not in plain.headers and "Accept-Encoding" in plain.headers["vary"]
    for accepts in ("gzip", "br, gzip;q=0.5", "*"):
        packed = client.get(path, accept_encoding=accepts)
        assert packed.headers["content-encoding"] == "gzip" and packed.content == plain.content
        assert int(packed.headers["content-length"]) < 0.6 * len(plain.content)
        assert packed.headers.get("etag") == plain.headers.get("etag") and packed.headers["vary"] == plain.headers["vary"]
    for accepts in ("gzip;q=0", "br", "identity, *;q=0"):
        assert "content-encoding" not in client.get(path, accept_encoding=accepts).headers


def test_what_is_compressed_already_or_answered_to_programs_is_left(client: Client):
    for path in ("/og/school.png", "/v1/parties?format=parquet", "/checkpoint"):
        assert "content-encoding" not in client.get(path, accept_encoding="gzip").headers


def test_a_page_that_was_seen_compressed_is_not_sent_again(client: Client):
    seen = client.get("/figures", accept_encoding="gzip", accept_language="en")
    assert seen.headers["etag"].startswith('W/"'), "compressed or not, it is the same page in other bytes"
    again = client.get("/figures", accept_encoding="identity", accept_language="en", if_none_match=seen.headers["etag"])
    assert again.status_code == 304 and again.headers["vary"] == seen.headers["vary"]
