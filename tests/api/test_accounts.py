"""The line of accounts adds up, and each of its terms is the sum of its list, in every form."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from tests.api.asking import Client

SCOPES = ("", "project=school", "charity=hope", "charity=river", "fund=general", "fund=store")


def terms(client: Client, scope: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in client.items(f"/v1/accounts?{scope}"):
        found.setdefault(row["amount"]["unit"], {})[row["term"]] = row["amount"]["minor"]
    return found


@pytest.mark.parametrize("scope", SCOPES)
def test_the_line_adds_up_to_what_the_funds_hold(client: Client, scope: str):
    held = Counter[str]()
    for fund in client.items("/v1/funds"):
        one = client.json(f"/v1/funds/{fund['id']}")
        if scope in ("", f"project={one['project']}", f"charity={one['owner']}", f"fund={one['id']}"):
            for tape in one["tapes"]:
                held[tape["balance"]["unit"]] += tape["balance"]["minor"]
    lines = terms(client, scope)
    assert lines
    for unit, line in lines.items():
        assert line.pop("left") == sum(line.values()) == held.pop(unit)
    assert not +held


@pytest.mark.parametrize("scope", SCOPES)
def test_a_term_is_the_sum_of_its_list_and_of_its_download(client: Client, scope: str):
    for row in client.items(f"/v1/accounts?{scope}"):
        if row["term"] == "left":
            continue
        address = f"/v1/movements?term={row['term']}&unit={row['amount']['unit']}&{scope}"
        page = client.json(address)
        assert (page["total"], page["records"]) == (row["amount"], row["records"])
        listed = client.items(f"{address}&limit=100")
        assert (sum(one["amount"]["minor"] for one in listed), len(listed)) == (row["amount"]["minor"], row["records"])
        sheet = list(csv.DictReader(io.StringIO(client.get(f"{address}&format=csv").text.removeprefix("\ufeff"))))
        assert sum(int(one["amount_minor"]) for one in sheet) == row["amount"]["minor"]
        assert [one["ref"] for one in sheet] == [f"#{one['ref']}" for one in listed]


def test_a_decimal_below_zero(client: Client):
    """-0.05 is five hundredths less."""
    sheet = csv.DictReader(io.StringIO(client.get("/v1/movements?term=paid&unit=CNY&format=csv").text.removeprefix("\ufeff")))
    for one in sheet:
        assert round(float(one["amount"]) * 100) == int(one["amount_minor"]) < 0


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("term=lost&unit=CNY", 422), ("term=paid&unit=CNY&month=2026-13", 422), ("term=fees&unit=CNY&month=2026-10", 404),
     ("term=given&unit=CNY&payee=shop", 404)],
)  # fmt: skip
def test_a_list_that_there_is_not(client: Client, query: str, status: int):
    assert client.get(f"/v1/movements?{query}").status_code == status
