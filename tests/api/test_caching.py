"""ETag, 304, and how long an answer may be kept."""

from __future__ import annotations

from contextlib import closing

import pytest

from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from tests.api.addresses import at_size, pinned
from tests.api.asking import Client
from tests.api.story import Told
from tests.writer.on_disk import OnDisk, a_gift


def test_who_has_an_answer_is_told_so(told: Told, client: Client):
    for address in (*pinned(told), *(at_size(address, told.tree_size) for address in pinned(told))):
        first = client.get(address)
        again = client.get(address, if_none_match=first.headers["etag"])
        assert (again.status_code, again.content) == (304, b""), address
        assert again.headers["etag"] == first.headers["etag"] and again.headers["cache-control"] == first.headers["cache-control"]
        assert again.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("header", ['"x", {tag}', "W/{tag}", '{tag},"x"'])
def test_a_list_of_tags_and_weak_ones(client: Client, header: str):
    tag = client.get("/v1/ledger").headers["etag"]
    assert client.get("/v1/ledger", if_none_match=header.format(tag=tag)).status_code == 304


@pytest.mark.parametrize("header", ["", '"x"', "nonsense", ","])
def test_other_tags_get_the_answer(client: Client, header: str):
    assert client.get("/v1/ledger", if_none_match=header).status_code == 200


def test_the_tag_is_another_for_another_answer(client: Client):
    """Another path, parameter, form, size or day is another answer."""
    places = [
        "/v1/parties", "/v1/parties?limit=1", "/v1/parties?format=csv", "/v1/parties?format=ndjson", "/v1/parties?at_size=9",
        "/v1/units", "/v1/findings", "/v1/findings?as_of=2026-10-01", "/v1/findings?at_size=9",
    ]  # fmt: skip
    assert len({client.get(place).headers["etag"] for place in places}) == len(places)
    accepted = [client.get("/v1/parties", accept=media).headers["etag"] for media in ("text/csv", "application/json")]
    assert len(set(accepted)) == 2
    assert client.get("/v1/parties").headers["vary"] == "Accept"


def test_the_tag_changes_when_the_ledger_grows(town: OnDisk, reader: Client):
    before = reader.get("/v1/ledger")
    assert before.headers["cache-control"] == "public, max-age=5, must-revalidate"
    town.sequencer.submit([a_gift(town)])
    after = reader.get("/v1/ledger", if_none_match=before.headers["etag"])
    assert after.status_code == 200 and after.headers["etag"] != before.headers["etag"]
    pinned = reader.get("/v1/ledger?at_size=4")
    town.sequencer.submit([a_gift(town)])
    assert reader.get("/v1/ledger?at_size=4").headers["etag"] == pinned.headers["etag"]


def test_errors_are_not_kept(client: Client):
    for address in ("/nothing", "/v1/donations/9.9", "/v1/parties?limit=0", "/v1/parties/x?at_size=3", "/v1/units?at_size=99999"):
        assert client.get(address).headers["cache-control"] == "no-store"


def test_lateness_is_as_of_the_last_entry_unless_a_later_day_is_named(told: Told, client: Client):
    """As `givetrail verify` judges it, on whatever day it is asked."""
    trace = f"/v1/donations/{told.refs['gift']}/trace"
    with closing(DirectorySource(told.directory)) as source:
        day = verify(source, None).as_of
    assert day == client.json(trace)["as_of"] == client.json(at_size(trace, told.tree_size))["as_of"] == "2026-10-20"
    assert f"as_of={day}" in client.get(f"/g/{told.refs['gift']}").text
    assert client.json(f"{trace}?as_of=2026-12-31")["as_of"] == "2026-12-31"
    assert client.json(f"{trace}?as_of=2026-09-30")["as_of"] == day, "an early day hides nothing"
    assert client.json(at_size(f"{trace}?as_of=2026-09-30", 9))["as_of"] == "2026-09-30"
    days = [{item["as_of"] for item in client.items(place)} for place in ("/v1/findings", at_size("/v1/findings", told.tree_size))]
    assert days == [{day}, {day}]
