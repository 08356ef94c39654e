"""`at_size`: an answer of then is the same answer now, whatever was entered since, and from whichever process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.api.addresses import ELSEWHERE, UNPINNED, addresses, at_size, pinned
from tests.api.asking import Client, client_of
from tests.api.story import OPENING, PROJECT, STORY, Told
from tests.writer.on_disk import Moved, OnDisk, a_gift

PINNED = "public, max-age=31536000, immutable"
NEEDS_A_NOTE = ("/bundle", "/tlog-proof")
Seen = dict[tuple[int, str], tuple[int, bytes]]


class Watched(OnDisk):
    """A ledger that is looked at after every entry."""

    look: Callable[[int], None] | None = None

    def say(self, party: str, records: list[dict[str, Any]], by: list[str], **more: Any) -> Moved:
        moved = super().say(party, records, by, **more)
        if self.look:
            self.look(self.sequencer.tree_size)
        return moved


@pytest.fixture
def watched(tmp_path: Path, told: Told) -> Iterator[tuple[OnDisk, Client, Seen]]:
    """The story, told entry by entry, with every answer that there was after each of them."""
    ledger, seen = Watched(tmp_path / "ledger"), Seen()
    reader = client_of(ledger.directory)

    def look(size: int) -> None:
        for address in pinned(told):
            response = reader.get(address)
            seen[size, address] = response.status_code, response.content

    ledger.play(OPENING)
    ledger.look = look
    ledger.say("hope", [PROJECT], ["hope.li"])
    ledger.play(STORY)
    with closing(ledger), closing(reader):
        yield ledger, reader, seen


def alike(then: tuple[int, bytes], now: tuple[int, bytes], address: str) -> bool:
    """An error's sentence names the address, which has `at_size` now. The last audit is left out where a size is named."""
    if "/findings" in address and then[0] == now[0] == 200:
        return _without_audit(then[1]) == _without_audit(now[1])
    return then == now or (then[0] == now[0] and then[0] >= 400)


def _without_audit(raw: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(raw).items() if name != "audit"}


def test_every_answer_of_then_is_the_answer_at_that_size(watched: tuple[OnDisk, Client, Seen]):
    """Asked without `at_size` while that was the present, asked with it when the ledger has grown, by the same process and by one
    that was started afterwards."""
    ledger, reader, seen = watched
    ledger.sequencer.submit([a_gift(ledger, number + 1) for number in range(260)])
    assert len({size for size, _ in seen}) > 15 and len([1 for status, _ in seen.values() if status == 200]) > 800
    with closing(client_of(ledger.directory)) as later:
        for (size, address), then in seen.items():
            for asked in (reader, later):
                response = asked.get(at_size(address, size))
                now = response.status_code, response.content
                if asked is later and then[0] == 200 and any(word in address for word in NEEDS_A_NOTE):
                    assert now[0] == 404 and response.json()["rule"] == "checkpoint", f"{address} at {size}"
                    continue
                assert alike(then, now, address), f"{address} at {size}: {then} was, {now} is"
                assert response.headers["cache-control"] == (PINNED if now[0] == 200 else "no-store")


def test_every_address_has_an_answer_when_the_story_is_told(told: Told, client: Client):
    for path, found in addresses(told).items():
        for address in found:
            if path not in UNPINNED:
                assert client.get(at_size(address, told.tree_size)).status_code == 200, address
                assert client.get(address).status_code == 200, address


def test_every_path_of_the_document_is_tried(told: Told, client: Client):
    assert set(addresses(told)) | ELSEWHERE == set(client.app.openapi()["paths"])


def test_the_present_is_the_published_checkpoint(town: OnDisk, reader: Client):
    """Not what is entered and not signed yet."""
    size = town.sequencer.tree_size
    assert reader.json("/v1/ledger")["tree_size"] == size
    town.sequencer.submit([a_gift(town), a_gift(town, 5)], sign=False)
    assert reader.json("/v1/ledger")["tree_size"] == size
    assert reader.json("/v1/donations")["items"] == []
    assert reader.get(f"/v1/entries/{size}").status_code == 404
    refused = reader.get(f"/v1/ledger?at_size={size + 1}")
    assert (refused.status_code, refused.json()["rule"], refused.headers["cache-control"]) == (404, "tree-size", "no-store")
    town.sequencer.sign()
    assert reader.json("/v1/ledger")["tree_size"] == size + 2
    assert len(reader.json("/v1/donations")["items"]) == 2
    assert reader.get(f"/v1/ledger?at_size={size + 1}").status_code == 200


def test_a_bookmark_gives_the_same_bytes_for_ever(town: OnDisk, reader: Client):
    """Also where the answer depends on the day: the bookmark names that too."""
    town.play("hope: donation 4.00 CNY -> school as gift; donation 1.00 CNY -> school")
    gift = town.labels["gift"]
    trace = f"/v1/donations/{gift}/trace"
    places = ["/v1/ledger", "/v1/donations?limit=1", "/v1/findings?as_of=2026-10-02", trace, "/v1/donations?format=csv"]
    seen = {place: reader.get(place) for place in places}
    town.sequencer.submit([a_gift(town)])
    for place, then in seen.items():
        again = reader.get(then.links["bookmark"]["url"])
        assert alike((200, then.content), (again.status_code, again.content), place), place
        assert again.headers["cache-control"] == PINNED, place
        assert "bookmark" not in again.links
        assert ("as_of=2026-10-02" in then.links["bookmark"]["url"]) == ("as_of" in place)


def test_a_list_is_read_to_its_end_at_one_size(town: OnDisk, reader: Client):
    """Who reads page by page while gifts come in finds those that were there at the beginning, each once."""
    town.sequencer.submit([a_gift(town, number + 1) for number in range(5)])
    first = reader.get("/v1/donations?limit=2")
    refs, address = [item["ref"] for item in first.json()["items"]], first.links["next"]["url"]
    while address:
        town.sequencer.submit([a_gift(town)])
        page = reader.get(address)
        refs += [item["ref"] for item in page.json()["items"]]
        assert page.json()["tree_size"] == 9
        address = page.links["next"]["url"] if "next" in page.links else ""
    assert refs == [f"{entry}.0" for entry in range(4, 9)]
