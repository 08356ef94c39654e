"""A transcript: commands with what they print, run one after the other in an empty directory.

    # a comment
    $ givetrail trace 5.0                a command; the program runs in this process, anything else in a shell
    < {"kind": …}                        a line of its stdin
    10.00 CNY, given on <day> …          a line of its stdout
    ! error: …                           a line of its stderr
    = 2                                  its exit code, where it is not 0
    ...                                  any number of lines

`$ export NAME=VALUE` sets a variable for what follows. The words in MARKS (`<hash>`, `<day>` and so on) stand for what differs from
run to run. A command of the program that fails must leave every ledger as it was: the runner compares the bytes of its files.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from cli.main import cli

MARKS = {
    "<hash>": "[0-9a-f]{64}",
    "<key>": "[A-Za-z0-9+/]{43}=",
    "<vkey>": "[0-9a-f]{8}[+][A-Za-z0-9+/=]{44}",
    "<base64>": "[A-Za-z0-9+/=]+",
    "<uuid>": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "<time>": "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    "<day>": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "<number>": "[0-9]+",
    "<path>": "[^ ]+",
    "<any>": ".*",
}
MARK = re.compile("|".join(map(re.escape, MARKS)))
KEPT = ("ledger.sqlite", "unique.index", "checkpoint", "trust.policy")


class Step(NamedTuple):
    """One command and what is expected of it; `line` is where it stands."""

    line: int
    command: str
    stdin: str
    stdout: list[str]
    stderr: list[str]
    exit_code: int


class Ended(NamedTuple):
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


def read_steps(text: str) -> Iterator[Step]:
    """The steps of a transcript."""
    step: Step | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("$ "):
            if step is not None:
                yield step
            step = Step(number, line[2:], "", [], [], 0)
        elif line.startswith("#") or (not line and step is None):
            continue
        elif step is None:
            raise ValueError(f"line {number}: stands before the first command")
        elif line.startswith("< "):
            step = step._replace(stdin=f"{step.stdin}{line[2:]}\n")
        elif line.startswith("= "):
            step = step._replace(exit_code=int(line[2:]))
        elif line.startswith("!"):
            step.stderr.append(line[2:])
        else:
            step.stdout.append(line)
    if step is not None:
        yield step


# An import that met known rows which differ ends with 6 after it entered the others, and says how many.
ENTERED = re.compile("[1-9][0-9]* entered")


def run_program(words: list[str], stdin: str = "") -> Ended:
    """Run the program in this process. An error that nobody foresaw is raised."""
    result = CliRunner().invoke(cli, words, input=stdin, prog_name="givetrail")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def fingerprints(directory: Path) -> dict[str, str]:
    """The bytes of every ledger below a directory, as digests."""
    found = sorted(path for name in KEPT for path in directory.rglob(name))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def run_transcript(path: Path, directory: Path, setenv) -> None:
    """Run a transcript in `directory`, which is the working directory; `setenv(name, value)` sets a variable."""
    for step in read_steps(path.read_text(encoding="utf-8")):
        where = f"{path.name}:{step.line}: $ {step.command}"
        if step.command.startswith("export "):
            setenv(*step.command.removeprefix("export ").split("=", 1))
            continue
        before = fingerprints(directory)
        ended = _run(step)
        compare(where, step, ended)
        if ended.exit_code and step.command.startswith("givetrail ") and not ENTERED.search(ended.stdout):
            assert fingerprints(directory) == before, f"{where}\nfailed, and changed a ledger"


def _run(step: Step) -> Ended:
    words = shlex.split(step.command)
    if words[0] == "givetrail":
        return run_program(words[1:], step.stdin)
    done = subprocess.run(["sh", "-c", step.command], input=step.stdin, capture_output=True, text=True, check=False)
    return Ended(done.returncode, done.stdout, done.stderr)


def compare(where: str, step: Step, ended: Ended) -> None:
    """Complain where a command ended otherwise than its transcript says."""
    for name, wanted, got in (("stdout", step.stdout, ended.stdout), ("stderr", step.stderr, ended.stderr)):
        expected = "\n".join(wanted).rstrip("\n").split("\n")
        pattern = "".join("(?:.*\n)*?" if line == "..." else f"{_pattern(line)}\n" for line in expected)
        told = f"{where}\n{name} was:\n{got}\n{name} should be:\n" + "\n".join(expected) + f"\nstderr was:\n{ended.stderr}"
        assert re.fullmatch(pattern, got.rstrip("\n") + "\n"), told
    assert ended.exit_code == step.exit_code, f"{where}\nexit {ended.exit_code}, not {step.exit_code}\n{ended.stderr}"


def _pattern(line: str) -> str:
    parts, at = [], 0
    for mark in MARK.finditer(line):
        parts += [re.escape(line[at : mark.start()]), MARKS[mark.group()]]
        at = mark.end()
    return "".join([*parts, re.escape(line[at:])])
