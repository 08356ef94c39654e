"""Who cosigned, as `givetrail verify` prints it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from ledger.log.checkpoint import parse_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import COSIGNATURE, ML_DSA_COSIGNATURE, UnknownKey, VerifierKey, format_note, parse_note
from tests.language import key

NORTH_KEY, SOUTH_KEY = key("north.light"), MLDSAKey.from_seed(b"south" + bytes(27))
NORTH = VerifierKey("witness.example/north", NORTH_KEY.public, COSIGNATURE)
SOUTH = VerifierKey("witness.example/south", SOUTH_KEY.public, ML_DSA_COSIGNATURE)
WEST = UnknownKey("witness.example/west", b"abcd", 0x0A, bytes(32))
AT = 1_795_143_604
LATE = 4_000_000_000
NOT_CHECKED = "Not checked: witness west, because its key is of a type that this version does not know (0x0a)"
SCHEMA = Path(__file__).parents[2] / "docs/reference/report.schema.json"


@pytest.fixture
def cosigned(ledger: Path) -> Path:
    """The ledger, whose checkpoint north (Ed25519) and south (ML-DSA-44) have cosigned; west is of an unknown type."""
    path = ledger / "checkpoint"
    note = parse_note(path.read_bytes())
    head = parse_checkpoint(note.text)
    lines = [cosign(head, AT, NORTH.name, NORTH_KEY), cosign(head, LATE, SOUTH.name, SOUTH_KEY)]
    path.write_bytes(format_note(note.text, [*note.signatures, *lines]))
    return ledger


def trust(ledger: Path, *lines: str) -> str:
    """A policy for the ledger's log with three witnesses."""
    log = next(line for line in (ledger / "trust.policy").read_text().splitlines() if line.startswith("log "))
    named = [f"witness {name} {vkey.format()}" for name, vkey in (("north", NORTH), ("south", SOUTH), ("west", WEST))]
    Path("witnesses.policy").write_text("".join(f"{line}\n" for line in (log, *named, *lines)))
    return "witnesses.policy"


def test_a_log_that_was_cosigned_says_by_whom_and_when(cosigned: Path, run):
    ended = run("verify", "L", "--trust", trust(cosigned, "group two 2 north south west", "quorum two"))
    first, second, *rest = ended.stdout.splitlines()
    assert second == "cosigned by north (2026-11-20 03:00:04 UTC), south (2096-10-02 07:06:40 UTC, ahead of the clock here)"
    assert NOT_CHECKED in rest and (rest[-1], ended.exit_code) == ("verified", 0)
    assert not any(line.startswith("Not checked: witnesses") for line in rest)


def test_a_bundle_that_was_cosigned_says_the_same(cosigned: Path, run):
    assert run("proof", "8.0", "-o", "gift.json").exit_code == 0
    ended = run("verify", "gift.json", "--trust", trust(cosigned, "group two 2 north south west", "quorum two"))
    _, second, *rest = ended.stdout.splitlines()
    assert second == "cosigned by north (2026-11-20 03:00:04 UTC), south (2096-10-02 07:06:40 UTC, ahead of the clock here)"
    assert NOT_CHECKED in rest and (rest[-1], ended.exit_code) == ("verified", 0)


@pytest.mark.parametrize("target", ["L", "gift.json"])
def test_programs_are_told_too(cosigned: Path, run, target: str):
    run("proof", "8.0", "-o", "gift.json")
    words = ("verify", target, "--trust", trust(cosigned, "quorum north"))
    report = json.loads(run(*words, "--json").stdout)
    jsonschema.validate(report, json.loads(SCHEMA.read_text()))
    assert report["cosigned_by"] == [
        {"witness": "north", "key_name": "witness.example/north", "time": "2026-11-20T03:00:04Z", "ahead": False},
        {"witness": "south", "key_name": "witness.example/south", "time": "2096-10-02T07:06:40Z", "ahead": True},
    ]
    assert (report["passed_over"], report["witnessed"], NOT_CHECKED in report["not_checked"]) == (["west"], True, True)
    sarif = json.loads(run(*words, "--format", "sarif").stdout)["runs"][0]["properties"]
    assert (sarif["cosigned_by"], sarif["passed_over"]) == (report["cosigned_by"], ["west"])


def test_a_quorum_that_needs_an_unknown_type_could_not_be_verified(cosigned: Path, run):
    ended = run("verify", "L", "--trust", trust(cosigned, "group all all north south west", "quorum all"))
    assert (ended.stdout.splitlines()[-1], ended.exit_code) == ("could not verify", 4)
    found = "finding: unknown unknown-witness at log: checkpoint 13 of ledger.example/2026: cosigned by north, south, which"
    assert found in ended.stdout
    assert ended.stdout.splitlines()[1].startswith("cosigned by north (")
    assert "type of key" in run("explain", "unknown-witness").stdout


def test_a_time_after_the_last_year_is_said_in_words(cosigned: Path, run):
    note = parse_note((cosigned / "checkpoint").read_bytes())
    line = cosign(parse_checkpoint(note.text), 2**63 - 1, NORTH.name, NORTH_KEY)
    (cosigned / "checkpoint").write_bytes(format_note(note.text, [*note.signatures, line]))
    ended = run("verify", "L", "--trust", trust(cosigned, "quorum north"))
    assert ended.stdout.splitlines()[1].startswith("cosigned by north (after the year 9999, ahead of the clock here), south (")
    assert ended.exit_code == 0


def test_where_nobody_cosigned_there_is_no_such_line(ledger: Path, run):
    assert "cosigned by" not in run("verify", "L", "--trust", "L/trust.policy").stdout
