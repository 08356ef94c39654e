"""Files of the pages, badge, card, and the picture for links."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as xml
import zlib

import pytest

from api.pages.files import FOLDERS, MEDIA, NOT_SERVED, files, path_of
from tests.api.asking import Client
from tests.pages.town import QUOTED, Town


def test_a_file_lies_at_its_hash_for_ever(client: Client):
    response = client.get(path_of("pages.css"))
    assert response.content == (FOLDERS[0] / "pages.css").read_bytes()
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"].startswith("text/css")


def test_no_file_hides_another():
    names = [path.name for folder in FOLDERS for path in folder.iterdir() if path.suffix in MEDIA and path.name not in NOT_SERVED]
    assert len(names) == len(set(names))


def test_another_hash_is_sent_to_what_there_is(client: Client):
    response = client.get("/static/0123456789abcdef/verify.js")
    assert response.status_code == 307 and response.headers["location"] == path_of("verify.js")
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["forms.py", "page.js", "page.html", "..%2fpages.css", "nothing.css"])
def test_nothing_else_is_served(client: Client, name: str):
    assert client.get(f"/static/{files().mark}/{name}").status_code == 404


def test_every_module_that_the_verifier_imports_is_served(client: Client):
    todo, seen = ["verification.js", "verify.js", "strings.js"], set()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            response = client.get(path_of(name))
            assert response.status_code == 200 and response.headers["content-type"].startswith("text/javascript"), name
            todo += re.findall(r'from "\./([a-z0-9]+\.js)"', response.text)
    assert len(seen) > 15


def test_the_style_names_no_address():
    assert "url(" not in files().by_name["pages.css"].decode() and "@import" not in files().by_name["pages.css"].decode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_badge_is_an_svg_that_says_its_share(client: Client, language: str):
    response = client.get(f"/badge/school.svg?lang={language}")
    assert response.headers["content-type"].startswith("image/svg+xml")
    root = xml.fromstring(response.content)
    assert root.tag.endswith("svg") and QUOTED in "".join(root.itertext())
    reach = client.items("/v1/statistics/reach?project=school")
    assert reach and "%" in root.attrib["aria-label"]


def test_a_badge_of_a_project_without_gifts_says_so(town: Town, client: Client):
    assert "no gifts yet" in client.get("/badge/school.svg?lang=en&at_size=8").text


@pytest.mark.parametrize("path", ["/badge/none.svg", "/og/none.png", "/card/none"])
def test_of_a_project_that_is_not_there_is_nothing_shown(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 404 and response.headers["content-type"].startswith("text/html")


def test_the_picture_for_links_is_a_png_of_the_size_that_the_page_says(client: Client):
    page = client.get("/project/school", accept_language="en").text
    address = page.partition('property="og:image" content="')[2].partition('"')[0]
    raw = client.get(address.removeprefix("http://ledger.test")).content
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        name, data = raw[at + 4 : at + 8], raw[at + 8 : at + 8 + length]
        assert struct.unpack(">I", raw[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + data)
        chunks[name], at = data, at + 12 + length
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (1200, 630)
    dots = zlib.decompress(chunks[b"IDAT"])
    assert len(dots) == 630 * 1201 and max(dots) < len(chunks[b"PLTE"]) // 3 and len(set(dots)) > 3


def test_a_project_says_itself_to_other_sites(client: Client):
    page = client.get("/project/school", accept_language="zh").text
    said = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page))
    assert {"type", "title", "description", "url", "image", "locale"} <= set(said)
    assert said["url"] == "http://ledger.test/project/school" and said["locale"] == "zh_CN"


def test_the_trust_policy_is_handed_out_as_it_lies(client: Client, town: Town):
    response = client.get("/trust.policy")
    assert response.content == (town.directory / "trust.policy").read_bytes()
    assert response.headers["content-type"].startswith("text/plain")
    page = client.get("/log", accept_language="en").text
    assert response.text.strip() in page and "No witness is named" in page
    assert "are not shown here" in client.get(f"/log?at_size={town.tree_size}&lang=en").text
