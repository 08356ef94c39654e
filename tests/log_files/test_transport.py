"""What servers do: they fail and recover, lie about lengths, drip, never end, and send somebody elsewhere."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import GiveTrailError, SizeError, Unverifiable, UsageError
from ledger.network.fetch import Failed, Fetcher, base_of, followed
from ledger.network.retry import PATIENCE, Patience, pause_s, retry_after_s
from tests.log_files import tileserver
from tests.log_files.tileserver import BEFORE_LONG, HASTY, MEBIBYTE, PATIENT, TileServer, body, redirect, serving, status

NAME = "tile/0/000"
CONTENT = bytes(range(256)) * 32
LIMIT = len(CONTENT)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TileServer]:
    (tmp_path / "log/tile/0").mkdir(parents=True)
    (tmp_path / "log" / NAME).write_bytes(CONTENT)
    with serving(tmp_path / "log") as server:
        yield server


def fetched(server: TileServer, patience: Patience = PATIENT, limit: int = LIMIT) -> bytes:
    """The file, as a source gets it: by a thread, within a time."""
    with closing(Fetcher(server.url, patience)) as fetcher:
        return fetcher.result(fetcher.start(fetcher.get, NAME, limit))


def refused(server: TileServer, patience: Patience = PATIENT, limit: int = LIMIT) -> GiveTrailError:
    """Why there is none; every thread has ended then, and no socket is waited for."""
    with pytest.raises(GiveTrailError) as error:
        fetched(server, patience, limit)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("givetrail-fetch")]
    return error.value


def test_a_file_is_fetched(server: TileServer):
    assert fetched(server) == CONTENT
    (asked,) = server.asked
    assert asked.headers["user-agent"].startswith("givetrail/") and asked.headers["accept-encoding"] == "gzip, identity"
    assert not {"authorization", "cookie", "cache-control"} & set(asked.headers)


@pytest.mark.parametrize(
    "failing",
    [
        status(500), status(503), status(429, Retry_After="3600"), tileserver.broken_off, tileserver.hung_up, tileserver.not_http,
        body(gzip.compress(CONTENT)[:-9], Content_Encoding="gzip"), body(CONTENT, Content_Encoding="gzip"),
        body(gzip.compress(CONTENT) + b"more", Content_Encoding="gzip"),
    ],
)  # fmt: skip
def test_what_passes_is_tried_again(server: TileServer, failing: tileserver.Behaviour):
    server.next(NAME, failing, failing, failing)
    assert fetched(server) == CONTENT
    server.always[NAME] = failing
    error = refused(server)
    assert (error.rule, error.exit_code) == ("unreachable", 4)
    assert f"{server.url}/{NAME}" in error.message and "tried 4 times" in error.message
    assert len(server.asked) == 8


def test_a_server_that_falls_silent_is_asked_again(server: TileServer):
    server.next(NAME, tileserver.silent)
    assert fetched(server, HASTY) == CONTENT
    server.always[NAME] = tileserver.silent
    assert refused(server, HASTY).rule == "unreachable"


@pytest.mark.parametrize("code", [400, 401, 416, 418, 204, 206, 304])
def test_what_does_not_pass_is_not_tried_again(server: TileServer, code: int):
    server.always[NAME] = status(code)
    error = refused(server)
    assert error.rule == "unreachable" and f"answers {code}" in error.message
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", [403, 404, 410])
def test_a_file_that_is_not_there_is_missing(server: TileServer, code: int):
    server.always[NAME] = status(code)
    assert refused(server).rule == "missing"
    assert len(server.asked) == 1


@pytest.mark.parametrize("drip", [tileserver.dripping, tileserver.dripping_headers])
def test_a_server_that_drips_is_left(server: TileServer, drip: tileserver.Behaviour):
    """Every byte comes in time; the file does not."""
    server.always[NAME] = drip
    error = refused(server, BEFORE_LONG, MEBIBYTE)
    assert error.rule == "unreachable" and "within 0.5 s" in error.message


@pytest.mark.parametrize(
    "flood", [tileserver.endless, tileserver.chunked_endless, tileserver.bomb, tileserver.empty_blocks, body(CONTENT + b"x")]
)
def test_a_flood_is_cut_short_before_it_fills_the_memory(server: TileServer, flood: tileserver.Behaviour):
    server.always[NAME] = flood
    tracemalloc.start()
    try:
        error = refused(server)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, SizeError) and error.rule == "size-limit" and f"more than {LIMIT} bytes" in error.message
    assert peak_bytes < 8 * MEBIBYTE
    assert len(server.asked) == 1


@pytest.mark.parametrize("raw", [b"", b"x", CONTENT])
@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
def test_gzip_is_unpacked(server: TileServer, raw: bytes, encoding: str):
    server.always[NAME] = body(gzip.compress(raw), Content_Encoding=encoding)
    assert fetched(server) == raw
    assert fetched(server, limit=max(1, len(raw))) == raw
    if raw:
        assert refused(server, limit=len(raw) - 1).rule == "size-limit"


def test_a_packing_that_was_not_asked_for_is_refused(server: TileServer):
    server.always[NAME] = body(CONTENT, Content_Encoding="br")
    assert "'br'" in refused(server).message
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "page",
    [b"<!DOCTYPE html><title>Sign in</title>", b"\xef\xbb\xbf\n <html>", b"<!-- x -->", b"<?xml version='1.0'?>" + bytes(99_999)],
)
def test_a_web_page_is_no_file_and_is_called_one(server: TileServer, page: bytes):
    server.always[NAME] = body(page)
    error = refused(server)
    assert (error.rule, error.exit_code) == ("missing", 4) and "web page" in error.message


def test_a_length_that_is_too_short_does_not_spoil_the_next_answer(server: TileServer):
    server.next(NAME, tileserver.announced_short)
    with closing(Fetcher(server.url, PATIENT)) as fetcher:
        assert fetcher.get(NAME, LIMIT) == CONTENT[: LIMIT // 2]
        assert fetcher.get(NAME, LIMIT) == CONTENT


def test_a_redirect_within_the_server_is_followed(server: TileServer):
    server.always["old/" + NAME] = redirect(f"/{NAME}", 301)
    server.always["older/" + NAME] = redirect(f"{server.url}/old/{NAME}", 308)
    with closing(Fetcher(server.url + "/older/", PATIENT)) as fetcher:
        assert fetcher.get(NAME, LIMIT) == CONTENT
    assert server.paths == ["older/" + NAME, "old/" + NAME, NAME]


def test_redirects_in_a_circle_come_to_an_end(server: TileServer):
    server.always[NAME] = redirect(f"/{NAME}")
    error = refused(server)
    assert error.rule == "unreachable" and "redirects more than 5 times" in error.message
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "http://127.0.0.1:1/x", "http://localhost/x", "//example.org/x", "gopher:x",
        "http://user:password@127.0.0.1/x", "https://127.0.0.1/x", "http://[::1", "http://127.0.0.1:99999/x", "data:,x",
    ],
)  # fmt: skip
def test_a_redirect_elsewhere_is_not_followed(server: TileServer, location: str):
    server.always[NAME] = redirect(location)
    error = refused(server)
    assert error.rule == "unreachable" and "redirects to" in error.message
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("url", "location", "there"),
    [
        ("http://log.example/a/b", "https://log.example/a/b", "https://log.example/a/b"),
        ("http://log.example:80/a/b", "https://log.example:443/b", "https://log.example:443/b"),
        ("http://log.example/a/b", "http://log.example:80/c", "http://log.example:80/c"),
        ("https://log.example/a/b", "c", "https://log.example/a/c"),
        ("https://log.example/a/b", "https://LOG.example/c", "https://LOG.example/c"),
        ("http://log.example:8080/a/b", "https://log.example/a/b", None),
        ("http://log.example/a/b", "https://log.example:8443/a/b", None),
        ("https://log.example/a/b", "http://log.example/a/b", None),
        ("http://log.example/a/b", "https://log.example.org/a/b", None),
        ("http://log.example/a/b", "//mallory@log.example/a/b", None),
    ],
)
def test_where_a_redirect_may_lead(url: str, location: str, there: str | None):
    if there is not None:
        assert followed(url, location) == there
        return
    with pytest.raises(Failed):
        followed(url, location)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://log.example", "http://log.example/"),
        ("https://log.example/a/b//", "https://log.example/a/b/"),
        ("HTTPS://Log.Example:8443/A", "https://log.example:8443/A/"),
        ("http://[::1]:8080/log", "http://[::1]:8080/log/"),
    ],
)
def test_the_address_of_a_log(url: str, base: str):
    assert base_of(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "ftp://log.example/", "file:///etc/passwd", "log.example", "/log", "http://", "http:///log", "http://log.example:99999/",
        "http://log.example/?a=b", "http://log.example/#a", "http://log.example:x/", "", "http://[::1", "javascript://x/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_log(url: str):
    with pytest.raises(UsageError) as refused:
        base_of(url)
    assert refused.value.rule == "url"


@pytest.mark.parametrize("url", ["http://me:secret@log.example/", "https://secret@log.example/", "http://:secret@log.example"])
def test_credentials_are_refused_and_not_repeated(url: str):
    with pytest.raises(UsageError) as refused:
        base_of(url)
    assert "credentials" in refused.value.message and "secret" not in refused.value.message


def test_nobody_is_there():
    """A port that was free a moment ago, and that nobody listens on."""
    with TileServer(Path()) as server:
        pass
    assert refused(server).rule == "unreachable"


def test_waits_double_and_a_retry_after_is_obeyed_up_to_a_bound():
    assert [pause_s(tried, 0, PATIENCE) for tried in (1, 2, 3)] == [0.5, 1, 2]
    assert [pause_s(1, asked_s, PATIENCE) for asked_s in (0.1, 7, 60, 3600)] == [0.5, 7, 60, 60]


@pytest.mark.parametrize(
    ("asked", "date", "seconds"),
    [
        ("7", "", 7),
        ("0", "", 0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 30),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:30 GMT", 0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "", 0),
        ("Wed, 21 Oct 2026 07:28:30", "Wed, 21 Oct 2026 07:28:00 GMT", 0),
        ("soon", "soon", 0),
        ("-1", "", 0),
        ("1e9", "", 0),
        ("٣", "", 0),
        ("9" * 4000, "", 0),
        ("", "", 0),
    ],
)
def test_what_a_retry_after_asks_for(asked: str, date: str, seconds: float):
    headers = {name: value for name, value in (("Retry-After", asked), ("Date", date)) if value}
    assert retry_after_s(headers) == seconds


def test_a_source_that_is_closed_lets_go_of_what_is_under_way(server: TileServer):
    server.always[NAME] = tileserver.dripping
    fetcher = Fetcher(server.url, PATIENT)
    started = fetcher.start(fetcher.get, NAME, MEBIBYTE)
    while not server.asked:
        server.ended.wait(0.001)
    fetcher.close()
    with pytest.raises(Unverifiable):
        started.result()
