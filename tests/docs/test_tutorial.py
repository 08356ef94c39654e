"""The tutorial and the README run as they stand there: every command of its console blocks, with the output below it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from cli.main import cli

PAGE = Path(__file__).parents[2] / "docs/tutorial/first-ledger.md"
README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What differs from run to run, each with the word that stands for it when outputs are compared.
VARIES = (
    (re.compile(r"[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}"), "<log key>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"\b2[0-9]{3}-[0-9]{2}-[0-9]{2}\b"), "<day>"),
    (re.compile(r"\bkey hope/2[0-9]{3}\b"), "key hope/<year>"),
    (re.compile(r"\b[0-9]+ bytes\b"), "<number> bytes"),
)


class Step(NamedTuple):
    """A command, and what the page says it prints."""

    command: str
    output: str


def steps(page: str) -> Iterator[Step]:
    """The commands of the page's console blocks; one that ends in a backslash goes on in the next line."""
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = re.sub(r"\\\n\s*", "", part).partition("\n")
            yield Step(command, output)


def alike(output: str) -> str:
    """An output with what varies replaced."""
    for varying, word in VARIES:
        output = varying.sub(word, output)
    return output.rstrip("\n")


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


@pytest.mark.parametrize("page", [PAGE, README], ids=lambda page: page.stem)
def test_the_page_runs_as_it_stands(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    for name in [name for name in os.environ if name.startswith("GIVETRAIL_") and name != "GIVETRAIL_STATE"]:
        monkeypatch.delenv(name)
    for step in steps(page.read_text(encoding="utf-8")):
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
