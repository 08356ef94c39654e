"""A receipt of a level that its party cannot sign: the refusal says why, and which levels it can."""

from __future__ import annotations

import pytest

from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        op: party gazette vendor pat; party bank custodian kim; party kin vendor kit
        hope: donation 100.00 CNY -> school; payment 10.00 CNY school -> shop channel=cash as paid
        kin: relation of=kin to=shop nature=control starts_on=2026-09-01
    """)


@pytest.mark.parametrize(("party", "level", "why"), [
    ("shop", "third-party", "shop received it, so shop is not a third party to 5.1; shop can sign recipient-signed"),
    ("hope", "third-party", "hope made it, so hope is not a third party to 5.1; hope can sign documented or self-declared"),
    ("op", "third-party", "op keeps the ledger, so op is not a third party to 5.1; op can sign none, only holder-signed with"),
    ("kin", "third-party", "kin is related to shop, which received it, so kin is not a third party"),
    ("gazette", "recipient-signed", "gazette is not whom 5.1 went to; gazette can sign third-party"),
    ("bank", "confirmed", "bank is not an unrelated custodian of the channel of 5.1, by the mandate of hope"),
    ("gazette", "self-declared", "gazette did not make 5.1, hope did; gazette can sign third-party"),
])  # fmt: skip
def test_the_refusal_says_why_and_what_it_can(ledger: Ledger, party: str, level: str, why: str):
    ledger.play(f"{party}: receipt 1.00 of ^paid {level}\n! authority: receipt by {party}: {level}: {why}")


def test_the_levels_that_it_names_are_possible(ledger: Ledger):
    ledger.play("""
        hope: mandate channels=cash:bank
        2026-09-20
        gazette: receipt 1.00 of ^paid confirmed
        ! authority: gazette can sign third-party
        gazette: receipt 1.00 of ^paid third-party
        bank: receipt 1.00 of ^paid recipient-signed
        ! authority: bank can sign confirmed or third-party
        bank: receipt 1.00 of ^paid confirmed
    """)
