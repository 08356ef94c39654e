"""The bundles of the corpus of attacks (`python -m tests.attacks.make DIR`): of each the browser's verifier says what the corpus
asks for, and what the command line says."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any

import pytest

from tests.verifier.asking import Case, Said, reports, said_in_javascript, said_in_python, unreadable

REFUSED = "refused"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], Case, Said]]:
    """What the index says of a bundle, the bundle, and what the browser's verifier says of it."""
    if find_spec("tests.attacks") is None or find_spec("tests.attacks.make") is None:
        pytest.skip("there is no corpus of attacks")
    from tests.attacks.make import main

    folder = tmp_path_factory.mktemp("attacks")
    main(str(folder))
    index = json.loads((folder / "bundles" / "index.json").read_bytes())
    cases = [Case(row["name"], (folder / "bundles" / f"{row['name']}.json").read_bytes(), row["policy"]) for row in index]
    return list(zip(index, cases, map(said_in_javascript, reports(cases)), strict=True))


def test_every_attack_is_answered_as_its_case_says(said):
    """But for those that the corpus says are not found yet."""
    assert len(said) > 50
    for row, case, answer in said:
        if "defect" in row:
            continue
        verdict = "could not verify" if row["verdict"] == REFUSED else row["verdict"]
        assert answer.verdict == verdict, (case.name, answer)
        if "expect" in row:
            expected = tuple(row["expect"][name] for name in ("id", "entry", "record"))
            wanted = unreadable(expected[0]).findings if row["verdict"] == REFUSED else {expected}
            assert wanted <= answer.findings, (case.name, answer)


def test_every_attack_is_answered_as_on_the_command_line(said):
    for _, case, answer in said:
        assert answer == said_in_python(case), case.name
