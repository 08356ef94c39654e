"""The tutorial runs as it is written: every command of its console blocks, with the output below it."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import cli
from tests.docs.console import Step, alike, steps

PAGE = Path(__file__).parents[2] / "docs/tutorial/first-ledger.md"
README = Path(__file__).parents[2] / "README.md"


def run(command: str, patch: pytest.MonkeyPatch) -> str:
    """What a command prints on a terminal; `export` and `cd` last for those after it."""
    *before, last = command.split(" && ")
    output = "".join(run(part, patch) for part in before)
    words = shlex.split(last)
    if words[0] == "export":
        patch.setenv(*words[1].split("=", 1))
    elif words[0] == "cd":
        patch.chdir(words[1])
    elif words[0] == "givetrail":
        return output + CliRunner().invoke(cli, words[1:], prog_name="givetrail").output
    else:
        return output + subprocess.run(["sh", "-c", last], capture_output=True, text=True, check=True).stdout
    return output


def test_the_page_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    for name in [name for name in os.environ if name.startswith("GIVETRAIL_") and name != "GIVETRAIL_STATE"]:
        monkeypatch.delenv(name)
    for step in steps(PAGE.read_text(encoding="utf-8")):
        assert alike(run(step.command, monkeypatch)) == alike(step.output), f"$ {step.command}"


def test_the_tutorial_leads_from_a_new_ledger_to_a_donor_who_sees_a_forgery():
    commands = [step.command for step in steps(PAGE.read_text(encoding="utf-8"))]
    assert commands[0].startswith("givetrail init ") and "forged" in commands[-1]
    assert 15 <= len(commands) <= 25


def test_the_comparison_can_fail():
    day, other = "given on 2026-11-22: 10.00 CNY", "given on 2027-01-03: 10.00 CNY"
    assert alike(day) == alike(other) != alike(other.replace("10.00", "10.01"))
    (one, two) = steps("```console\n$ a \\\n    b\nout\n\n$ c\n```\n")
    assert (one.command, one.output.strip(), two) == ("a b", "out", Step("c", ""))


def test_the_readme_is_read_in_one_sitting():
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 120
