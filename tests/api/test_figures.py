"""Figures: what comes in goes out or is there, sums agree with one another and with the records."""

from __future__ import annotations

from collections import Counter

from tests.api.addresses import at_size
from tests.api.asking import Client
from tests.api.story import Told


def test_what_came_in_went_out_or_is_there(told: Told, client: Client):
    """Conservation, at every size at which there was a fund."""
    seen = 0
    for size in range(4, 25):
        for fund in client.items(at_size("/v1/funds", size)):
            for tape in client.json(at_size(f"/v1/funds/{fund['id']}", size))["tapes"]:
                left = sum(span["end"] - span["start"] for span in tape["left"])
                assert tape["inflow"]["minor"] == tape["outflow"]["minor"] + tape["balance"]["minor"]
                assert left == tape["balance"]["minor"] and tape["left_ranges"] == len(tape["left"])
                seen += 1
    assert seen > 100


def test_a_fund_is_the_sum_of_its_flows(client: Client):
    """Inflow and outflow are those of the entries, and what a reversal moves undoes the other; gifts are those of the records."""
    flows, gifts = Counter[tuple[str, str]](), Counter[str]()
    for record in client.items("/v1/records?limit=500"):
        for units in record["units"]:
            undoes = record["kind"] == "reversal"
            sign = {"+": "-", "-": "+"}[units["sign"]] if undoes else units["sign"]
            flows[units["tape"], sign] += (units["end"] - units["start"]) * (-1 if undoes else 1)
        if record["kind"] == "donation":
            gifts[f"{record['record']['fund']}/{record['record']['unit']}"] += record["record"]["amount"]
    tapes = [tape for fund in client.items("/v1/funds") for tape in client.json(f"/v1/funds/{fund['id']}")["tapes"]]
    assert {f"{tape['fund']}/{tape['inflow']['unit']}" for tape in tapes} == {tape for tape, _ in flows}
    for tape in tapes:
        name = f"{tape['fund']}/{tape['inflow']['unit']}"
        assert (tape["inflow"]["minor"], tape["outflow"]["minor"]) == (flows[name, "+"], flows[name, "-"])
        assert tape["given"]["minor"] == gifts[name]


def test_a_project_has_the_figures_of_its_funds(client: Client):
    figures = client.json("/v1/projects/school")["figures"]
    funds = [client.json(f"/v1/funds/{id}") for id in ("school", "books", "desks", "store")]
    tapes = [{name: tape[name] for name in figures[0]} for fund in funds for tape in fund["tapes"]]
    assert sorted(figures, key=str) == sorted(tapes, key=str)


def test_sums_agree_whatever_they_are_made_by(told: Told, client: Client):
    gifts = client.items("/v1/donations?limit=500")
    wanted = Counter[str]()
    for gift in gifts:
        wanted[gift["amount"]["unit"]] += gift["amount"]["minor"]
    for by in ("month", "fund", "project", "charity"):
        rows = client.items(f"/v1/statistics/given?by={by}")
        sums = Counter[str]()
        for row in rows:
            sums[row["amount"]["unit"]] += row["amount"]["minor"]
        assert sums == wanted and sum(row["count"] for row in rows) == len(gifts), by
    whole = client.json("/v1/ledger")
    assert {one["amount"]["unit"]: one["amount"]["minor"] for one in whole["given"]} == wanted
    assert sum(one["count"] for one in whole["given"]) == len(gifts)


def test_months_and_filters(client: Client):
    rows = {(row["key"], row["amount"]["unit"]): row for row in client.items("/v1/statistics/given?project=school")}
    assert rows["2026-09", "CNY"]["amount"]["minor"] == 5250 and rows["2026-09", "CNY"]["count"] == 2
    assert rows["2026-10", "CNY"]["count"] == 301
    assert client.items("/v1/statistics/given?charity=river") == []
    paid = {row["key"]: row["amount"]["minor"] for row in client.items("/v1/statistics/paid?by=fund")}
    assert paid == {"books": 700, "school": 500}, "less what came back, and without a grant that was taken"


def test_how_far_gifts_have_come_agrees_with_their_traces(told: Told, client: Client):
    totals = Counter[str]()
    for gift in client.items("/v1/donations?fund=school&limit=500"):
        for total in client.json(f"/v1/donations/{gift['ref']}/trace")["totals"]:
            totals[total["state"]] += total["amount"]["minor"]
    (reach,) = [row for row in client.items("/v1/statistics/reach?project=school") if row["given"]["unit"] == "CNY"]
    states = {state["state"]: state["amount"]["minor"] for state in reach["states"]}
    returned = totals.pop("refunded", 0) + totals.pop("covered", 0)
    assert {state: minor for state, minor in states.items() if minor} == totals
    assert reach["returned"]["minor"] == returned
    assert reach["base"]["minor"] == reach["given"]["minor"] - returned == sum(totals.values())
    assert reach["reported"]["minor"] <= reach["received"]["minor"] <= reach["paid"]["minor"] <= reach["base"]["minor"]


def test_signed_aggregates_are_a_partys_word(client: Client):
    (signed,) = client.items("/v1/statistics/signed")
    assert (signed["party"], signed["fund"], signed["by"], signed["gifts"]) == ("hope", "school", "month", 2)
    assert signed["cells"] == [{"code": "2026-09", "amount": {"minor": 5250, "unit": "CNY", "exponent": 2}, "gifts": 2}]
    (signed,) = client.items("/v1/statistics/regions")
    assert (signed["party"], signed["fund"], signed["amount"]["minor"], signed["gifts"]) == ("hope", "school", 5250, 2)
    assert (signed["from_size"], signed["cells"]) == (0, [{"code": "other", "gifts": 2, "share": 100}])


def test_what_is_late(told: Told, client: Client):
    """The payment of 2 October promised a receipt within 5 days: late from the 8th on."""
    ref = told.refs["late"]
    for asked, day in (("2026-10-07", "2026-10-20"), ("2026-10-20", "2026-10-20"), ("2026-12-08", "2026-12-08")):
        found = [item for item in client.items(f"/v1/findings?as_of={asked}") if item["ref"] == ref]
        assert [(one["id"], one["kind"], one["due_on"], one["as_of"]) for one in found] == (
            [("overdue-receipt", "audit", "2026-10-07", day)]
        ), "a day before the last entry hides nothing"
    days = [item["due_on"] for item in client.items("/v1/findings?as_of=2027-01-01&limit=2")]
    assert days == sorted(days) and len(days) > 2
    assert client.items("/v1/findings?as_of=2027-01-01&charity=river") == []


def test_the_ledger_says_that_it_does_not_audit_itself(client: Client):
    assert "givetrail verify" in client.json("/v1/ledger")["verification"]
    assert "givetrail verify" in client.app.openapi()["paths"]["/v1/findings"]["get"]["description"]


def test_units(client: Client):
    units = {unit["unit"]: (unit["exponent"], unit["name"], unit["entry"]) for unit in client.items("/v1/units?limit=1")}
    assert units == {"CNY": (2, "Yuan", 1), "USD": (2, "Name", 1), "box": (0, "Boxes", 1), "mask": (0, "Name", 1)}
