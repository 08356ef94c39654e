"""What the programs of others are made from, and what is done where they cannot be made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interop import programs
from tests.interop.programs import HERE, Program, go_program, node_program, without_addresses

PAGE = HERE.parents[1] / "docs" / "reference" / "interoperability.md"
NOWHERE = "http://127.0.0.1:9/"
OFFLINE = {
    "GOMODCACHE": "go", "GOPROXY": "off",
    "npm_config_cache": "npm", "npm_config_registry": NOWHERE, "npm_config_fetch_retry_mintimeout": "1",
}  # fmt: skip
LOCK = json.loads((HERE / "node" / "package-lock.json").read_bytes())["packages"]
INSTALLED = {path.removeprefix("node_modules/"): package for path, package in LOCK.items() if path}


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made yet, and nothing can be fetched."""
    monkeypatch.setattr(programs, "BUILD", tmp_path / "build")
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value in ("go", "npm") else value)
    monkeypatch.delenv("CI", raising=False)


@pytest.mark.parametrize("program", [go_program, node_program])
@pytest.mark.filterwarnings("ignore:skipped")
def test_what_cannot_be_fetched_is_a_skip_and_a_failure_in_ci(
    offline: None, program: Callable[[], Program], monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(pytest.skip.Exception, match="^(go mod download: |npm ci .*: |.* is not installed)") as skipped:
        program()
    assert NOWHERE not in str(skipped.value)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI is true: an absence is a failure"):
        program()


@pytest.mark.filterwarnings("ignore:skipped")
def test_a_tool_that_is_not_there_is_a_skip_and_a_failure_in_ci(offline: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match="node: is not installed"):
        node_program()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="node: is not installed .*CI is true"):
        node_program()


def test_a_skip_is_said_where_every_run_prints_it(offline: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    with pytest.warns(UserWarning, match="skipped: node: is not installed"), pytest.raises(pytest.skip.Exception):
        node_program()


def test_a_reason_names_no_address():
    said = 'Get "https://modules.example.org/x/@v/1.zip": dial tcp: lookup modules.example.org on 10.0.0.1: no such host'
    assert without_addresses(said) == 'Get "… dial tcp: lookup … on 10.0.0.1: no such host'
    assert without_addresses("go.mod requires go >= 1.25.0") == "go.mod requires go >= 1.25.0"


def test_the_page_says_which_versions_were_checked():
    asked = re.findall(r"^\t(\S+) (v\S+)$", (HERE / "go" / "go.mod").read_text(), re.MULTILINE)
    assert len(asked) == 5
    page = PAGE.read_text()
    for name, version in [*asked, *((name, package["version"]) for name, package in INSTALLED.items())]:
        assert re.search(rf"`{re.escape(name)}` {re.escape(version)}[ ,]", page), f"{PAGE.name} does not say {name} {version}"
