"""Overseers who signed for others, and whom the verifier knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.audit.overseers import MAX_OVERSEERS_BYTES, parse_overseers, unknown
from ledger.audit.verify import verify
from ledger.errors import FormatError, SizeError
from ledger.log_files.source import FolderSource
from tests.audit.mirror import make_small
from tests.language import Ledger, a_ledger, key_text
from tests.writer.on_disk import TRUST

SIGNED_FOR_OTHERS = """
    op: party river charity xu
    op by chief, auditco.zhou, river.new: recovery river new
"""


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger()


def found(ledger: Ledger, known: Any = ()) -> list[tuple[int, str]]:
    return [(finding.entry, finding.message.split(" ")[0]) for finding in unknown(ledger.books.overseer, known)]


def test_an_overseer_is_found_once_at_the_first_statement_of_another_that_it_signed(ledger: Ledger):
    assert found(ledger) == []
    first = len(ledger.play(SIGNED_FOR_OTHERS).leaves) - 1
    ledger.play("hope: donation 5.00 CNY -> school")
    ledger.play("hope by li, auditco.zhou: write-off 1.00 CNY school")
    assert found(ledger) == [(first, "auditco")]
    assert found(ledger, {("auditco", key_text("auditco.zhou"))}) == []


def test_a_key_is_known_under_its_party_only(ledger: Ledger):
    first = len(ledger.play(SIGNED_FOR_OTHERS).leaves) - 1
    assert found(ledger, {("hope", key_text("auditco.zhou")), ("auditco", key_text("hope.li"))}) == [(first, "auditco")]


def test_what_an_overseer_says_itself_and_what_others_sign_is_not_found(ledger: Ledger):
    ledger.play("""
        auditco: project reading restricted; activity clubs reading
        auditco: feedback readers 2 activity=clubs from_day=2026-09-01 to_day=2026-09-02
        shop: key-revocation shop.sun reason=lost
    """)
    assert found(ledger) == []


def test_an_overseer_that_reports_on_what_others_do_is_found(ledger: Ledger):
    reported = len(ledger.play("auditco: feedback readers 2 activity=books from_day=2026-09-01 to_day=2026-09-02").leaves) - 1
    assert found(ledger) == [(reported, "auditco")]


def test_a_file_names_them_line_by_line():
    key = key_text("auditco.zhou")
    assert parse_overseers(f"# ours\n\nauditco {key}\n  bureau\t{key}\r\n".encode()) == {("auditco", key), ("bureau", key)}
    assert parse_overseers(b"") == frozenset()


@pytest.mark.parametrize("line", ["auditco", "auditco key", "Auditco {key}", "auditco {key} more", "log {key}=", "\xff {key}"])
def test_another_line_is_refused_with_its_number(line: str):
    with pytest.raises(FormatError, match="line 2 ") as refused:
        parse_overseers(f"# ours\n{line.format(key=key_text('auditco.zhou'))}".encode("latin-1"))
    assert refused.value.rule == "overseers"


def test_a_file_too_large_is_refused():
    with pytest.raises(SizeError):
        parse_overseers(b"#" * (MAX_OVERSEERS_BYTES + 1))


def test_a_verification_reports_them_where_it_is_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    said = f"op: unit CNY 2; party auditco auditor zhou\n {SIGNED_FOR_OTHERS}"
    source = FolderSource(make_small(tmp_path, said, "").folder)
    for overseers, rules in ((None, {"recovery"}), ((), {"recovery", "overseer-unknown"}),
                             ({("auditco", key_text("auditco.zhou"))}, {"recovery"})):  # fmt: skip
        report = verify(source, TRUST, overseers=overseers)
        assert ({finding.rule for finding in report.findings}, report.exit_code) == (rules, 0)


@pytest.mark.parametrize(
    "said",
    ["rate USD CNY ratio=7/1 day=2026-09-07",
     "requirement jurisdiction=CN name=fee/custodian ratio=1/10 from_day=2026-01-01 basis=B",
     "relation of=hope to=shop nature=founder starts_on=2026-09-01"],
)  # fmt: skip
def test_an_overseer_who_says_what_others_are_judged_by_is_found(ledger: Ledger, said: str):
    first = len(ledger.play(f"auditco: {said}").leaves) - 1
    assert found(ledger) == [(first, "auditco")]
    assert found(ledger, {("auditco", key_text("auditco.zhou"))}) == []


def test_an_overseer_who_confirms_what_another_paid_is_found_and_a_sponsor_is_not(ledger: Ledger):
    ledger.play("""
        hope: donation 5.00 CNY -> school
        hope: payment 5.00 CNY school -> shop as paid
        friends: receipt 1.00 of ^paid third-party
        shop: receipt 1.00 of ^paid recipient-signed
    """)
    assert found(ledger) == []
    first = len(ledger.play("auditco: receipt 4.00 of ^paid third-party").leaves) - 1
    assert found(ledger) == [(first, "auditco")]


def test_a_relation_of_an_overseer_itself_is_its_own(ledger: Ledger):
    ledger.play("auditco: relation of=auditco to=shop nature=founder starts_on=2026-09-01")
    assert found(ledger) == []
