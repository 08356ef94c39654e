"""The feed and the page of a monitor: well-formed, complete, and safe from what a log calls itself."""

from __future__ import annotations

import xml.etree.ElementTree as xml
from pathlib import Path

import html5lib
import pytest

from ledger.log.policy import Policy
from ledger.monitoring.alarm import Alarm
from ledger.monitoring.feed import feed_of
from ledger.monitoring.monitor_folder import KeptNote, MonitorFolder, MonitorState
from ledger.monitoring.page import page_of
from ledger.monitoring.publishing import publish
from ledger.monitoring.words import WORDS
from tests.language import ORIGIN
from tests.monitoring.conftest import TRUST, WITNESSED, At, Watch, cosigned, head, name

ATOM = "{http://www.w3.org/2005/Atom}"
HTML = "{http://www.w3.org/1999/xhtml}"
HOSTILE = [
    "</title><script>alert(1)</script>", "]]><x>", "\"onload='x'&amp;&#x0;", "\x00\x1b[2J\x7f\x9f", "\ud800", "\u202eabc", "\ufffe",
    "é漢字", "javascript:alert(1)",
]  # fmt: skip


def published(watch: Watch, policy: Policy = TRUST) -> tuple[xml.Element, xml.Element]:
    """The feed and the page after a round."""
    folder = MonitorFolder(watch.path)
    folder.hold()
    publish(folder, policy)
    folder.close()
    return parsed((watch.path / "feed.atom").read_bytes(), (watch.path / "index.html").read_bytes())


def parsed(feed: bytes, page: bytes) -> tuple[xml.Element, xml.Element]:
    """Both, read by parsers that refuse what is not well-formed."""
    return xml.fromstring(feed), html5lib.HTMLParser(strict=True).parse(page.decode())


def text(element: xml.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def section(page: xml.Element, language: str) -> str:
    (found,) = [one for one in page.iter(f"{HTML}section") if one.get("id") == language]
    assert found.get("lang") == language
    return text(found)


def test_the_page_says_what_is_known(watch: Watch, at: At):
    (at(300) / "checkpoint").write_bytes(cosigned(at(300)))
    watch.policy = WITNESSED
    watch.show(at(300))
    since = watch.round().since
    watch.round()
    _, page = published(watch, WITNESSED)
    said = section(page, "en")
    for words in (ORIGIN, "300", head(at(300)).root.hex(), since, "north, 2027-01-15T08:00:00Z", "None so far", watch.address):
        assert words in said and (words in section(page, "zh") or words == "None so far")
    assert "最近一轮没有发现矛盾" in section(page, "zh") and all(limit in said for limit in WORDS["en"].not_proven)
    assert not list(page.iter(f"{HTML}script")) and page.get("lang") == "en"
    links = {link.get("href") for link in page.iter() if link.get("href")}
    assert links == {"feed.atom", "#en", "#zh", f"checkpoints/{name(at(300))}", "checkpoints/index"}


def test_alarms_are_on_the_page_and_in_the_feed(watch: Watch, at: At):
    for size in (300, 200):
        watch.show(at(size))
        watch.round()
    feed, page = published(watch)
    assert "The last round raised an alarm" in section(page, "en") and "日志发生回退 (consistency)" in section(page, "zh")
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Alarm: consistency", "300 entries"]
    assert "rolled back" in (entries[0].findtext(f"{ATOM}content") or "")
    hrefs = [link.get("href") for link in entries[0].findall(f"{ATOM}link")]
    assert hrefs == ["index.html", f"refused/{name(at(200))}", f"checkpoints/{name(at(300))}"]
    assert all((watch.path / str(href)).exists() for href in hrefs)
    watch.show(at(300))
    watch.round()
    _, page = published(watch)
    assert "found no contradiction" in section(page, "en") and "日志发生回退" in section(page, "zh")


def test_silence_is_said_on_the_page(watch: Watch, at: At):
    watch.show(at(300))
    watch.round()
    watch.log.unlink()
    watch.round()
    _, page = published(watch)
    assert "could not get a checkpoint" in section(page, "en") and "Silent since " + watch.clock() in section(page, "en")


def test_the_feed_has_what_rfc_4287_asks_for_and_stable_ids(watch: Watch, at: At):
    watch.show(at(300))
    watch.round()
    first, _ = published(watch)
    watch.show(at(600))
    watch.round()
    raw = [(watch.path / "feed.atom").read_bytes() for _ in range(2) if published(watch)]
    assert raw[0] == raw[1]
    feed = xml.fromstring(raw[0])
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for must in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{must}")) == 1 and element.findtext(f"{ATOM}{must}")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == 2 and first.findtext(f"{ATOM}entry/{ATOM}id") == ids[1]
    assert feed.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id") not in ids
    assert feed.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}entry/{ATOM}updated")


def test_the_feed_has_the_newest_hundred():
    notes = [KeptNote(size, f"{size}-{0:016x}.checkpoint", f"2026-12-01T00:{size // 60:02}:{size % 60:02}Z") for size in range(150)]
    alarm = Alarm("log", 1, "", "fork", "two", "", (), "2026-12-01T00:02:00Z", "2026-12-01T00:02:00Z")
    titles = [one.text for one in xml.fromstring(feed_of(MonitorState("log", alarms=(alarm,)), notes)).findall(f".//{ATOM}title")]
    assert len(titles) == 101 and titles[1] == "149 entries" and titles.count("Alarm: fork") == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str):
    time = "2026-12-01T00:00:00Z"
    alarm = Alarm(words, 1, words, words, words, words, (words,), time, time)
    state = MonitorState(words, words, time, time, time, (alarm,))
    notes = [KeptNote(1, f"1-{0:016x}.checkpoint", time)]
    feed, page = parsed(feed_of(state, notes), page_of(state, notes, None))
    assert not list(page.iter(f"{HTML}script")) and len(list(page.iter())) == len(list(plain_page().iter()))
    assert len(list(feed.iter())) == len(list(plain_feed().iter()))
    assert not {char for char in "".join(page.itertext()) if char in "\x00\x1b\x7f\u202e\ufffe"}


def plain_page() -> xml.Element:
    return parsed(*plain())[1]


def plain_feed() -> xml.Element:
    return parsed(*plain())[0]


def plain() -> tuple[bytes, bytes]:
    time = "2026-12-01T00:00:00Z"
    state = MonitorState("a", "a", time, time, time, (Alarm("a", 1, "a", "a", "a", "a", ("a",), time, time),))
    notes = [KeptNote(1, f"1-{0:016x}.checkpoint", time)]
    return feed_of(state, notes), page_of(state, notes, None)


def test_a_new_folder_has_a_page_too(tmp_path: Path):
    feed, page = parsed(feed_of(MonitorState(), []), page_of(MonitorState(), [], None))
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z" and "None so far" in section(page, "en")


def test_both_languages_say_the_same_things():
    english, chinese = WORDS["en"], WORDS["zh"]
    assert english.rules.keys() == chinese.rules.keys() and len(english.not_proven) == len(chinese.not_proven)
    assert all(one != other for one, other in zip(english, chinese, strict=True))
