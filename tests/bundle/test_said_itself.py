"""What a record of a bundle says itself that it broke: the donor reads it, in both verifiers and in a full audit."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.bundle.verification import BundleReport, verify_bundle
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small, make_small
from tests.verifier.asking import Case, check_alike, reports
from tests.verifier.building import DAY, Values, case, said_anew
from tests.writer.on_disk import TRUST

CLINIC = """
    op: unit CNY 2; party hope charity li; party shop vendor; party auditco auditor zhou
    hope by li, wang, auditco.zhou: key wang
    hope by li, wang: project clinic restricted cost_limits=administration:1/10
    hope: donation 10.00 CNY -> clinic
"""
GIFT = "4.0"
RENT = 'hope by li, wang: payment 2.00 CNY clinic -> shop cost_class=administration "breach=cost-limit:The rent rose"'
OWN = 'hope by li, wang: payment 2.00 CNY clinic -> hope "breach=self-payment:It was paid"'
LIMIT = "the project allows at most 1.00 CNY of administration, but this brings it to 2.00 CNY"
POLICY = f"log {TRUST.logs[0].vkey.format()}\nquorum none\n"
SAID = {
    "that a bundle cannot decide": (RENT, "cost-limit", "breach: hope says so itself: The rent rose"),
    "that a bundle decides": (
        OWN, "self-payment",
        "as far as the bundle shows, payee 'hope': owns the fund that the units leave; hope says so itself: It was paid",
    ),
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    return lambda said: make_small(tmp_path, f"{CLINIC}    {said}\n", GIFT)


def shown(report: BundleReport) -> list[tuple[int, int, str, str, str]]:
    return [(one.entry, one.record, one.rule, one.kind, one.message) for one in report.findings]


@pytest.mark.parametrize("rule", SAID)
def test_a_rule_named_is_one_finding_for_people(town, rule: str):
    said, found, words = SAID[rule]
    small: Small = town(said)
    report = verify_bundle(small.bundle, TRUST)
    assert shown(report) == [(5, 0, found, "audit", words)] and (report.verdict, report.exit_code) == ("verified", 0)


def test_a_rule_is_not_named_in_an_honest_bundle(town):
    report = verify_bundle(town("hope by li, wang: payment 1.00 CNY clinic -> shop cost_class=administration").bundle, TRUST)
    assert report.findings == ()


@pytest.mark.parametrize("rule", SAID)
def test_a_browser_says_the_same(town, rule: str):
    said, found, words = SAID[rule]
    case = Case(rule, town(said).bundle, POLICY)
    check_alike([case])
    ((one,),) = [report["findings"] for report in reports([case])]
    assert (one["id"], one["class"]) == (found, "audit") and one["message"].endswith(words.split("; ", 1)[-1])


@pytest.mark.parametrize("rule", SAID)
def test_a_full_audit_tells_the_reason(town, rule: str):
    said, found, words = SAID[rule]
    (one,) = verify(FolderSource(town(said).folder), TRUST).findings
    assert (one.rule, one.kind) == (found, "audit") and one.message.endswith(words.split("; ", 1)[-1].removeprefix("breach: "))


def test_without_the_signature_that_excuses_it_a_breach_of_approval_is_no_finding_for_people():
    breach = {"findings": ["approval", "cost-limit"], "reason": "Wang was ill"}
    payment = {
        "kind": "payment", "fund": "clinic", "unit": "CNY", "amount": 200, "channel": "cash", "payee": "shop", "breach": breach,
        "cost_class": "administration", "paid_on": DAY,
    }  # fmt: skip

    def play(values: Values) -> None:
        said_anew(values, "hope", "hope.li", [payment], [[0, "-", "clinic/CNY", 0, 200]])

    one = case("a breach that no overseer signed", play, gift=GIFT, said=CLINIC)
    check_alike([one])
    found = {(finding.rule, finding.kind) for finding in verify_bundle(one.bundle, TRUST).findings}
    assert found == {("approval", "broken"), ("cost-limit", "audit")}
