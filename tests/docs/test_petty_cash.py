"""The page about petty cash runs as it is written; what a reader's own files would hold stands in its comments."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.docs.console import alike
from tests.docs.test_recovery import fits, steps
from tests.docs.test_tutorial import run

PAGE = Path(__file__).parents[2] / "docs/how-to/keep-petty-cash.md"
BEFORE = """
givetrail init books --origin hope.example/2026 --unit CNY:2:yuan
givetrail party add hope --name "Hope Foundation" --role charity --officer ana
givetrail record fund --party hope --id general --name General --purpose "Whatever is needed" --restriction unrestricted
givetrail record donation --party hope --fund general --unit CNY --amount 500.00 --channel cash
"""


def test_the_page_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for other in [other for other in os.environ if other.startswith("GIVETRAIL_")]:
        monkeypatch.delenv(other)
    monkeypatch.setenv("GIVETRAIL_STATE", "state")
    monkeypatch.setenv("GIVETRAIL_LEDGER", "books")
    for command in BEFORE.strip().splitlines():
        run(command, monkeypatch)
    shown = list(steps(re.sub(r" \\\n\s*", " ", PAGE.read_text(encoding="utf-8"))))
    assert len(shown) >= 15
    for step in shown:
        said = alike(run(step.command, monkeypatch))
        assert fits(said, alike(step.output)), f"$ {step.command}\n{said}"
