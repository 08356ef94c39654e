"""In which language a page is answered, at which tree size, and for how long it may be kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.app import create_app
from api.http.settings import Settings
from tests.api.asking import Client, client_of
from tests.pages.addresses import PAGES, path_of, with_query
from tests.pages.town import Town, tell


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("en-GB,en;q=0.9,zh;q=0.1", "en"), ("fr", "en"),
        ("fr,zh;q=0.1", "zh-Hans"),
        ("zh;q=0, en;q=0", "en"), ("zh;q=0,en;q=0.5", "en"), ("ZH-hant", "zh-Hans"), ("zh;q=nonsense", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_the_reader_s_language_is_spoken(client: Client, header: str, tag: str):
    response = client.get("/figures", accept_language=header)
    assert f'<html lang="{tag}">' in response.text
    assert response.headers["content-language"] == tag and response.headers["vary"] == "Accept-Encoding, Accept-Language"


def test_a_language_that_was_chosen_goes_with_every_link(unnamed: Client):
    text = unnamed.get("/?lang=zh", accept_language="en").text
    assert '<html lang="zh-Hans">' in text and 'href="/project/school?lang=zh"' in text
    assert 'href="/?lang=en"' in text and 'hreflang="en" href="/?lang=en"' in text


def test_a_language_that_there_is_not_is_no_choice(client: Client):
    assert '<html lang="zh-Hans">' in client.get("/?lang=xx%22%3E", accept_language="zh").text


def test_a_tree_size_goes_with_every_link_and_not_into_the_canonical_one(unnamed: Client, town: Town):
    text = unnamed.get(f"/g/{town.refs['gift']}?at_size=20").text
    assert 'href="/charity/hope?at_size=20"' in text
    assert f'rel="canonical" href="/g/{town.refs["gift"]}"' in text


@pytest.mark.parametrize("query", ["at_size=0", "at_size=x", "at_size=-1", "at_size=1e3", "at_size=99999999999999999999"])
def test_a_tree_size_that_is_none_is_told_in_words(client: Client, query: str):
    response = client.get(f"/?{query}")
    assert response.status_code == 422 and "cannot be shown" in response.text and "parameter" in response.text
    assert response.headers["cache-control"] == "no-store"


def test_a_tree_size_that_is_not_signed_yet_is_not_there(client: Client, town: Town):
    response = client.get(f"/?at_size={town.tree_size + 1}")
    assert response.status_code == 404 and "tree-size" in response.text


def test_a_day_that_is_none_is_refused(client: Client, town: Town):
    assert client.get(f"/g/{town.refs['gift']}?as_of=2026-02-30").status_code == 422


def test_a_page_that_was_seen_is_not_sent_again(client: Client, town: Town):
    path = path_of(town, "gift")
    seen = client.get(path, accept_language="en")
    assert seen.headers["cache-control"] == "public, max-age=5, must-revalidate"
    again = client.get(path, accept_language="en", if_none_match=f'"x", {seen.headers["etag"]}')
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == seen.headers["etag"]
    assert client.get(path, accept_language="zh", if_none_match=seen.headers["etag"]).status_code == 200


def test_a_pinned_page_is_kept_for_a_day(client: Client, town: Town):
    response = client.get(f"{path_of(town, 'gift')}?at_size={town.tree_size}")
    assert response.headers["cache-control"] == "public, max-age=86400"


def test_a_pinned_page_never_changes(tmp_path: Path):
    """Not with new entries, not with time, and not by what lies beside the log."""
    ledger = tell(tmp_path / "ledger")
    size, refs = ledger.sequencer.tree_size, dict(ledger.labels)
    town = Town(ledger.directory, size, refs)
    client = client_of(ledger.directory)
    paths = [with_query(path_of(town, name), at_size=size, lang="en") for name in PAGES]
    before = {path: client.get(path).content for path in paths}
    client.close()
    ledger.play("    2026-11-20\n    hope: donation 70.00 CNY -> school; payment 4.00 CNY general -> press")
    (ledger.directory / "trust.policy").write_text("# gone\n")
    ledger.close()
    later = Client(create_app(ledger.directory, Settings()))
    assert {path: later.get(path).content for path in paths} == before
    assert later.get("/?lang=en").content != before[with_query("/", at_size=size, lang="en")]
    later.close()


@pytest.mark.parametrize(
    ("name", "late"),
    [("late", 'Overdue on <time datetime="2026-10-20">'), ("home", "Longest overdue"), ("project", "Longest overdue")],
)
def test_a_permanent_link_says_the_same_as_the_page_it_stands_on(client: Client, town: Town, name: str, late: str):
    """Lateness too: the link carries the day."""
    path = f"/payment/{town.refs['late']}" if name == "late" else path_of(town, name)
    now = client.get(f"{path}?lang=en").text
    assert late in now
    link = now.partition('rel="bookmark nofollow" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert f"at_size={town.tree_size}" in link and "as_of=2026-10-20" in link
    assert main_of(client.get(link).text) == main_of(now)
    early = client.get(f"{path}?at_size={town.tree_size}&as_of=2026-09-03&lang=en").text
    assert late in early, "a day before the last entry hides nothing"


def main_of(text: str) -> str:
    """What a page says, without its links' parameters."""
    main = text.partition("<main")[2].partition("</main>")[0]
    return re.sub("&amp;at_size=[0-9]+|&amp;as_of=2026-10-20", "", main)


def test_a_mounted_app_has_its_links_below_its_place(town: Town):
    from fastapi import FastAPI

    inner = create_app(town.directory)
    outer = FastAPI()
    outer.mount("/ledger", inner)
    client = Client(outer)
    text = client.get(f"/ledger/g/{town.refs['gift']}").text
    assert 'href="/ledger/charity/hope"' in text and 'href="/ledger/static/' in text and 'href="/charity' not in text
    assert client.get(text.partition('rel="stylesheet" href="')[2].partition('"')[0]).status_code == 200
    assert f"https://ADDRESS/ledger/v1/donations/{town.refs['gift']}/bundle" in text
    inner.state.window.close()


@pytest.mark.parametrize("host", ['evil.example"><script>', "a" * 400])
def test_a_hostile_host_is_shown_and_not_obeyed(client: Client, town: Town, host: str):
    response = client.get(path_of(town, "gift"), host=host)
    assert "<script>" not in response.text and len(response.content) < 60_000
