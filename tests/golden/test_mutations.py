"""Every mutation gives the finding that its file expects, and no other than the file lists: one fault is one finding."""

from __future__ import annotations

import pytest

from ledger.bundle.verification import verify_bundle
from ledger.findings.table import RULES

from .reading import MUTATIONS, classes, golden, golden_policy, places, verify_mutation

# What servers do, what an earlier checkpoint or the token of a stamp tells, what happens to files on their way, and tables beside a
# log: no log is mutated.
NOT_IMPLEMENTED = {
    "unreachable", "future", "overseer-unknown", "unknown-witness", "inclusion-promise", "timestamp", "fork", "transport",
    "derived", "database",
}  # fmt: skip
SUITES = {name: golden(f"mutations/{name}.json") for name in MUTATIONS}
HOLDS = {"nothing", "a party's key", "operator and log keys"}


@pytest.mark.parametrize("name", [name for name, case in SUITES.items() if "entries" in case])
def test_a_mutated_log_gives_its_finding_and_no_other(name, tmp_path):
    case = SUITES[name]
    report = verify_mutation(case, tmp_path)
    assert places(report.findings) == places(case["findings"]), report.findings
    check(case, report)


@pytest.mark.parametrize("name", [name for name, case in SUITES.items() if "bundle" in case])
def test_a_mutated_bundle_gives_its_finding_and_no_other(name):
    case = SUITES[name]
    report = verify_bundle(case["bundle"].encode(), golden_policy(case.get("policy")))
    assert places(report.findings) == places(case["findings"]), report.findings
    check(case, report)


def check(case, report) -> None:
    expect = case["expect"]
    assert classes(report.findings)[expect["id"], expect["entry"], expect["record"]] == expect["class"]
    assert report.exit_code == expect["exit"]
    assert report.verdict == {0: "verified", 3: "failed", 4: "could not verify"}[expect["exit"]]


def test_every_rule_that_can_be_broken_has_a_mutation():
    assert {case["expect"]["id"] for case in SUITES.values()} == set(RULES) - NOT_IMPLEMENTED


def test_the_files_say_what_they_are():
    for name, case in SUITES.items():
        assert case["name"] == name and case["does"].endswith(".") and case["holds"] in HOLDS
        assert (case["holds"] == "nothing") == (not case["signs"]) or name.startswith("checkpoint-signature-of-another"), name
        assert {(case["expect"]["id"], case["expect"]["entry"], case["expect"]["record"])} <= places(case["findings"])


def test_one_fault_is_one_finding():
    """What else is found beside the expected finding, and not in the log as it was, is the exception and is small."""
    own = places(golden("report.json")["findings"])
    beside = {name: places(case["findings"]) - own for name, case in SUITES.items()}
    assert sum(len(found) == 1 for found in beside.values()) > 0.85 * len(beside)
    assert max(map(len, beside.values())) <= 12, beside
