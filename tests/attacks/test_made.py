"""The corpus as files, and the page that lists it: another implementation finds there all that it needs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ledger.findings.table import RULES

from .auditing import audit
from .case import REFUSED, UNSEEN, VERDICTS, Artefacts
from .corpus import ALL, cases
from .make import PAGE, TABLES, tables, written

THREATS = PAGE.parents[1] / "explanation" / "threat-model.md"
NAME = re.compile("`([a-z0-9]+(?:-[a-z0-9]+){2,})`")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made")
    assert min(written(place).values()) > 60
    return place


def test_every_bundle_has_its_file_and_its_verdict(made: Path, tmp_path: Path):
    index = json.loads((made / "bundles/index.json").read_bytes())
    assert {path.stem for path in (made / "bundles").glob("*.json")} == {one["name"] for one in index} | {"index"}
    assert sum(one["verdict"] == "verified" for one in index) >= 6 and {one["exit"] for one in index} == {0, 2, 3, 4}
    for one in index:
        if "defect" not in one:
            raw = (made / f"bundles/{one['name']}.json").read_bytes()
            answer = audit(Artefacts(one["policy"].encode(), bundle=raw), tmp_path)
            assert (answer.verdict, answer.exit_code) == (one["verdict"], one["exit"]), one["name"]


def test_every_log_has_its_folder_and_its_verdict(made: Path):
    index = json.loads((made / "logs/index.json").read_bytes())
    assert {path.name for path in (made / "logs").iterdir()} == {one["name"] for one in index} | {"index.json"}
    for one in index:
        assert one["verdict"] in (REFUSED, VERDICTS.get(one["exit"])) and one["does"], one["name"]
        assert ("expect" in one) != ("unseen" in one or not one["attacker"]), one["name"]
        if one.get("expect", {}).get("class") in ("broken", "unknown", "audit"):
            rule = RULES[one["expect"]["id"]]
            assert one["expect"]["class"] in (rule.kind, "audit" if rule.conduct else rule.kind), one["name"]


def test_a_log_read_back_from_its_files_is_the_case(made: Path, tmp_path: Path):
    """The files and the index are all that it takes."""
    index = {one["name"]: one for one in json.loads((made / "logs/index.json").read_bytes())}
    for name in ("untouched-story", "tiles-exchanged", "history-rolled-back-2", "overdue-receipt-in-a-log-without-new-entries-2"):
        one, folder = index[name], made / "logs" / name
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        earlier = tuple((f"{n}", note.encode()) for n, note in enumerate(one.get("earlier", [])))
        answer = audit(Artefacts(one["policy"].encode(), files, earlier=earlier, as_of=one.get("as_of", "")), tmp_path / name)
        assert (answer.verdict, answer.exit_code) == (one["verdict"], one["exit"]), name
        if "expect" in one:
            assert (one["expect"]["id"], one["expect"]["entry"], one["expect"]["record"]) in answer.found


def test_the_page_lists_every_attack():
    assert PAGE.read_text(encoding="utf-8").partition(TABLES)[2] == tables(), "run `make generate`"


def test_the_threat_model_explains_what_is_unseen():
    """Every one, and no other, each in its section; and it names no attack that there is not."""
    text = THREATS.read_text(encoding="utf-8")
    sections = {part.partition("\n")[0]: set(NAME.findall(part)) for part in text.split("\n## ")}
    unseen = {attack.name for attack in ALL if any(case.outcome.kind == UNSEEN for case in cases(attack))}
    assert sections["What is not found, and why"] == unseen
    assert sections.get("Holes that are known", set()) == {attack.name for attack in ALL if attack.defect}
    assert set().union(*sections.values()) <= {attack.name for attack in ALL}
