"""The first commands that the README gives: each is one, and what they name is what the one before leaves."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from cli.main import cli

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
START = README.partition("## Start")[2].partition("```sh\n")[2].partition("```")[0].splitlines()


def words_of(line: str) -> list[list[str]]:
    """The program's commands in a line, without the program."""
    parts = shlex.split(line, comments=True)
    commands, rest = [], parts
    while ".venv/bin/givetrail" in rest:
        rest = rest[rest.index(".venv/bin/givetrail") + 1 :]
        commands.append(rest[: rest.index("&&")] if "&&" in rest else rest)
    return commands


def test_a_gift_is_seen_and_verified_in_three_lines():
    assert len(START) == 3 and START[0].startswith("make demo")
    named = [words[0] for line in START for words in words_of(line)]
    assert named == ["proof", "verify", "serve"]
    proof, verify = words_of(START[1])
    assert proof[proof.index("-o") + 1] == verify[1] and proof[1] in START[2]
    assert verify[verify.index("--trust") + 1] == f"{proof[proof.index('--ledger') + 1]}/trust.policy"


@pytest.mark.parametrize("words", [words for line in START for words in words_of(line)], ids=lambda words: words[0])
def test_every_command_has_the_options_that_it_needs(words: list[str]):
    cli.get_command(click.Context(cli), words[0]).make_context(words[0], words[1:])


def test_they_work_on_a_ledger(ledger: Path, run: Any):
    """With its gift and its directory for those of the demonstration."""
    for words in words_of(START[1]):
        ended = run(*[re.sub("build/demo", "L", word).replace("46.0", "7.0") for word in words])
        assert ended.exit_code == 0, ended.stderr
    assert ended.stdout.endswith("verified\n")
