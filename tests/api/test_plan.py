"""What a project plans beside what came of it, and how a party is reached."""

from __future__ import annotations

from typing import Any

from tests.api.asking import Client
from tests.api.story import Told


def money(minor: int, unit: str = "CNY", exponent: int = 2) -> dict[str, Any]:
    return {"minor": minor, "unit": unit, "exponent": exponent}


def test_targets_stand_beside_what_was_reported(client: Client, told: Told):
    books, meals, of_activity = client.json("/v1/projects/school")["targets"]
    assert books == {
        "fund": "school", "indicator": "books-read", "measured_in": "pieces", "baseline": 0, "target": 5, "by": "2026-12-31",
        "actual": {
            "value": 3, "party": "hope", "feedback": told.refs["told"], "reported_on": "2026-09-10",
            "added_up": [told.refs["told"]],
        },
        "why": None, "is_reached": False,
    }  # fmt: skip
    assert (meals["fund"], meals["actual"], meals["why"], meals["is_reached"]) == ("school", None, "measured-otherwise", False)
    assert (of_activity["fund"], of_activity["baseline"], of_activity["actual"]["value"]) == ("books", None, 40)
    assert of_activity["is_reached"] is True and of_activity["why"] is None


def test_both_lists_of_a_budget_come_to_the_same(client: Client):
    budget = client.json("/v1/projects/school")["budget"]
    assert budget["costs"] == [
        {"cost_class": "programme", "planned": money(2000), "spent": money(1200)},
        {"cost_class": "fundraising", "planned": money(5, "EUR", 0), "spent": money(0, "EUR", 0)},
    ]
    assert budget["funds"] == [
        {"fund": "school", "planned": None, "paid": money(500)}, {"fund": "books", "planned": money(1500), "paid": money(700)},
    ]  # fmt: skip


def test_how_a_party_is_reached(client: Client):
    contact = client.json("/v1/parties/hope")["contact"]
    record = contact.pop("record")
    assert contact == {"telephone": None, "email": "office@hope.example", "web": None, "complaints": "To a board <b>"}
    assert client.json(f"/v1/records/{record}")["record"]["email"] == "office@hope.example"
    assert client.json("/v1/parties/shop")["contact"] is None
