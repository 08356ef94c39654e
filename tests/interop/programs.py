"""Programs in which other people's code judges our bytes: made from pinned sources, below build/, by whoever asks first.

What they print is JSON. Without Go or Node, or without the modules they need, the tests that ask for one are skipped; where CI is
true they fail. So it is without Java, which runs the checker of pages.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "interop"
MAKING_TIMEOUT_S = 600
JUDGING_TIMEOUT_S = 120
REFUSED = 3
HUNG = "it does not come to an end"
DEADLOCK = "all goroutines are asleep - deadlock!"
GO_ENVIRONMENT = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOTOOLCHAIN": "local", "GOWORK": "off"}
NPM_CI = "npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1"
_ADDRESS = re.compile(r"\w+://\S+|\b(?:[\w-]+\.){2,}[a-z]{2,}\b\S*")


class Absent(Exception):
    """A tool is not there, or what it needs cannot be fetched. The message names no address."""


class Program:
    """A program that judges."""

    def __init__(self, *words: str | Path) -> None:
        self._words = [str(word) for word in words]

    def judge(self, *words: str | Path, asked: Any = None) -> tuple[str, Any]:
        """Why it refuses, or nothing; and what it told. One that does not come to an end refuses."""
        command, said = [*self._words, *map(str, words)], json.dumps(asked)
        try:
            ended = subprocess.run(command, input=said, capture_output=True, text=True, timeout=JUDGING_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            return HUNG, None
        if DEADLOCK in ended.stderr:
            return HUNG, None
        if ended.returncode == REFUSED:
            return ended.stderr.partition("refused: ")[2][:1000], None
        assert ended.returncode == 0, f"exit {ended.returncode}: {ended.stderr[:2000]}"
        return "", json.loads(ended.stdout or "null")

    def each(self, *words: str, claims: list[dict[str, Any]]) -> list[str]:
        """For each claim why it is refused, or nothing."""
        refused, reasons = self.judge(*words, asked=claims)
        assert not refused and len(reasons) == len(claims) > 0, refused
        return reasons


def go_program() -> Program:
    """The program of tests/interop/go."""
    with _or_give_up():
        return Program(_obtained("go", _build_go) / "interop")


def node_program() -> Program:
    """The program of tests/interop/node."""
    with _or_give_up():
        return Program(_found("node"), _obtained("node", _install_node) / "check.js")


def vnu() -> list[str]:
    """The words that begin a command of the Nu HTML Checker."""
    with _or_give_up():
        java, place = _found("java"), _obtained("pages", _install_node)
        return [java, "-XX:TieredStopAtLevel=1", "-Xss8m", "-jar", str(place / "node_modules/vnu-jar/build/dist/vnu.jar")]


def redocly() -> list[str]:
    """The words that begin a command of Redocly's, which reads OpenAPI."""
    return _of_openapi("@redocly/cli/bin/cli.js")


def spectral() -> list[str]:
    """The words that begin a command of Spectral, which reads OpenAPI."""
    return _of_openapi("@stoplight/spectral-cli/dist/index.js")


def witness_programs() -> dict[str, str]:
    """The paths of litewitness, witnessctl and omniwitness, which are other people's witnesses, of tessera's hammer, which reads
    logs, and of OpenSSH's tools for keys."""
    with _or_give_up():
        tools = {name: _found(name) for name in ("ssh-agent", "ssh-add", "ssh-keygen")}
        place = _obtained("witnesses", _build_witnesses)
        return {**tools, **{name: str(place / name) for name in ("litewitness", "witnessctl", "omniwitness", "hammer")}}


def _of_openapi(script: str) -> list[str]:
    with _or_give_up():
        return [_found("node"), str(_obtained("openapi", _install_node) / "node_modules" / script)]


def _build_go(place: Path) -> None:
    go = _found("go", "/usr/local/go/bin/go")
    _fetch([go, "mod", "download"], place, GO_ENVIRONMENT)
    built = _run([go, "build", "-trimpath", "-o", "interop", "."], place, {**GO_ENVIRONMENT, "GOPROXY": "off"})
    assert built.returncode == 0, without_addresses(built.stderr)


def _build_witnesses(place: Path) -> None:
    go = _found("go", "/usr/local/go/bin/go")
    _fetch([go, "mod", "download"], place, GO_ENVIRONMENT)
    built = _run([go, "build", "-trimpath", "-o", "./", "tool"], place, {**GO_ENVIRONMENT, "GOPROXY": "off"})
    assert built.returncode == 0, without_addresses(built.stderr)


def _install_node(place: Path) -> None:
    _fetch([_found("npm"), *NPM_CI.split()[1:]], place, {})


def _found(tool: str, *places: str) -> str:
    path = shutil.which(tool) or next((place for place in places if os.access(place, os.X_OK)), None)
    if path is None:
        raise Absent(f"{tool}: is not installed")
    return path


def _fetch(words: list[str], place: Path, environment: dict[str, str]) -> None:
    """Run what fetches modules. Raises Absent when it fails."""
    name = f"{Path(words[0]).name} {' '.join(words[1:])}"
    try:
        ended = _run(words, place, environment)
    except subprocess.TimeoutExpired:
        raise Absent(f"{name}: was not done in {MAKING_TIMEOUT_S} s") from None
    if ended.returncode:
        raise Absent(f"{name}: {without_addresses(ended.stderr).strip()[-1000:]}")


def _run(words: list[str], place: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    settings = {"cwd": place, "env": {**os.environ, **environment}, "timeout": MAKING_TIMEOUT_S}
    return subprocess.run(words, capture_output=True, text=True, check=False, **settings)


def without_addresses(text: str) -> str:
    """The text without what names a host or a URL."""
    return _ADDRESS.sub("…", text)


def _obtained(name: str, make: Callable[[Path], None]) -> Path:
    """A copy of tests/interop/<name> in which `make` has run, once for these very sources."""
    sources = sorted(path for path in (HERE / name).iterdir() if path.is_file())
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in sources)).hexdigest()[:16]
    place = BUILD / f"{name}-{digest}"
    with _locked(name):
        if not (place / ".made").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            for path in sources:
                shutil.copy(path, place)
            make(place)
            (place / ".made").touch()
    return place


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """One process at a time: each worker of a test run comes here."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _or_give_up() -> Iterator[None]:
    """Where something is absent: skip the test, and say so where every run prints it; fail it where CI is true."""
    try:
        yield
    except Absent as absent:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{absent} (CI is true: an absence is a failure there, elsewhere a skip)", pytrace=False)
        warnings.warn(f"skipped: {absent}", stacklevel=4)
        pytest.skip(str(absent))
