"""The stream of checkpoints, and the feed of a project."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from api.http import stream as streaming
from api.http.problem import Unavailable
from api.http.settings import Settings
from api.http.signed_head import SignedHead
from api.http.stream import Streams
from ledger.log.tile import CHECKPOINT
from tests.api.asking import Client
from tests.api.story import Told
from tests.writer.on_disk import OnDisk, a_gift

ATOM = "{http://www.w3.org/2005/Atom}"


class Listener:
    """Takes what a stream sends, like a browser, and leaves after so many events."""

    def __init__(self, events: int, between: Callable[[int], None] = lambda count: None) -> None:
        self.headers: dict[str, str] = {}
        self.events: list[dict[str, str]] = []
        self._left, self._between, self._gone = events, between, asyncio.Event()

    async def receive(self) -> dict:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        for block in message.get("body", b"").decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "data" in fields:
                self.events.append(fields)
                self._between(len(self.events))
        if len(self.events) >= self._left:
            self._gone.set()


def listen(client: Client, listener: Listener, last: str = "") -> None:
    """Listen until the listener leaves."""
    headers = [(b"last-event-id", last.encode())] if last else []
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/v1/checkpoints/stream", "raw_path": b"/v1/checkpoints/stream", "query_string": b"", "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("ledger.test", 80),
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(client.app(scope, listener.receive, listener.send), 180))


def test_each_new_checkpoint_is_an_event(town: OnDisk, reader: Client):
    notes = [(town.directory / CHECKPOINT).read_text()]

    def goes_on(count: int) -> None:
        if count < 3:
            town.sequencer.submit([a_gift(town)])
            notes.append((town.directory / CHECKPOINT).read_text())

    listener = Listener(3, goes_on)
    listen(reader, listener)
    assert listener.headers["content-type"].startswith("text/event-stream") and listener.headers["cache-control"] == "no-store"
    assert [event["id"] for event in listener.events] == ["4", "5", "6"]
    assert {event["event"] for event in listener.events} == {"checkpoint"}
    said = [json.loads(event["data"]) for event in listener.events]
    assert [one["note"] for one in said] == notes and [one["tree_size"] for one in said] == [4, 5, 6]
    assert all(one["root"] == reader.json(f"/v1/ledger?at_size={one['tree_size']}")["root"] for one in said)
    assert reader.app.state.window.streams.open == 0, "who has gone is forgotten"


@pytest.mark.parametrize(("last", "sizes"), [("4", ["5"]), ("3", ["4"]), ("x", ["4"]), ("-4", ["4"]), ("9" * 40, ["4"])])
def test_who_comes_back_is_not_told_twice(town: OnDisk, reader: Client, monkeypatch, last: str, sizes: list[str]):
    """Whose last event was of 4 entries hears of the next, and till then nothing but a comment."""
    monkeypatch.setattr(streaming, "LOOK_S", 0.01)
    if last == "4":
        looks = iter(range(100))
        seen = reader.app.state.window.signed_head.head

        def head():
            if next(looks) == 3:
                town.sequencer.submit([a_gift(town)])
            return seen()

        monkeypatch.setattr(reader.app.state.window.signed_head, "head", head)
    listener = Listener(1)
    listen(reader, listener, last)
    assert [event["id"] for event in listener.events] == sizes


def test_so_many_streams_and_no_more(town: OnDisk):
    streams = Streams(SignedHead(town.directory), 2)
    kept = [streams.answer(0), streams.answer(0)]
    with pytest.raises(Unavailable, match="2 streams are already open"):
        streams.answer(0)
    assert len(kept) == streams.open == 2


def test_one_client_has_so_many_streams(town: OnDisk):
    streams = Streams(SignedHead(town.directory), 100)
    kept = [streams.answer(0, "203.0.113.7") for _ in range(10)]
    with pytest.raises(Unavailable, match="10 streams are already open"):
        streams.answer(0, "203.0.113.7")
    kept += [streams.answer(0, "203.0.113.8"), *(streams.answer(0, None) for _ in range(20))]
    assert len(kept) == streams.open == 31


def test_a_full_server_says_so(asks: Callable[..., Client]):
    response = asks(Settings(streams=0)).get("/v1/checkpoints/stream")
    assert (response.status_code, response.json()["rule"]) == (503, "overload") and response.headers["retry-after"]


def test_a_stream_ends_when_the_server_does_or_its_time_is_over(town: OnDisk, monkeypatch):
    monkeypatch.setattr(streaming, "LOOK_S", 0.01)

    async def events(end_at: int) -> list[bytes]:
        streams, found = Streams(SignedHead(town.directory), 1), []
        async for event in streams.answer(0).body_iterator:
            found.append(event)
            if len(found) == end_at:
                streams.end()
        return found

    assert len(asyncio.run(asyncio.wait_for(events(2), 180))) == 2
    monkeypatch.setattr(streaming, "STREAM_S", 1)
    monkeypatch.setattr(streaming, "SILENCE_S", 0.02)
    found = asyncio.run(asyncio.wait_for(events(0), 180))
    assert found[0] == b"retry: 2000\n\n" and b"checkpoint" in found[1] and set(found[2:]) == {b": still here\n\n"}


def test_the_feed_is_atom(told: Told, client: Client):
    answer = client.get("/v1/projects/school/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}title") == "School 学校" and feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert feed.findtext(f"{ATOM}updated") == updated[0] == max(updated) and updated == sorted(updated, reverse=True)
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles[0] == "payment 22.0: 1.00 CNY" and "receipt 11.0: 6.00 CNY" in titles and "delivery 17.1: 20 mask" in titles
    assert not any(title.startswith("donation") for title in titles)
    ids = [feed.findtext(f"{ATOM}id"), *(entry.findtext(f"{ATOM}id") for entry in entries)]
    assert len(set(ids)) == len(ids) == len(entries) + 1 and all(uuid.UUID(id.removeprefix("urn:uuid:")) for id in ids)
    for entry in entries:
        link = entry.find(f"{ATOM}link").get("href")
        assert link.startswith("/v1/records/") and client.get(link).status_code == 200
        assert entry.findtext(f"{ATOM}author/{ATOM}name") and entry.findtext(f"{ATOM}content")


def test_names_cannot_break_out_of_a_feed(town: OnDisk, reader: Client):
    """Text of the ledger may hold what XML does not."""
    note = "]]><script>&lt;\ufffe\uffff</feed> 'and' \"so\""
    record = {"kind": "progress", "activity": "books", "done_on": "2026-09-07", "note": note}
    town.say("hope", [record], ["hope.li"])
    feed = ElementTree.fromstring(reader.get("/v1/projects/school/feed.atom").content)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}content") == note.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def test_a_project_in_which_nothing_happened_has_a_feed(town: OnDisk, reader: Client):
    feed = ElementTree.fromstring(reader.get("/v1/projects/school/feed.atom").content)
    assert feed.findall(f"{ATOM}entry") == [] and feed.findtext(f"{ATOM}updated") == "2026-09-07T10:00:00Z"
