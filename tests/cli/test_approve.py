"""Officers who sit apart: envelopes go from desk to desk, and the ledger takes what all have signed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.cli.transcript import Ended

Run = Callable[..., Ended]


def test_a_new_party_signs_at_its_own_desk(ledger: Path, run: Run):
    key = json.loads(run("key", "new", "--ledger", "E", "--party", "far", "--officer", "away", "--json").stdout)["key"]
    words = ("record", "party", "--party", "operator", "--id", "far", "--entity", "organisation", "--roles", "vendor")
    words = (*words, "--name", "Far Away", "--keys", f"{key}:away")
    assert "has not signed its introduction" in run(*words).stderr
    assert run(*words, "--sign-only", "-o", "far.dsse").exit_code == 0
    passed_on = run("approve", "far.dsse", "--ledger", "E", "-o", "signed.dsse")
    assert (passed_on.exit_code, passed_on.stdout.startswith("signed.dsse: signed by ")) == (0, True)
    assert run("approve", "signed.dsse", "--submit-only").stdout == "13.0\n"
    assert "far       since 13  vendor             away      Far Away\n" in run("party", "list").stdout


def test_an_envelope_goes_through_pipes(ledger: Path, run: Run):
    gift = ("--fund", "school", "--unit", "CNY", "--amount", "1.00", "--channel", "cash", "--received-on", "2026-09-06")
    made = run("record", "donation", "--party", "hope", "--officer", "ana", *gift, "--sign-only", "-o", "-")
    assert made.stderr == "stdout: signed by hope/ana\n" and json.loads(made.stdout)["payloadType"].endswith("statement.v1+json")
    both = run("approve", "-", "--party", "hope", "--officer", "ben", "-o", "-", stdin=made.stdout)
    assert len(json.loads(both.stdout)["signatures"]) == 2
    assert run("approve", "-", "--submit-only", stdin=both.stdout + "\n").stdout == "13.0\n"


def test_a_bundle_goes_through_pipes(ledger: Path, run: Run):
    bundle = run("proof", "7.0", "-o", "-").stdout
    assert run("verify", "-", "--trust", "L/trust.policy", stdin=bundle).stdout.splitlines()[-1] == "verified, unwitnessed"


def test_the_last_ledger_named_counts(ledger: Path, run: Run):
    assert run("--ledger", "nowhere", "key", "--ledger", "nowhere", "list", "--ledger", "L").exit_code == 0
    assert run("key", "--ledger", "nowhere", "list").exit_code == 2


def test_signing_twice_is_signing_once(ledger: Path, run: Run):
    gift = ("--fund", "school", "--unit", "CNY", "--amount", "1.00", "--channel", "cash", "--received-on", "2026-09-06")
    assert run("record", "donation", "--party", "hope", "--officer", "ana", "--officer", "ana", *gift).stdout == "13.0\n"
    made = run("record", "donation", "--party", "hope", "--officer", "ana", *gift, "--sign-only", "-o", "-").stdout
    again = run("approve", "-", "--party", "hope", "--officer", "ana", "-o", "-", stdin=made).stdout
    assert again == made


def test_signing_only_needs_no_right_to_write(ledger: Path, run: Run):
    """An officer with a copy of the ledger, without the log's key, can sign."""
    shutil.copytree("L", "C")
    Path("C/keys/log.pem").unlink()
    gift = ("--fund", "school", "--unit", "CNY", "--amount", "1.00", "--channel", "cash", "--received-on", "2026-09-06")
    words = ("record", "donation", "--party", "hope", "--officer", "ana", *gift)
    assert run(*words, "--ledger", "C").exit_code == 2
    assert run(*words, "--ledger", "C", "--sign-only", "-o", "gift.dsse").exit_code == 0
    assert run("approve", "gift.dsse", "--submit-only").stdout == "13.0\n"
