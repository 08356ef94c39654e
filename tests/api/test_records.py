"""What the lists say is what the ledger says."""

from __future__ import annotations

import base64
import csv
import io
import json

import pytest

from ledger.canonical import parse
from ledger.directory.opening import open_reader
from ledger.entries.leaf import read_leaf
from tests.api.asking import Client
from tests.api.story import EVIL, Told

LISTS = {"donations": "donation", "payments": "payment", "deliveries": "delivery", "receipts": "receipt", "feedback": "feedback"}


def cny(minor: int) -> dict:
    return {"minor": minor, "unit": "CNY", "exponent": 2}


def names(told: Told, kind: str = "") -> list[str]:
    """The records of a kind, or all, read from the entries themselves."""
    store, _ = open_reader(told.directory)
    with store:
        leaves = [read_leaf(raw) for raw in store.entries(0, store.tree_size)]
    return [
        f"{leaf.entry.index}.{number}" for leaf in leaves for number, record in enumerate(leaf.statement.records)
        if kind in ("", record.kind)
    ]  # fmt: skip


@pytest.mark.parametrize(("path", "kind"), LISTS.items())
def test_every_record_of_a_kind_is_listed_once(told: Told, client: Client, path: str, kind: str):
    wanted = names(told, kind)
    assert wanted
    for order, refs in (("oldest", wanted), ("newest", wanted[::-1])):
        for limit in (1, 7, 500) if len(wanted) < 20 else (70, 500):
            assert [item["ref"] for item in client.items(f"/v1/{path}?order={order}&limit={limit}")] == refs
    for ref in wanted[:3]:
        (item,) = [item for item in client.items(f"/v1/{path}") if item["ref"] == ref]
        assert client.json(f"/v1/{path}/{ref}") == item


def test_every_record_is_listed_as_it_was_signed(told: Told, client: Client):
    items = client.items("/v1/records?limit=500")
    assert [item["ref"] for item in items] == names(told)
    for item in items:
        entry, _, number = item["ref"].partition(".")
        whole = client.json(f"/v1/entries/{entry}")
        assert item["record"] == whole["statement"]["records"][int(number)]
        assert (item["party"], item["time"]) == (whole["party"], whole["time"])
        flows = [flow for flow in whole["flows"] if flow["record"] == int(number)]
        assert item["units"] == [{name: flow[name] for name in ("sign", "tape", "start", "end")} for flow in flows]


def test_a_gift(told: Told, client: Client):
    gift = client.json(f"/v1/donations/{told.refs['gift']}")
    assert gift == {
        "ref": "6.0", "party": "hope", "time": "2026-09-07T10:00:00Z", "fund": "school", "amount": cny(5000),
        "received_on": "2026-09-07", "channel": "cash", "channel_ref": None, "fee": cny(200), "fee_to": "till", "holder": None,
        "private": [], "replaces": None,
        "units": [
            {"sign": "+", "tape": "school/CNY", "start": 0, "end": 4800},
        ],
        "void_by": None, "void_on": None, "void_reason": None, "breach_findings": [], "breach_reason": None,
    }  # fmt: skip


def test_a_payment_and_what_became_of_it(told: Told, client: Client):
    paid, bought = (client.json(f"/v1/payments/{told.refs[name]}") for name in ("paid", "bought"))
    assert (paid["amount"], paid["returned"], paid["acknowledged"]) == (cny(700), cny(100), cny(600))
    assert paid["levels"] == [{"level": "self-declared", "amount": cny(600)}]
    assert (paid["receipts"], paid["returns"], paid["feedback"], paid["reported"]) == (["11.0"], ["11.1"], ["12.0"], cny(600))
    assert (bought["acknowledged"], bought["levels"], bought["returned"]) == (
        cny(400), [{"level": "recipient-signed", "amount": cny(400)}], cny(0),
    )  # fmt: skip
    assert bought["goods"] == [
        {"fund": "books", "quantity": {"minor": 3, "unit": "box", "exponent": 0}, "cost": cny(200)},
        {"fund": "store", "quantity": {"minor": 70, "unit": "mask", "exponent": 0}, "cost": cny(300)},
    ]


def test_a_receipt_of_the_same_statement_has_a_whole_reference(told: Told, client: Client):
    receipts = client.items("/v1/receipts")
    assert {receipt["of"] for receipt in receipts} == {told.refs[name] for name in ("bought", "paid", "granted")}
    about = client.items(f"/v1/receipts?about={told.refs['bought']}")
    assert about == [item for item in receipts if item["of"] == told.refs["bought"]]


def test_parties_and_their_keys(client: Client):
    parties = {party["id"]: party for party in client.items("/v1/parties")}
    assert list(parties) == sorted(parties) == ["hope", "op", "press", "river", "shop", "till"]
    assert parties["hope"] == {
        "id": "hope", "name": "Hope 希望", "entity": "organisation", "identifier": None, "roles": ["charity"], "officers": ["li"],
        "entry": 2,
    }  # fmt: skip
    assert [party["id"] for party in client.items("/v1/parties?role=charity")] == ["hope", "river"]
    assert parties["op"]["roles"] == ["operator"] and parties["press"]["officers"] == []
    for id in parties:
        whole = client.json(f"/v1/parties/{id}")
        assert [key["officer"] for key in whole["keys"]] == parties[id]["officers"]
        assert all(key["until"] is None and len(base64.b64decode(key["key"])) == 32 for key in whole["keys"])


def test_a_project_says_what_it_promised(client: Client):
    school = client.json("/v1/projects/school")
    assert (school["name"], school["purpose"]) == ("School 学校", "Desks & <books>")
    assert (school["owner"], school["place"]) == ("hope", "CN-51")
    assert (school["receipt_days"], school["feedback_days"], school["goal"]) == (5, 20, [cny(90000)])
    assert school["cost_limits"] == [{"cost_class": "administration", "numerator": 1, "denominator": 10}]
    assert (school["funds"], school["activities"]) == (["school", "books", "desks", "store"], ["books", "desks"])
    assert client.items("/v1/projects?charity=river") == [] and len(client.items("/v1/projects?charity=hope")) == 1


def test_entries_are_given_to_the_byte(told: Told, client: Client):
    store, _ = open_reader(told.directory)
    with store:
        entries = list(store.entries(0, store.tree_size))
    listed = client.items("/v1/entries?limit=100")
    assert [entry["index"] for entry in listed] == list(range(len(entries)))
    assert [entry["index"] for entry in client.items("/v1/entries?limit=99&order=newest")] == list(range(len(entries)))[::-1]
    for index in (0, 5, 9, len(entries) - 1):
        raw, whole = client.get(f"/v1/entries/{index}/raw"), client.json(f"/v1/entries/{index}")
        assert raw.headers["content-type"] == "application/octet-stream"
        assert raw.content == base64.b64decode(whole["raw"]) == entries[index]
        value = parse(raw.content)
        assert whole["statement"] == value["statement"] and whole["signatures"] == value["signatures"]
        assert [list(flow.values()) for flow in whole["flows"]] == value["flows"]
        assert {name: whole[name] for name in listed[index]} == listed[index]
        assert (whole["kinds"], whole["records"]) == (
            sorted({record["kind"] for record in value["statement"]["records"]}), len(value["statement"]["records"]),
        )  # fmt: skip


def test_the_forms_of_a_list_say_the_same(client: Client):
    page = client.get("/v1/parties").json()
    lines = client.get("/v1/parties", accept="application/x-ndjson")
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["id"] for line in lines.text.splitlines()] == [item["id"] for item in page["items"]]
    sheet = client.get("/v1/parties?format=csv")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == [item["id"] for item in page["items"]]
    assert [json.loads(row["roles"]) for row in rows] == [item["roles"] for item in page["items"]]


def test_a_name_that_is_a_formula_is_none_in_a_sheet(client: Client):
    """A vendor chose it; who opens the list in a spreadsheet runs nothing."""
    assert [party["name"] for party in client.items("/v1/parties") if party["id"] == "shop"] == [EVIL]
    sheet = client.get("/v1/parties?format=csv").content.decode("utf-8-sig")
    assert f'"\'{EVIL}"' in sheet and f'"{EVIL}' not in sheet
    records = client.get("/v1/payments?format=csv").content.decode("utf-8-sig")
    assert "\"'+paper\"" in records


def test_parquet_of_a_list(client: Client):
    parquet = pytest.importorskip("pyarrow.parquet")
    answer = client.get("/v1/donations", accept="application/vnd.apache.parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    table = parquet.read_table(io.BytesIO(answer.content))
    items = client.items("/v1/donations")
    assert table.column("ref").to_pylist() == [f"#{item['ref']}" for item in items]
    assert table.column("amount_minor").to_pylist() == [item["amount"]["minor"] for item in items]
    assert table.column("fee_minor").to_pylist() == [item["fee"]["minor"] for item in items]


def test_conditions_have_to_hold_together(told: Told, client: Client):
    def refs(more: str) -> list[str]:
        return [item["ref"] for item in client.items(f"/v1/payments?{more}")]

    assert refs("fund=books") == ["8.0", "9.0", "22.0"], "what it paid, and what was bought for it"
    assert refs("fund=books&party=press&project=school") == ["8.0", "22.0"]
    assert refs("fund=books&party=river") == [] == refs("fund=nothing") == refs("project=nothing") == refs("about=9.0")
    assert refs("party=river") == [told.refs["granted"]] and refs("fund=aid") == []
    assert [item["ref"] for item in client.items("/v1/receipts?fund=aid")] == ["19.1"]
    assert client.items("/v1/records?kind=nothing") == []
