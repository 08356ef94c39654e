"""The OpenAPI document as other people's programs read it, each by its recommended rules: without an error."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.app import create_api
from api.http.document import document_of, text_of
from tests.interop.programs import redocly, spectral

pytestmark = pytest.mark.strangers
TIMEOUT_S = 120
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
SPECTRAL_ERROR = 0


def by_redocly(place: Path) -> list[str]:
    """The rules that a document breaks."""
    said = run([*redocly(), "lint", str(place), "--format=json"])
    return [one["ruleId"] for one in said["problems"] if one["severity"] == "error"]


def by_spectral(place: Path) -> list[str]:
    """The rules that a document breaks."""
    rules = place.with_suffix(".rules.json")
    rules.write_text(json.dumps({"extends": ["spectral:oas"]}))
    said = run([*spectral(), "lint", str(place), "--ruleset", str(rules), "--format", "json", "--quiet"])
    return [one["code"] for one in said if one["severity"] == SPECTRAL_ERROR]


def run(words: list[str]) -> Any:
    """What a program says as JSON."""
    settings = {"timeout": TIMEOUT_S, "env": {**os.environ, **QUIET}}
    ended = subprocess.run(words, capture_output=True, text=True, check=False, **settings)
    assert ended.returncode in (0, 1), ended.stderr[:2000]
    return json.loads(ended.stdout)


@pytest.mark.parametrize("judge", [by_redocly, by_spectral])
def test_the_document_has_no_error_and_a_wrong_one_has(judge: Any, tmp_path: Path):
    document = document_of(create_api())
    place = tmp_path / "openapi.json"
    place.write_text(text_of(document))
    assert judge(place) == []
    said = {"200": {"content": {"text/plain": {"schema": {"type": "array"}}}}}
    ledger = {**document["paths"]["/v1/ledger"]["get"], "responses": said}
    place.write_text(json.dumps({**document, "paths": {"/v1/ledger": {"get": ledger}}, "components": {}}))
    assert judge(place)
