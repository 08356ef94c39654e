"""The page about monitors runs as it is written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.docs.console import alike
from tests.docs.test_recovery import BEFORE, fits, steps
from tests.docs.test_tutorial import run

PAGE = Path(__file__).parents[2] / "docs/how-to/monitor-a-log.md"
SHORT = re.compile(r"(?<=root )cf9f\.\.\.|(?<=[0-9]-)\.\.\.")


def whole(text: str) -> str:
    """A text in which hashes are written as the page writes them."""
    text = re.sub(r"(?<=[0-9]-)[0-9a-f]{16}\.checkpoint", "...", text)
    return SHORT.sub("<hash>", alike(text).replace("<hash>", "cf9f..."))


def test_the_page_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", "state")
    for other in [other for other in os.environ if other.startswith("GIVETRAIL_") and other != "GIVETRAIL_STATE"]:
        monkeypatch.delenv(other)
    for command in [*BEFORE.strip().splitlines(), "cp books/trust.policy .", "cp -r public copy"]:
        run(command, monkeypatch)
    shown = list(steps(PAGE.read_text(encoding="utf-8")))
    assert len(shown) == 9
    for step in shown:
        said = whole(run(step.command, monkeypatch))
        assert fits(said, whole(step.output)), f"$ {step.command}\n{said}"
