"""What the README tells a newcomer to type, typed in a new clone by a shell: *Start*, then *What it looks like*."""

from __future__ import annotations

import re
import socket
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docs.console import alike, steps
from tests.install.clone import Clone
from tests.install.locks import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
START = README.partition("## Start")[2].partition("```sh\n")[2].partition("```")[0].splitlines()
OLDEST_PIP = "22.3"
SERVING = re.compile(r"http://127\.0\.0\.1:\d+")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(clone: Clone, command: str) -> Iterator[str]:
    """The address at which a command serves; the port is another than the command's, which may be taken here."""
    server = clone.start(f"{command} --port {free_port()}")
    try:
        yield next(match[0] for line in server.stdout if (match := SERVING.search(line)))
    finally:
        server.terminate()
        server.communicate(timeout=30)


def read(address: str) -> str:
    return urllib.request.urlopen(address, timeout=30).read().decode()


def follow_start(clone: Clone) -> None:
    make, verify, serve = START
    assert re.search(r"^build/demo/export as of 2\S+: verified, unwitnessed, with ", clone.run(make), re.MULTILINE)
    assert clone.run(verify).endswith("verified, unwitnessed\n")
    command, _, told = serve.partition("#")
    path = re.search(r"http://127\.0\.0\.1:8000(/\S+?),", told)[1]
    with served(clone, f"exec {command.strip()}") as address:
        assert re.search(r"<title>[^<]*58\.0", read(address + path))


def look(clone: Clone) -> None:
    """A variable that is exported holds for the commands after it."""
    shell = "set -e\n"
    for step in steps(README):
        if step.command.startswith("export "):
            shell += f"{step.command}\n"
        else:
            printed = clone.run(f"{shell}{step.command}", may_fail="error: " in step.output)
            assert alike(printed) == alike(step.output), f"$ {step.command}"


def test_a_newcomer_types_what_the_readme_says(tmp_path: Path):
    clone = Clone(tmp_path)
    follow_start(clone)
    look(clone)


@pytest.mark.long
@pytest.mark.parametrize("target", ["demo", "env"])
def test_the_oldest_pip_installs_the_same(target: str, tmp_path: Path):
    """That of Python 3.11.0. Where it differs in what it installs, `pip check` or the demonstration fails."""
    clone = Clone(tmp_path)
    clone.run(f"PIP_VERSION={OLDEST_PIP} make {target}")
    assert "givetrail" in clone.run(".venv/bin/givetrail --version")


@pytest.mark.long
def test_the_newest_versions_that_are_allowed_work(tmp_path: Path):
    """`pip install .` resolves, on purpose: an environment of one's own gets what was published last."""
    clone = Clone(tmp_path)
    clone.run(f"{sys.executable} -m venv own && own/bin/pip install --quiet . && rm -rf ledger api cli")
    clone.run("cd own && bin/givetrail demo demo --gifts 200 && bin/givetrail proof 58.0 --ledger demo -o gift.json")
    assert clone.run("cd own && bin/givetrail verify gift.json --trust demo/trust.policy").endswith("verified, unwitnessed\n")
    with served(clone, "cd own && exec bin/givetrail serve --ledger demo") as address:
        assert all(read(address + path) for path in ("/", "/g/58.0", "/v1/donations/58.0", "/v1/openapi.json"))
