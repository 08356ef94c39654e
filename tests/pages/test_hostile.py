"""What others wrote into the ledger is shown as text: it is no markup, no format, and does not turn its surroundings around."""

from __future__ import annotations

import html
import re

import pytest

from api.pages.entry import visible
from api.pages.locale import REPLACED, plain
from tests.api.asking import Client
from tests.pages.addresses import PAGES, path_of
from tests.pages.test_pages import Outline
from tests.pages.town import LONG, QUOTED, SCRIPT, Town

TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [*PAGES, "badge"])
def test_no_name_is_markup_or_turns_the_text(client: Client, town: Town, name: str, language: str):
    path = f"/badge/school.svg?lang={language}" if name == "badge" else path_of(town, name)
    text = client.get(path, accept_language=language).text
    assert "<script>" not in text and "<b>bold" not in text and "<img src=x" not in text and "<b>x" not in text
    assert not TURNING.search(text)
    assert "onerror" not in [attribute for _, has in Outline(text).tags for attribute in has]


def test_a_hostile_name_is_shown_as_it_is(client: Client, town: Town):
    vendor = client.get(path_of(town, "vendor"), accept_language="en").text
    assert f"<h1><bdi>{html.escape(SCRIPT)}</bdi></h1>" in vendor
    project = client.get(path_of(town, "project"), accept_language="en").text
    assert html.unescape(project.partition("<h1><bdi>")[2].partition("</bdi></h1>")[0]) == QUOTED, (
        "neither filled in nor worked out"
    )
    assert LONG in client.get(path_of(town, "long-name")).text


def test_a_name_that_turns_the_text_is_shown_without_that(client: Client):
    text = client.get("/charity/press", accept_language="en").text
    assert f"Good {REPLACED}gnihtemos{REPLACED} charity" in text


@pytest.mark.parametrize("character", "\u202e\u2066\u200f\u061c")
def test_turning_characters_are_replaced_or_escaped(character: str):
    assert plain(f"a{character}b") == f"a{REPLACED}b"
    assert visible(f"a{character}b") == f"a\\u{ord(character):04x}b"


def test_what_was_typed_into_the_search_comes_back_as_text(client: Client):
    text = client.get('/find?ref="><script>alert(3)</script>\u202e', accept_language="en").text
    assert "<script>alert" not in text and "&gt;&lt;script&gt;alert(3)" in text and not TURNING.search(text)


NOT_THERE = ("/g/<script>", "/g/%0a", "/project/..%2f..", "/entry/-1", "/entry/00", "/entry/x", "/payment/8.0", "/charity/nobody")


@pytest.mark.parametrize("path", [*NOT_THERE, "/card/none"])
def test_what_is_not_there_is_told_in_words(client: Client, path: str):
    response = client.get(path, accept="text/html")
    assert response.status_code == 404 and "<script>" not in response.text
