"""Traces both ways: what the API says is what the fold says, and it tiles."""

from __future__ import annotations

import pytest

from ledger.books.flows import outs
from ledger.books.gift import follow_gift, sentence
from ledger.books.trace import backward
from ledger.directory.opening import open_reader
from ledger.entries.store_flows import StoreFlows
from tests.api.asking import Client
from tests.api.story import Told

DAY = "2026-10-30"


@pytest.fixture
def store_flows(told: Told):
    store, books = open_reader(told.directory)
    with store:
        yield StoreFlows(store, books)


def pages(client: Client, address: str, member: str) -> list[dict]:
    """What the pages of an answer have in a member, all together."""
    found = []
    while address:
        response = client.get(address)
        found += response.json()[member]
        address = response.links["next"]["url"] if "next" in response.links else ""
    return found


def test_every_gift_is_followed_as_the_fold_does(client: Client, store_flows: StoreFlows):
    gifts = [gift["ref"] for gift in client.items("/v1/donations?limit=500")][:8]
    for ref in gifts:
        wanted, said = follow_gift(store_flows, ref, DAY), client.json(f"/v1/donations/{ref}/trace?as_of={DAY}")
        assert said["sentence"] == sentence(wanted) and said["as_of"] == DAY
        assert {total["state"]: total["amount"]["minor"] for total in said["totals"]} == wanted.totals()
        assert [(late["stage"], late["ref"], late["due_on"]) for late in said["overdue"]] == list(wanted.overdue)
        assert said["waiting_since"] == (wanted.waiting_since or None)
        pieces = [
            (one["units"]["start"], one["units"]["end"], one["state"], one["tape"], tuple(one["path"]), one["level"] or "")
            for one in said["pieces"]
        ]
        assert pieces == [(one.start, one.end, one.state, one.tape, one.path, one.level) for one in wanted.pieces]


def test_the_pieces_tile_the_gift(told: Told, client: Client):
    """No hole, no overlap, on however many pages."""
    trace = client.json(f"/v1/donations/{told.refs['gift']}/trace")
    assert len({piece["state"] for piece in trace["pieces"]}) >= 6
    at = 0
    for piece in trace["pieces"]:
        assert piece["units"]["start"] == at < piece["units"]["end"]
        assert piece["amount"]["minor"] == piece["units"]["end"] - at
        at = piece["units"]["end"]
    assert at == trace["amount"]["minor"] == sum(total["amount"]["minor"] for total in trace["totals"]) == 5000
    assert trace["pieces_in_all"] == len(trace["pieces"])
    for limit in (1, 2, 5):
        assert pages(client, f"/v1/donations/{told.refs['gift']}/trace?limit={limit}", "pieces") == trace["pieces"]


def test_a_payment_is_followed_back_as_the_fold_does(told: Told, client: Client, store_flows: StoreFlows):
    for name in ("paid", "bought", "late", "moved"):
        ref = told.refs[name]
        target = store_flows.target(*map(int, ref.split(".")))
        wanted = {
            (origin.ref, origin.tape, origin.at_start, origin.at_end)
            for tape, (start, end) in outs(target.rows) for origin in backward(store_flows, tape, start, end)
        }  # fmt: skip
        for limit in (1, 3, 500):
            found = client.items(f"/v1/records/{ref}/origins?limit={limit}")
            assert {(one["ref"], one["tape"], one["at"]["start"], one["at"]["end"]) for one in found} == wanted
            at = 0
            for one in found:
                assert one["units"]["start"] == at
                at = one["units"]["end"]
            assert at == sum(end - start for _, (start, end) in outs(target.rows)), "the origins cover what it took"


def test_both_ways_meet(told: Told, client: Client):
    """What the gift's trace says went through a payment, the payment's origins say came from the gift."""
    gift, paid = told.refs["gift"], told.refs["paid"]
    pieces = client.json(f"/v1/donations/{gift}/trace")["pieces"]
    there = sum(piece["amount"]["minor"] for piece in pieces if paid in piece["path"])
    back = sum(one["amount"]["minor"] for one in client.items(f"/v1/records/{paid}/origins") if one["ref"] == gift)
    assert there == back > 0
