"""No step that installs something resolves anything: each names files of one version, and their digests."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator

import pytest

from tests.install.locks import ROOT

TARGETS = ("env", "test", "test-strangers", "test-long", "demo", "lint", "generate", "lock")
PROJECT = {"--no-deps", "--no-build-isolation", "--editable", "."}


def steps(*words: str) -> list[str]:
    """The commands that make would run in a new clone."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--always-make", "--dry-run", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.replace("\\\n", " ").splitlines()


def installs(lines: list[str]) -> Iterator[list[str]]:
    """The arguments of each `pip install` among them."""
    for line in lines:
        for part in re.findall(r"pip install\b([^|;&>]*)", line):
            yield shlex.split(part)


def resolves(words: list[str]) -> bool:
    """Whether pip would look for a version by itself: for what was named, or for what that asks for."""
    if "--no-deps" not in words:
        return True
    locked = {"--require-hashes", "-r"} <= set(words)
    names = [word for word in words if not word.startswith("-") and not word.startswith(":")]
    return not (locked or set(words) - {"--quiet"} == PROJECT or all("==" in name for name in names))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("pip", ["", "22.3"])
def test_no_target_resolves(target: str, pip: str):
    found = list(installs(steps(target, f"PIP_VERSION={pip}")))
    assert found and not [words for words in found if resolves(words)]


@pytest.mark.parametrize("words", ["-r requirements/run.txt --require-hashes", "--no-deps --editable .", "--no-deps uv", "uv==0.1"])
def test_a_step_that_resolves_is_seen(words: str):
    assert resolves(words.split())


def test_the_demonstration_installs_no_test_package():
    named = [word for words in installs(steps("demo")) for word in words if word.endswith(".txt")]
    assert named == ["requirements/run.txt"]


def test_another_pip_is_installed_before_anything_else():
    first, *rest = installs(steps("env", "PIP_VERSION=22.3"))
    assert first[-1] == "pip==22.3" and len(rest) == 2


def test_pip_does_not_read_the_version_as_an_option_of_its_own():
    """`PIP_VERSION=22.3 make …`: pip takes every PIP_… of its environment for an option, and --version wants none."""
    environment = {**os.environ, "PIP_VERSION": "22.3"}
    probe = "include Makefile\nprobe:\n\t@echo pip is told [$$PIP_VERSION], make [$(PIP_VERSION)]\n"
    command = ["make", "--no-print-directory", "-f", "-", "probe"]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=probe, capture_output=True, text=True, check=True)
    assert done.stdout == "pip is told [], make [22.3]\n"


def test_only_make_installs():
    """Neither CI nor a test has an install step of its own that nobody else runs; `npm ci` and Go read their locks."""
    places = [ROOT / ".ci/run", *(ROOT / "tests").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in places if path.parent.name != "install")
    assert not re.findall(r"pip\d? install (?!atheris)", text) and not re.findall(r"npm (?:install|i)\b|go (?:get|install)\b", text)
    assert "npm ci" in text and "-mod=readonly" in text
