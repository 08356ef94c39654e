"""The public address: what the operator names stands in every address that the server writes, whatever a request says."""

from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as xml

import pytest

from api.app import create_app
from api.http.public_url import PublicUrl, public_url
from api.http.settings import PUBLIC_URL, Settings, settings_of
from api.pages.gift import qr_code
from ledger.errors import UsageError
from tests.api.addresses import addresses
from tests.api.asking import BROWSER, Client
from tests.api.story import Told
from tests.cli.transcript import run_program

ATOM = "{http://www.w3.org/2005/Atom}"
PUBLIC = "https://gifts.example/ledger"
HOSTILE = "internal-7:8000"
PAGES = ("/", "/log", "/data", "/project/school", "/g/{gift}", "/charity/hope", "/nothing")


@pytest.fixture
def public(asks) -> Client:
    """A browser at a server with a public address."""
    return asks(Settings(public=public_url(PUBLIC, PUBLIC_URL)), accept=BROWSER)


def absolute(text: str) -> set[str]:
    return set(re.findall(r"https?://[^/\s\"'<>&]+", html.unescape(text)))


@pytest.mark.parametrize("path", PAGES)
def test_every_absolute_address_of_a_page_begins_with_it(told: Told, public: Client, path: str):
    text = public.get(path.format(**told.refs), host=HOSTILE).text
    assert HOSTILE not in text and absolute(text) <= {"https://gifts.example"}
    for link in re.findall(r'(?:href|src|action|data-bundle|data-verifier)="([^"#][^"]*)"', text):
        assert link.startswith((f"{PUBLIC}/", "/ledger/", "data:,", "mailto:office@hope.example")), link


def test_what_others_are_given_names_it(told: Told, public: Client):
    """QR code, canonical link, Open Graph, text to copy, commands."""
    gift, gift_ref = public.get(f"/g/{told.refs['gift']}", host=HOSTILE).text, told.refs["gift"]
    assert qr_code(f"{PUBLIC}/g/{gift_ref}") in gift and f'rel="canonical" href="{PUBLIC}/g/{gift_ref}"' in gift
    project = html.unescape(public.get("/project/school", host=HOSTILE).text)
    for address in ("/project/school", "/og/school.png", "/card/school", "/badge/school.svg"):
        assert f'"{PUBLIC}{address}"' in project, address
    assert f"givetrail mirror {PUBLIC} mirror" in public.get("/data", host=HOSTILE).text


def test_a_feed_names_it_in_every_link(public: Client, client: Client):
    feed = xml.fromstring(public.get("/v1/projects/school/feed.atom", host=HOSTILE).content)
    links = [link.attrib["href"] for link in feed.iter(f"{ATOM}link")]
    assert len(links) > 10 and all(link.startswith(f"{PUBLIC}/v1/") for link in links)
    plain = xml.fromstring(client.get("/v1/projects/school/feed.atom").content)
    assert [link.attrib["href"] for link in plain.iter(f"{ATOM}link")] == [link.removeprefix(PUBLIC) for link in links]


def test_links_of_answers_stay_below_its_path(public: Client):
    answer = public.get("/v1/parties?limit=1", host=HOSTILE)
    assert {link["url"].partition("?")[0] for link in answer.links.values()} == {"/ledger/v1/parties"}
    assert public.get("/v1/nothing").json()["type"] == "/ledger/v1/problems/path"
    assert public.get("/static/0123456789abcdef/pages.css").headers["location"].startswith("/ledger/static/")
    assert public.get("/v1/openapi.json").json()["servers"] == [{"url": PUBLIC}]


def test_the_tag_is_another_one_at_another_address(public: Client, client: Client):
    for path in ("/log", "/v1/projects/school/feed.atom"):
        assert public.get(path).headers["etag"] != client.get(path).headers["etag"]


FORGED = {
    "host": "evil.example:81", "x_forwarded_host": "evil.example", "x_forwarded_proto": "evil.example", "x_forwarded_port": "666",
    "forwarded": "host=evil.example;proto=https", "x_original_host": "evil.example", "x_forwarded_server": "evil.example",
    "x_forwarded_prefix": "/evil.example", "x_original_url": "/evil.example", "x_rewrite_url": "/evil.example",
}  # fmt: skip
ODD = ("/nothing", "/v1/nothing", "/v1/units/", "/projects/", "//projects", "/G/46.0", "/g/", "/static/0123456789abcdef/pages.css",
       "/v1/entries/x", "/v1/openapi.json", "/trust.policy", "/robots.txt", "/v1/parties?limit=1", "/og/school.png",
       "/badge/school.svg", "/card/school", "/v1/units?format=csv")  # fmt: skip


SERVED = [Settings(), Settings(public=public_url(PUBLIC, PUBLIC_URL)), Settings(trust_forwarded=True)]


@pytest.mark.parametrize("settings", SERVED)
@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_what_a_request_says_of_the_host_is_in_no_answer(told: Told, asks, settings: Settings, accept: str):
    """Not in a header and not in a body, and the answer is the one that everybody gets: nobody fills a cache with another host."""
    client = asks(settings, accept=accept)
    served = [address for found in addresses(told).values() for address in found if "stream" not in address]
    for path in (*served, *(page.format(**told.refs) for page in PAGES), *ODD):
        plain, forged = client.get(path), client.get(path, **FORGED)
        said = repr(forged.headers) + forged.content.decode("latin-1")
        assert "evil.example" not in said and "ledger.test" not in repr(plain.headers), path
        assert (plain.status_code, plain.content) == (forged.status_code, forged.content), path
        for name in ("location", "link", "etag", "content-location"):
            assert plain.headers.get(name) == forged.headers.get(name), path


def test_without_it_links_are_paths_and_texts_to_copy_say_so(asks, told: Told):
    client = asks(Settings(), accept=BROWSER)
    project, gift = client.get("/project/school").text, client.get(f"/g/{told.refs['gift']}").text
    assert absolute(project) == absolute(gift) == {"https://ADDRESS"}
    assert 'rel="canonical" href="/project/school"' in project and "og:image" not in project
    assert 'class="qr"' not in gift


def test_below_an_app_that_mounts_it(told: Told):
    """Where the app stands in another it is found by that path; what is written is the public address."""
    from fastapi import FastAPI

    inner, outer = create_app(told.directory, Settings(public=PublicUrl("https://gifts.example", "/open"))), FastAPI()
    outer.mount("/inner", inner)
    client = Client(outer)
    text = client.get("/inner/projects").text
    assert 'rel="canonical" href="https://gifts.example/open/projects"' in text and "/inner" not in text
    inner.state.window.close()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("https://a.example", "https://a.example"), ("http://A.example:8443/", "http://A.example:8443"),
        ("https://a.example/x/y-2/", "https://a.example/x/y-2"), ("http://[2001:db8::1]:80/p", "http://[2001:db8::1]:80/p"),
        ("https://127.0.0.1", "https://127.0.0.1"), ("https://xn--fiqs8s.example/~me/v1.0", "https://xn--fiqs8s.example/~me/v1.0"),
    ],
)  # fmt: skip
def test_what_is_a_public_address(text: str, whole: str):
    assert public_url(text, PUBLIC_URL).whole("") == whole
    assert settings_of({PUBLIC_URL: text}).public == public_url(text, PUBLIC_URL)


WRONG = [
    "a.example", "//a.example", "ftp://a.example", "javascript:alert(1)", "https://", "https:///x", "https://a.example?x=1",
    "https://a.example/?", "https://a.example#x", "https://u:p@a.example", "https://u@a.example", "https://a.example:x",
    "https://a.example:70000", "https://a.example:", "https://希望.example", "https://a.example/ä", "https://a.example/a b",
    "https://a.example//x", "https://a.example/../x", "https://a.example/.", "https://a.example/<script>", 'https://a"b.example',
    "https://a.example\\x", "https://-a.example", "https://[::1", "https://" + "a" * 300, " https://a.example", "https://a.exa\tmple",
    "https://a.example/%2e",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_none_is_refused_by_name(text: str):
    with pytest.raises(UsageError) as refused:
        settings_of({PUBLIC_URL: text})
    assert (refused.value.rule, refused.value.where) == ("url", PUBLIC_URL)
    message = refused.value.message
    assert message.startswith(f"{PUBLIC_URL} ") and repr(text)[:60] in message and "write http(s)://host" in message


def test_the_command_refuses_it_before_it_listens(told: Told):
    ended = run_program(["serve", "--ledger", str(told.directory), "--public-url", "https://a.example/?x", "--json"])
    assert ended.exit_code == 2 and json.loads(ended.stdout)["error"] == "url"
