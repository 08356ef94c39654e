"""What is shown: foreign text cannot move the cursor, tables line up, JSON is one document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.screen import as_utf8, pace, plain, table
from tests.cli.transcript import run_program


@pytest.mark.parametrize(("text", "shown"), [
    ("希望 é 👩‍👩‍👧", "希望 é 👩‍👩‍👧"), ("a\nb", "a\\nb"), ("a\x1b[31mb", "a\\x1b[31mb"),
    ("a\x9bb", "a\\x9bb"), ("a\x7fb", "a\\x7fb"), ("a\u202eb", "a\\u202eb"), ("Ho\u00adpe", "Ho\\xadpe"),
    ("Ho\u200dpe", "Ho\\u200dpe"), ("Hope\U000e0041", "Hope\\U000e0041"), ("Ho\ufe0fpe", "Ho\\ufe0fpe"),
    ("می\u200cخواهم", "می\u200cخواهم"), ("葛\U000e0100城", "葛\U000e0100城"), ("ไทย\u200bไทย", "ไทย\u200bไทย"),
    ("希\u200d望", "希\\u200d望"), ("a\u3164b", "a\\u3164b"), ("❤\ufe0f", "❤\ufe0f"), ("a\u2028b", "a\\u2028b"),
    ("a\tb\r", "a\\tb\\r"), ("\ud800", "\\ud800"), (7, "7"),
])  # fmt: skip
def test_foreign_text_is_harmless(text: object, shown: str):
    assert plain(text) == shown


def test_columns_line_up():
    assert table([("a", "bb", ""), ("ccc", "d", "e")], right=(1,)) == ["a    bb", "ccc   d  e"]


def test_words_are_read_as_utf8():
    assert as_utf8("é") == "é"
    assert as_utf8("\udcff") == "\udcff"


def test_a_name_cannot_forge_a_verdict(ledger: Path):
    name = "Paper\nverified\x1b[2J"
    assert run_program(["party", "add", "forger", "--name", name, "--role", "vendor"]).exit_code == 2
    record = {"kind": "party", "id": "forger", "entity": "organisation", "roles": ["vendor"], "name": "Paper\nverified\u009b2J"}
    assert run_program(["record", "--party", "operator", "--file", "-"], json.dumps(record)).exit_code == 2
    record["name"] = "Paper\u2066deifirev\u202e\u00adx"
    assert run_program(["record", "--party", "operator", "--file", "-"], json.dumps(record)).exit_code == 0
    assert "Paper\\u2066deifirev\\u202e\\xadx" in run_program(["party", "list"]).stdout


COMMANDS = [
    ["init"], ["key"], ["key", "new"], ["key", "list"], ["key", "add"], ["key", "revoke"], ["party"], ["party", "add"],
    ["party", "list"], ["record"], ["record", "donation"], ["import"], ["import", "gifts"], ["import", "360giving"], ["approve"],
    ["trace"], ["verify"], ["explain", "none"], ["proof"], ["export"], ["rebuild"], ["scrub"], ["demo"], ["serve"], [],
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_failure_is_one_document(desk: Path, words: list[str]):
    """Each of these lacks an argument, an option, or a ledger."""
    ended = run_program([*words, "--json"])
    document = json.loads(ended.stdout)
    assert ended.exit_code == 2 and set(document) == {"error", "message", "where"}
    assert ended.stderr == ""


def test_json_before_the_command(desk: Path):
    assert json.loads(run_program(["--json", "trace", "7.0"]).stdout)["error"] == "usage"
    assert json.loads(run_program(["explain", "overdraft", "--json"]).stdout)["id"] == "overdraft"
    assert run_program(["explain", "--", "--json"]).stdout == ""


def test_the_pace_is_what_was_done_and_what_is_left():
    assert pace(600, 1_000, 2.0) == ", 300 a second, 0:03 left"
    assert pace(1, 3_725, 1.0) == ", 1 a second, 62:05 left"
    assert pace(0, 10, 1.0) == pace(5, 10, 0.0) == ""
