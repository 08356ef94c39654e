"""The report of a verification, as programs read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli.main import cli
from ledger.findings.table import RULES
from tests.audit.mirror import Small, edited, forged, make_small
from tests.writer.on_disk import TRUST

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/report.schema.json").read_text())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(folder / "state"))
        return make_small(folder)


@pytest.fixture(params=["sound", "broken", "untrusted", "bundle", "nothing"])
def words(small: Small, tmp_path: Path, request: pytest.FixtureRequest) -> list[str]:
    """A target and its trust."""
    trust, target = tmp_path / "trust.policy", small.folder
    trust.write_bytes(TRUST.format())
    if request.param == "broken":
        changed = edited(small.entries[3], lambda value: value["statement"].update(signed_at="2026-09-07T09:59:59Z"))
        target = forged([*small.entries[:3], changed, *small.entries[4:]], tmp_path)
    if request.param == "bundle":
        target = tmp_path / "bundle.json"
        target.write_bytes(small.bundle)
    if request.param == "nothing":
        target = tmp_path / "export"
        (target / "tile").mkdir(parents=True)
    return [str(target)] + ([] if request.param == "untrusted" else ["--trust", str(trust)])


def said(capsysbinary: Any, words: list[str], form: str) -> tuple[int, bytes]:
    code = ended(["verify", *words, "--format", form])
    return code, capsysbinary.readouterr().out


def ended(words: list[str]) -> int:
    with pytest.raises(SystemExit) as exit:
        cli.main(words)
    return exit.value.code or 0


def test_json_is_of_its_schema(words: list[str], capsysbinary: Any):
    code, out = said(capsysbinary, words, "json")
    value = json.loads(out)
    jsonschema.validate(value, SCHEMA)
    assert value["exit_code"] == code


def test_ndjson_says_the_same_line_by_line(words: list[str], capsysbinary: Any):
    _, out = said(capsysbinary, words, "json")
    whole = json.loads(out)
    code, out = said(capsysbinary, words, "ndjson")
    rows = [json.loads(line) for line in out.splitlines()]
    findings = [{name: member for name, member in row.items() if name != "type"} for row in rows if row["type"] == "finding"]
    assert findings == whole.pop("findings") and code == whole["exit_code"]
    assert {name: member for name, member in rows[-1].items() if name != "type"} == whole


def test_sarif_names_every_finding_and_its_rule(words: list[str], capsysbinary: Any):
    _, out = said(capsysbinary, words, "json")
    whole = json.loads(out)
    code, out = said(capsysbinary, words, "sarif")
    (run,) = json.loads(out)["runs"]
    assert [result["ruleId"] for result in run["results"]] == [finding["id"] for finding in whole["findings"]]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(RULES)
    assert run["invocations"][0]["exitCode"] == code and run["invocations"][0]["executionSuccessful"] is (code == 0)
    assert run["properties"]["verdict"] == whole["verdict"]


@pytest.mark.parametrize("form", ["json", "ndjson", "sarif"])
def test_an_error_is_one_document_in_every_form(form: str, tmp_path: Path, capsysbinary: Any):
    code, out = said(capsysbinary, [str(tmp_path / "nowhere")], form)
    assert code == 2 and json.loads(out)["error"] == "target"


def test_a_form_that_is_none_is_refused_in_words(tmp_path: Path, capsysbinary: Any):
    assert said(capsysbinary, [str(tmp_path)], "xml") == (2, b"")
