"""What a bundle's report says that it did not check; an overseer that signed is known by name only, unless the verifier brings its
key."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.bundle.verification import CLAIMED, OVERSEERS, REMAINING, WHOSE, BundleReport, verify_bundle
from ledger.errors import UsageError
from ledger.findings.report import NO_WITNESSES, NOT_CHECKED
from ledger.log.note import COSIGNATURE, VerifierKey
from ledger.log.policy import Policy, Witness
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small, make_small
from tests.language import key_text
from tests.verifier.asking import Case, check_alike, reports
from tests.writer.on_disk import TRUST

PAID = """
    op: unit CNY 2; party hope charity li; party shop vendor; party auditco auditor zhou; party bureau regulator wu
    op: party friends sponsor fan
    hope: project school restricted
    hope: donation 10.00 CNY -> school
    hope: payment 9.00 CNY school -> shop as paid
"""
GIFT = "4.0"
POLICY = f"log {TRUST.logs[0].vkey.format()}\nquorum none\n"
SIGNED = {
    "a receipt of an auditor": ("auditco: receipt 9.00 of ^paid third-party", ["auditco"]),
    "a receipt of a sponsor": ("friends: receipt 9.00 of ^paid third-party", []),
    "a feedback of an auditor": ("auditco: feedback readers 2 payments=^paid", ["auditco"]),
    "a feedback of the payer": ("hope: feedback readers 2 payments=^paid", []),
    "receipts of two overseers": (
        "bureau: receipt 4.00 of ^paid third-party\n    auditco: receipt 1.00 of ^paid third-party",
        ["auditco", "bureau"],
    ),
    "a loss that an auditor signed": ("hope by li, auditco.zhou: write-off 1.00 CNY school", ["auditco"]),
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    return lambda said: make_small(tmp_path, f"{PAID}    {said}\n", GIFT)


def left(report: BundleReport) -> tuple[str, ...]:
    """What it did not check, besides the money that waits."""
    waits = REMAINING.format(amount="1.00 CNY")
    return tuple(words for words in report.not_checked if words != waits)


@pytest.mark.parametrize("what", SIGNED)
def test_the_overseers_who_signed_are_named(town, what: str):
    said, parties = SIGNED[what]
    small: Small = town(said)
    report = verify_bundle(small.bundle, TRUST)
    named = (OVERSEERS.format(parties=", ".join(parties)),) if parties else ()
    assert (left(report), report.findings) == ((NO_WITNESSES, *named, WHOSE, *CLAIMED), ())
    check_alike([Case(what, small.bundle, POLICY), Case(what, small.bundle, "")])


def test_an_overseer_is_judged_by_the_keys_that_the_verifier_knows(town):
    bundle = town(SIGNED["receipts of two overseers"][0]).bundle
    known = {(name, key_text(key)) for name, key in (("auditco", "auditco.zhou"), ("bureau", "bureau.wu"))}
    for overseers, found in (((), ["bureau", "auditco"]), ({("auditco", key_text("auditco.zhou"))}, ["bureau"]), (known, [])):
        report = verify_bundle(bundle, TRUST, overseers)
        assert [(one.rule, one.kind) for one in report.findings] == [("overseer-unknown", "audit")] * len(found)
        assert [one.message.split(" ")[0] for one in report.findings] == found and report.verdict == "verified"
        assert left(report) == (NO_WITNESSES, WHOSE, *CLAIMED)


def test_witnesses_are_named_only_where_a_policy_asks_for_none(town):
    bundle = town(SIGNED["a receipt of a sponsor"][0]).bundle
    north = VerifierKey("witness.example.org/north", TRUST.logs[0].vkey.public, COSIGNATURE)
    asks = Policy(TRUST.logs, (Witness("north", north),), (), "north")
    assert left(verify_bundle(bundle, None)) == left(verify_bundle(bundle, asks)) == (WHOSE, *CLAIMED)
    assert set(NOT_CHECKED) < set(CLAIMED)


@pytest.mark.parametrize("member", ["donor=friends", "holder=" + "A" * 43])
def test_whose_gift_it_is_is_said_where_the_record_does_not_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member: str):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    small = make_small(tmp_path, PAID.replace("donation 10.00 CNY -> school", f"donation 10.00 CNY -> school {member}"), GIFT)
    assert left(verify_bundle(small.bundle, TRUST)) == (NO_WITNESSES, *CLAIMED)
    check_alike([Case(member, small.bundle, POLICY)])


def test_what_is_overdue_by_now_is_said_of_an_old_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    small = make_small(tmp_path, PAID.replace("school restricted", "school restricted receipt_days=5"), GIFT)
    assert verify_bundle(small.bundle, TRUST).trace.overdue == ()
    report = verify_bundle(small.bundle, TRUST, as_of="2027-06-01")
    assert (report.as_of, [one.stage for one in report.trace.overdue]) == ("2027-06-01", ["receipt"])
    (said,) = check_alike([Case("a", small.bundle, POLICY)], as_of="2027-06-01")
    assert said.as_of == "2027-06-01" and "Receipt for 5.0 is overdue" in said.sentence


def test_a_day_before_the_last_entry_of_a_bundle_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    case = Case("a", make_small(tmp_path, PAID, GIFT).bundle, POLICY)
    (by_itself,) = check_alike([case])
    assert by_itself.as_of == "2026-09-07"
    for day in ("1000-01-01", "2026-09-06", "2026-09-07"):
        assert check_alike([case], as_of=day) == [by_itself]


@pytest.mark.parametrize(
    "day", ["0000-00-00", "0999-12-31", "2026-02-30", "2026-13-01", "3000-01-01", "x", "2026-09-07 ", "2026-09-07\n", "２026-09-07"]
)
def test_what_is_no_day_is_refused(tmp_path: Path, day: str):
    """And it is said what to type."""
    with pytest.raises(UsageError, match="write it as YYYY-MM-DD, such as 2026-09-07") as refused:
        verify_bundle(b"", TRUST, as_of=day)
    with pytest.raises(UsageError, match="write it as YYYY-MM-DD, such as 2026-09-07"):
        verify(FolderSource(tmp_path), TRUST, as_of=day)
    (report,) = reports([Case("a", b"{}", POLICY)], as_of=day)
    (finding,) = report["findings"]
    assert (report["verdict"], finding["id"]) == ("could not verify", refused.value.rule)
    assert finding["message"].endswith("is not a day; write it as YYYY-MM-DD, such as 2026-09-07")
