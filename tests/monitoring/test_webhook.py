"""Alarms are told to a server; one that fails never hides an alarm."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import ledger.monitoring.webhook
from ledger.errors import UsageError
from ledger.monitoring.alarm import Alarm
from ledger.monitoring.monitor import told
from ledger.monitoring.monitor_folder import MonitorFolder
from ledger.monitoring.webhook import Webhook
from ledger.network.post import post
from tests.language import ORIGIN
from tests.monitoring.conftest import At, Watch, head, name

ALARM = Alarm(ORIGIN, 300, "ab" * 32, "fork", "two histories", "", ("refused/a",), "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z")


class Hook(ThreadingHTTPServer):
    """Takes what is sent, and answers with the next of `statuses`, 204 after the last; for a status of 0 it does not answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taker)
        self.sent: list[tuple[str, str, dict[str, object]]] = []
        self.statuses: deque[int] = deque()
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks/alarm?token=a"

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: broken connections are what is tested."""


class Taker(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.sent.append((self.path, self.headers["Content-Type"], json.loads(raw)))
        status = self.server.statuses.popleft() if self.server.statuses else 204
        if not status:
            self.server.ended.wait()
            return
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Location", f"{self.server.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


def test_an_alarm_is_sent_as_json(hook: Hook):
    assert Webhook(hook.url).tell(ALARM) == ""
    ((path, media, value),) = hook.sent
    assert (path, media) == ("/hooks/alarm?token=a", "application/json")
    assert value == {
        "log": ORIGIN, "size": 300, "root": "ab" * 32, "rule": "fork", "message": "two histories",
        "seen_at": "2026-12-01T00:00:00Z", "evidence": ["refused/a"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("statuses", "sent", "told_at_last"),
    [((500, 429), 3, True), ((500, 503, 500), 3, False), ((404,), 1, False), ((302,), 1, False)],
)
def test_it_is_tried_three_times_at_most(hook: Hook, statuses: tuple[int, ...], sent: int, told_at_last: bool):
    hook.statuses.extend(statuses)
    waits: list[float] = []
    why = Webhook(hook.url, waits.append).tell(ALARM)
    assert (len(hook.sent), len(waits), why == "") == (sent, sent - 1, told_at_last)
    assert told_at_last or (f"answers {statuses[-1]}" in why and "token" not in why)


def test_a_server_that_keeps_silent_is_given_up(hook: Hook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger.monitoring.webhook, "post", lambda *words: post(*words, whole_s=0.2))
    hook.statuses.extend([0, 0, 0])
    assert "did not answer within 0.2 s" in Webhook(hook.url, lambda seconds: None).tell(ALARM) and len(hook.sent) == 3


@pytest.mark.parametrize(
    "url",
    ["http://example.org/hook", "ftp://localhost/x", "https://user:secret@example.org/", "localhost", "https://", "http://[::2]/",
     "http://127.0.0.1.example.org/", "https://example.org/#part"],
)  # fmt: skip
def test_other_addresses_are_refused(url: str):
    with pytest.raises(UsageError) as caught:
        Webhook(url)
    assert caught.value.rule == "url" and "secret" not in caught.value.message


@pytest.mark.parametrize("url", ["https://example.org", "http://localhost:1/x", "http://127.9.9.9/", "http://[::1]/x?y=1"])
def test_https_and_this_computer_are_taken(url: str):
    Webhook(url)


def test_an_alarm_is_told_once_and_after_a_failure_again(watch: Watch, at: At):
    tries: list[str] = []

    def tell(why: str) -> list[str]:
        folder = MonitorFolder(watch.path)
        folder.hold()
        try:
            return list(told(folder, lambda alarm: tries.append(alarm.root) or why))
        finally:
            folder.close()

    for size in (300, 200):
        watch.show(at(size))
        watch.round()
    root = head(at(200)).root.hex()
    assert (tell("no"), tell(""), tell("")) == (["no"], [], [])
    assert tries == [root, root]
    assert watch.round().alarms[0].evidence[0] == f"refused/{name(at(200))}"
    assert (tell(""), tries) == ([], [root, root])
