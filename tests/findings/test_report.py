"""What a report says at its end: verdict and exit code, which findings are kept of too many, and how a finding is named."""

from __future__ import annotations

import json
from itertools import product

import pytest

from ledger.findings import report
from ledger.findings.finding import WHOLE, Finding
from ledger.findings.report import Findings, spoken, verdict_of
from ledger.findings.table import RULES

BROKEN, UNKNOWN, AUDIT = (Finding(0, WHOLE, rule, "x") for rule in ("chain", "missing", "exponent"))
FEW = 10


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few findings are too many."""
    monkeypatch.setattr(report, "KEPT_FINDINGS", FEW)


@pytest.mark.parametrize(("whole", "fail"), list(product([True, False], repeat=2)))
def test_what_is_broken_fails_and_what_is_unknown_is_no_verdict(whole: bool, fail: bool):
    assert verdict_of([AUDIT, UNKNOWN, BROKEN], whole, fail) == ("failed", 3)
    assert verdict_of([AUDIT, UNKNOWN], whole, fail) == ("could not verify", 4)


def test_what_is_for_people_to_judge_counts_where_it_was_asked_for():
    assert verdict_of([AUDIT]) == ("verified", 0)
    assert verdict_of([AUDIT], fail_on_audit=True) == ("verified", 5)
    assert verdict_of([AUDIT], whole=False, fail_on_audit=True) == ("partly verified", 5)
    assert verdict_of([], fail_on_audit=True) == ("verified", 0)
    assert verdict_of([], whole=False) == ("partly verified", 7)


@pytest.mark.parametrize("verdict", ["verified", "partly verified", "failed", "could not verify"])
def test_only_what_is_verified_is_called_unwitnessed(verdict: str):
    assert spoken(verdict, True) == verdict
    assert spoken(verdict, False) == (f"{verdict}, unwitnessed" if verdict == "verified" else verdict)


@pytest.mark.parametrize(
    ("entry", "record", "where"), [(WHOLE, WHOLE, "log"), (12, WHOLE, "entry 12"), (12, 3, "12.3"), (0, 0, "0.0"), (1, 1, "1.1")]
)
def test_where_a_finding_is(entry: int, record: int, where: str):
    finding = Finding(entry, record, "chain", "x")
    assert finding.where == where
    assert finding.as_json() == {"id": "chain", "class": "broken", "entry": entry, "record": record, "message": "x"}


def test_every_rule_is_of_a_class_and_says_what_to_do():
    assert {rule.kind for rule in RULES.values()} == set(report.SEVERITY)
    assert all(rule.means and rule.do for rule in RULES.values())
    assert RULES["chain"].do == RULES["inclusion"].do == "Keep a copy of the files as evidence, and ask the operator to explain."


def late(count: int, start: int = 0) -> list[Finding]:
    return [Finding(entry, 0, "overdue-receipt", "x") for entry in range(start, start + count)]


@pytest.mark.parametrize(("count", "left_out"), [(0, 0), (FEW - 1, 0), (FEW, 0), (FEW + 1, 1), (3 * FEW, 2 * FEW)])
def test_of_too_many_findings_the_rest_is_counted(few: None, count: int, left_out: int):
    found = Findings()
    found.add(late(count))
    assert found.all() == tuple(late(min(count, FEW))) and sum(found.left_out.values()) == left_out
    assert found.all() == tuple(late(min(count, FEW))) and sum(found.left_out.values()) == left_out, "and not counted twice"


@pytest.mark.parametrize(("count", "kept"), [(4 * FEW, 4 * FEW), (4 * FEW + 1, FEW)])
def test_memory_is_bounded(few: None, count: int, kept: int):
    found = Findings()
    found.add(late(count))
    assert len(found._kept) == kept and sum(found.left_out.values()) == count - kept


def test_a_finding_counts_once(few: None):
    found = Findings()
    for _ in range(3):
        found.add(late(FEW))
    assert (found.all(), found.left_out) == (tuple(late(FEW)), {})


def test_the_gravest_are_kept_then_what_is_not_late_then_the_earliest(few: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "OF_EACH_RULE", 0)
    graver = [Finding(90, 0, "fee", "x"), Finding(80, 0, "missing", "x"), Finding(70, 0, "exponent", "x")]
    found = Findings()
    found.add([*late(FEW), *graver])
    assert found.all() == (*late(FEW - 3), *reversed(graver)) and found.left_out == {"overdue-receipt": 3}
    found.add([Finding(entry, 0, "fee", "x") for entry in range(100, 100 + FEW - 1)])
    assert {finding.rule for finding in found.all()} == {"fee"}
    assert found.left_out == {"exponent": 1, "missing": 1, "overdue-receipt": FEW}


def test_many_findings_of_one_rule_do_not_hide_those_of_another(few: None, monkeypatch: pytest.MonkeyPatch):
    """Neither graver ones, nor those of authenticity, which come before the others of their class."""
    monkeypatch.setattr(report, "OF_EACH_RULE", 2)
    said = [Finding(entry, 0, rule, "x") for rule in ("fee", "document-twice", "recovery") for entry in range(FEW)]
    found = Findings()
    found.add(said)
    assert [sum(one.rule == rule for one in found.all()) for rule in ("fee", "recovery", "document-twice")] == [6, 2, 2]
    found = Findings()
    found.add(one for one in said if one.rule != "fee")
    assert [sum(one.rule == rule for one in found.all()) for rule in ("recovery", "document-twice")] == [8, 2]
    assert found.left_out == {"document-twice": 8, "recovery": 2}


def test_findings_go_on_where_they_were_saved(few: None):
    found, again = Findings(), Findings()
    found.add(late(FEW + 4))
    again.resume(json.loads(json.dumps(found.save())))
    assert (again.all(), again.left_out) == (tuple(late(FEW)), {"overdue-receipt": 4})
    again.add(late(2, start=50))
    again.all()
    assert again.left_out == {"overdue-receipt": 6}
