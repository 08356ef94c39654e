"""Every parameter of every route has its bounds, and pages never hold more than was asked for."""

from __future__ import annotations

import pytest

from tests.api.addresses import ELSEWHERE, addresses
from tests.api.asking import Client
from tests.api.story import Told

BEYOND = {
    "limit": ["0", "501", "-1", "1.5", "", "9" * 40],
    "at_size": ["0", "-1", "9007199254740992", "x", "1e3", "9" * 400],
    "cursor": ["x" * 201],
    "as_of": ["2026-02-30", "20260101", "2026-1-1", "0000-00-00", "2026-01-01T00:00:00Z"],
    "format": ["xml", "JSON", "*/*"],
    "order": ["desc", "OLDEST"],
    "by": ["day", ""],
    "role": ["king", ""],
    "kind": ["A", "x" * 64, "../x"],
    "fund": ["A", "x" * 64, "a b"],
    "project": ["A", "x" * 64],
    "charity": ["A", "x" * 64],
    "party": ["A", "x" * 64],
    "about": ["1", "1.0000", "01.0", "@1", "x"],
    "term": ["spent", "", "left"],
    "unit": ["x" * 64, "CN", "a b"],
    "payee": ["x" * 81],
    "month": ["2026-13", "2026-1", "2026"],
    "old_size": ["-1", "9007199254740992", "x"],
}


def parameters(client: Client) -> dict[str, list[str]]:
    """The names of the query's parameters, by path."""
    return {
        path: [one["name"] for one in said["get"].get("parameters", ()) if one["in"] == "query"]
        for path, said in client.app.openapi()["paths"].items()
        if path not in ELSEWHERE
    }


def test_every_parameter_of_every_route_is_bounded(told: Told, client: Client):
    tried = set()
    for path, names in parameters(client).items():
        bare = addresses(told)[path][0].partition("?")[0]
        for name in names:
            for value in BEYOND[name]:
                response = client.get(f"{bare}?{name}={value}")
                assert (response.status_code, response.json()["rule"]) == (422, "parameter"), response.url
            tried.add(name)
    assert tried == set(BEYOND)


def test_every_list_has_pages(client: Client):
    """What answers a list takes `limit` and `cursor`; nothing else is of any length."""
    lists = {path for path, said in client.app.openapi()["paths"].items() if "text/csv" in str(said["get"]["responses"]["200"])}
    assert len(lists) > 15
    assert {path for path, names in parameters(client).items() if {"limit", "cursor", "format"} <= set(names)} == lists


def test_no_page_holds_more_than_was_asked_for(told: Told, client: Client):
    """And the pages together hold every item once, in the same order."""
    for path, names in parameters(client).items():
        address = addresses(told)[path][0]
        if "format" not in names:
            continue
        more = "&" if "?" in address else "?"
        whole = client.items(f"{address}{more}limit=500")
        for limit in (1, 3) if len(whole) < 30 else (200,):
            page = client.json(f"{address}{more}limit={limit}")
            assert len(page["items"]) == min(limit, len(whole)) and (page["next"] is None) == (len(whole) <= limit), path
            assert client.items(f"{address}{more}limit={limit}") == whole, path


@pytest.mark.parametrize("path", ["/v1/parties", "/v1/donations", "/v1/entries", "/v1/statistics/given"])
def test_a_cursor_beyond_the_end_is_an_empty_page(client: Client, path: str):
    cursor = {"/v1/parties": "zzz", "/v1/donations": "9999.0", "/v1/entries": "9999", "/v1/statistics/given": "9999"}[path]
    page = client.json(f"{path}?cursor={cursor}")
    assert (page["items"], page["next"]) == ([], None)
