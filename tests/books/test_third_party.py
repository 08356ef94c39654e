"""Who cannot be a third party (books §2): the owner's second, whoever works for the project, and whose grant it was."""

from __future__ import annotations

import pytest

from tests.language import Ledger, a_ledger

REFUSED = "! authority: receipt by gazette: third-party: "


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        op: party gazette vendor pat books_from=2026-01-01; party poor beneficiary; party till2 vendor
        gazette: fund presses restricted; donation 50.00 CNY -> presses
        hope: donation 100.00 CNY -> school; payment 10.00 CNY school -> till2 as paid
    """)


def test_somebody_else_is_one(ledger: Ledger):
    ledger.play("gazette: receipt 1.00 of ^paid third-party")


@pytest.mark.parametrize("before", [
    "hope: activity roof school implementers=gazette",
    "gazette: payment 5.00 CNY presses -> hope grant= as grant\nhope: receipt 5.00 of ^grant into=school",
    "auditco: relation of=gazette to=shop nature=control starts_on=2026-09-01\nhope: activity roof school implementers=shop",
    "auditco: relation of=village to=gazette nature=control starts_on=2026-09-01; "
    "relation of=village to=shop nature=control starts_on=2026-09-01\nhope: activity roof school implementers=shop",
    "hope: mandate second=gazette\n2026-09-11",
])  # fmt: skip
def test_who_has_to_do_with_the_project_is_none(ledger: Ledger, before: str):
    ledger.play(f"{before}\ngazette: receipt 1.00 of ^paid third-party\n{REFUSED}")


def test_who_works_for_another_project_is_one(ledger: Ledger):
    ledger.play("""
        hope: project clinic restricted; activity beds clinic implementers=gazette
        gazette: payment 5.00 CNY presses -> hope grant= as grant
        hope: receipt 5.00 of ^grant into=clinic
        gazette: receipt 1.00 of ^paid third-party
    """)


def test_a_beneficiary_of_the_family_of_a_funder_is_reported(ledger: Ledger):
    ledger.play("""
        gazette: payment 5.00 CNY presses -> hope grant= as grant
        hope: receipt 5.00 of ^grant into=school
        auditco: relation of=gazette to=poor nature=family starts_on=2026-09-01
        hope: payment 1.00 CNY school -> poor
    """)
    assert [remark.fault.rule for remark in ledger.context.remarks] == ["related-beneficiary"]
