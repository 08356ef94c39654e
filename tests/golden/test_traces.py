"""The golden traces: what the ledger says of every gift, against the file, and against a count of single units with a pencil."""

from __future__ import annotations

import pytest

from ledger.bundle.trace_bundle import ranges_of
from ledger.bundle.verification import verify_bundle
from ledger.canonical import parse

from .make import AS_OF
from .pencil import Pencil
from .reading import GOLDEN, golden, golden_entries, golden_policy

TRACES = golden("traces.json")
BUNDLES = golden("report.json")["bundles"]


@pytest.fixture(scope="module")
def pencil() -> Pencil:
    return Pencil(golden_entries())


def test_every_gift_is_followed():
    gifts = [
        f"{entry['index']}.{number}"
        for entry in map(parse, golden_entries())
        for number, record in enumerate(entry["statement"]["records"])
        if record["kind"] == "donation"
    ]
    assert [trace["gift"] for trace in TRACES["gifts"]] == gifts
    assert TRACES["as_of"] == AS_OF == golden("report.json")["as_of"]


@pytest.mark.parametrize("trace", TRACES["gifts"], ids=lambda trace: trace["gift"])
def test_a_trace_says_of_every_unit_what_the_pencil_says(trace, pencil):
    """The ranges tile the gift, and each unit of a range is where, and in the state, that the pencil finds."""
    units = pencil.gift(trace["gift"])
    assert len(units) == trace["amount"] == sum(trace["totals"].values())
    at = 0
    for piece in trace["ranges"]:
        assert piece["start"] == at < piece["end"]
        at = piece["end"]
        for state, path, tape, unit in units[piece["start"] : piece["end"]]:
            assert (state, list(path), tape) == (piece["state"], piece["path"], piece["tape"])
            assert piece["at"][0] <= unit < piece["at"][1]
    assert at == trace["amount"]
    states = [state for state, *_ in units]
    assert {state: states.count(state) for state in set(states)} == trace["totals"]


def test_every_state_of_a_gift_is_there():
    assert {state for trace in TRACES["gifts"] for state in trace["totals"]} == {
        "held", "allocated", "paid", "received", "reported", "disputed", "fee", "refunded", "covered", "written-off", "void",
    }  # fmt: skip


@pytest.mark.parametrize("trace", TRACES["backward"], ids=lambda trace: f"{trace['of']}-{trace['tape']}-{trace['start']}")
def test_what_stands_behind_a_payment_leads_to_it(trace, pencil):
    """The origins cover the units, none comes from within the ledger, and the units of each lead back to where the trace began."""
    covered = {unit for origin in trace["origins"] for unit in range(origin["start"], origin["end"])}
    assert covered == set(range(trace["start"], trace["end"]))
    for origin in trace["origins"]:
        assert pencil.records[origin["ref"]]["kind"] in ("donation", "income")
        for unit in range(*origin["at"]):
            assert pencil.reached(origin["tape"], unit, trace["tape"]) & set(range(origin["start"], origin["end"])), (origin, unit)


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_a_bundle_follows_its_gift_as_the_log_does(name):
    report = verify_bundle((GOLDEN / f"{name}.json").read_bytes(), golden_policy())
    expected = BUNDLES[name]
    (trace,) = [trace for trace in TRACES["gifts"] if trace["gift"] == expected["gift"]]
    assert (report.verdict, report.exit_code, report.findings) == (expected["verdict"], expected["exit"], ())
    assert report.trace is not None and report.trace.ref == expected["gift"]
    assert ranges_of(report.trace) == trace["ranges"] == golden(f"{name}.json")["ranges"]
    assert report.trace.totals() == trace["totals"]
