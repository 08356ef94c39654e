"""What every request meets: nothing can be written, addresses are short, nobody asks too often, any site may read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.http.rate_limit import RateLimit, client_of
from api.http.settings import ADDRESSES, URL_BYTES, Settings, settings_of, with_rate
from ledger.errors import NotFound, StorageError, UsageError
from tests.api.addresses import addresses
from tests.api.asking import FAR, Client
from tests.api.story import Told

Asks = Callable[..., Client]
WRITING = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"]


def test_the_document_knows_reading_only(client: Client):
    assert {method for said in client.app.openapi()["paths"].values() for method in said} == {"get"}


def test_every_path_refuses_what_is_no_reading(told: Told, client: Client):
    for found in addresses(told).values():
        for method in WRITING:
            response = client.ask(method, found[0])
            assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS"), (method, found[0])
            assert response.json()["rule"] == "method"


def test_reading_everything_changes_no_file(told: Told, asks: Asks):
    """The files of the log and the books are as they were, byte for byte."""

    def prints() -> dict[str, str]:
        names = ("ledger.sqlite", "unique.index", "checkpoint", "trust.policy")
        return {name: hashlib.sha256((told.directory / name).read_bytes()).hexdigest() for name in names}

    before = prints()
    other = asks()
    for found in addresses(told).values():
        for address in found:
            if not address.endswith("stream"):
                assert other.get(address).status_code == 200, address
    assert prints() == before


def test_the_database_is_opened_for_reading_only(client: Client):
    """All three connections: for tiles, for bundles of entries, for answers."""
    for address in ("/tile/0/000", "/tile/entries/001.p/5", "/v1/ledger"):
        client.get(address)
    window = client.app.state.window
    for store in (window.bundle_cache._store, window.bundles._idle[0], window.reader._idle[0]._store):
        assert store._connection.one("PRAGMA query_only") == (1,)
        with pytest.raises(StorageError, match="reading only|readonly"):
            store._connection.all("DELETE FROM entries")


def test_head_is_get_without_its_body(told: Told, client: Client):
    for found in addresses(told).values():
        if found[0].endswith("stream"):
            continue
        head, get = client.ask("HEAD", found[0]), client.get(found[0])
        assert head.content == b"" and head.status_code == get.status_code == 200
        assert dict(head.headers) == dict(get.headers), found[0]


def test_the_head_of_a_stream_opens_none(client: Client):
    response = client.ask("HEAD", "/v1/checkpoints/stream")
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/event-stream")
    assert client.app.state.window.streams.open == 0


def test_any_site_may_read(told: Told, client: Client):
    """The header is there without being asked for: a cache gives one answer to all."""
    for path in ("/checkpoint", "/tile/0/000", "/v1/ledger", "/nothing", "/v1/donations/x"):
        headers = client.get(path).headers
        assert headers["access-control-allow-origin"] == "*" and "Link" in headers["access-control-expose-headers"]
        assert headers["x-content-type-options"] == "nosniff"
    ahead = client.ask("OPTIONS", "/v1/ledger", origin="https://x.example", access_control_request_method="GET")
    assert ahead.status_code == 204 and ahead.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "access-control-allow-credentials" not in ahead.headers


def test_addresses_are_short(client: Client):
    fits = "/v1/records?cursor=".ljust(URL_BYTES, "1")  # one byte short: `?` is not counted
    assert client.get(fits).status_code == 422
    response = client.get(f"{fits}11")
    assert (response.status_code, response.json()["rule"]) == (414, "parameter")
    assert len(response.content) < 2 * URL_BYTES + 1000


def test_a_client_that_asks_too_often_waits(asks: Asks):
    quick = asks(Settings(requests_per_s=0.001, burst=3), peer=FAR)
    answers = [quick.get("/checkpoint") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[-1]
    assert refused.json()["rule"] == "rate-limit" and 900 <= int(refused.headers["retry-after"]) <= 1000
    assert refused.headers["access-control-allow-origin"] == "*"
    other = Client(quick.app, "203.0.113.8")
    assert other.get("/checkpoint").status_code == 200, "another address"
    other.close()


def test_this_machine_is_not_limited(asks: Asks):
    """A proxy here would stand for everybody."""
    one = asks(Settings(requests_per_s=0.001, burst=1))
    assert {one.get("/checkpoint").status_code for _ in range(5)} == {200}
    assert {one.get("/checkpoint", x_forwarded_for=FAR).status_code for _ in range(5)} == {200}, "and not told to trust that"


def test_a_trusted_proxy_names_the_client(asks: Asks):
    behind = asks(Settings(requests_per_s=0.001, burst=1, trust_forwarded=True))
    forged = [behind.get("/checkpoint", x_forwarded_for=f"198.51.100.{n}, {FAR}").status_code for n in range(3)]
    assert forged == [200, 429, 429], "who writes the header too changes nothing: the last address counts"
    assert behind.get("/checkpoint", x_forwarded_for="203.0.113.9").status_code == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "trust", "client"),
    [
        ("203.0.113.7", None, False, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", False, "203.0.113.7"),
        ("127.0.0.1", None, False, None),
        ("127.9.9.9", None, True, None),
        ("::1", None, False, None),
        ("", None, False, None),
        ("2001:db8:1:2:3:4:5:6", None, False, "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", None, False, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", None, False, "203.0.113.7"),
        ("::ffff:127.0.0.1", None, False, None),
        ("127.0.0.1", "203.0.113.7", True, "203.0.113.7"),
        ("127.0.0.1", "a, 203.0.113.7 ", True, "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 127.0.0.1", True, "127.0.0.1"),
        ("127.0.0.1", "", True, None),
        ("127.0.0.1", "unknown", True, "unknown"),
        ("testclient", None, False, "testclient"),
    ],
)
def test_whose_request_it_is(peer: str, forwarded: str | None, trust: bool, client: str | None):
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    assert client_of(peer, headers, Settings(trust_forwarded=trust)) == client


def test_a_bucket_fills_again():
    limit = RateLimit(2, 3)
    assert [limit.wait_s("a", 10.0) for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    assert limit.wait_s("a", 10.25) == 0.25
    assert [limit.wait_s("a", 10.5), limit.wait_s("a", 10.5)] == [0, 0.5]
    assert [limit.wait_s("a", 100.0) for _ in range(4)] == [0, 0, 0, 0.5], "no more than the burst"
    assert RateLimit(0, 1).wait_s("a", 0) == 0


def test_the_limit_remembers_so_many_and_no_more():
    limit = RateLimit(1, 1)
    for number in range(2 * ADDRESSES):
        limit.wait_s(str(number), 0)
    assert len(limit._buckets) == ADDRESSES
    assert limit.wait_s(str(2 * ADDRESSES - 1), 0) == 1, "the last seen is remembered"


def test_settings_of_the_environment():
    assert settings_of({}) == Settings()
    assert settings_of({"GIVETRAIL_RATE": "7.5", "GIVETRAIL_TRUST_FORWARDED": "1"}) == Settings(7.5, 30, True)
    assert with_rate(Settings(), "0").requests_per_s == 0
    wrong = [("GIVETRAIL_RATE", "fast"), ("GIVETRAIL_RATE", "-1"), ("GIVETRAIL_RATE", "nan"), ("GIVETRAIL_TRUST_FORWARDED", "yes")]
    for name, value in wrong:
        with pytest.raises(UsageError, match="must be"):
            settings_of({name: value})


def test_more_questions_than_may_wait_are_refused(asks: Asks):
    busy = asks(Settings(waiting=2))
    statuses = [answer.status_code for answer in busy.ask_at_once("/v1/ledger", 9)]
    assert set(statuses) == {200, 503} and statuses.count(200) >= 2
    assert busy.get("/v1/ledger").status_code == 200, "and afterwards it answers again"


def test_a_directory_without_a_ledger_is_refused(tmp_path: Path):
    with pytest.raises(NotFound, match="does not contain a ledger"):
        create_app(tmp_path)


def test_an_app_can_be_mounted_in_another(told: Told):
    """Every address that it gives is one of the outer app's."""
    outer, inner = FastAPI(), create_app(told.directory)
    outer.mount("/ledger", inner)
    client = Client(outer)
    first = client.get("/ledger/v1/parties?limit=2")
    assert [party["id"] for party in first.json()["items"]] == ["hope", "op"]
    after = client.get(first.links["next"]["url"])
    assert after.status_code == 200 and after.json()["items"][0]["id"] == "press"
    assert client.get(first.links["bookmark"]["url"]).content == first.content
    problem = client.get("/ledger/v1/parties/nobody").json()
    assert problem["instance"] == "/ledger/v1/parties/nobody"
    assert client.get(problem["type"]).json()["rule"] == problem["rule"] == "reference"
    assert client.ask("POST", "/ledger/v1/parties").json()["type"] == "/ledger/v1/problems/method"
    assert client.get("/ledger/tile/0/000").content == (told.export / "tile/0/000").read_bytes()
    assert 'href="/ledger/v1/records/' in client.get("/ledger/v1/projects/school/feed.atom").text
    assert client.get("/v1/parties").status_code == 404
    inner.state.window.close()


def test_a_client_with_many_streams_gets_no_more(asks: Asks):
    asked = asks(peer=FAR)
    kept = [asked.app.state.window.streams.answer(0, FAR) for _ in range(10)]
    assert kept and asked.get("/v1/checkpoints/stream").status_code == 503
