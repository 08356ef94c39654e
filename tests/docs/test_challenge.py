"""The page about challenges runs as it is written; its comments make the gifts that are promised and not recorded."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import pytest

from tests.docs.console import alike
from tests.docs.test_recovery import fits, steps
from tests.docs.test_tutorial import run

PAGE = Path(__file__).parents[2] / "docs/how-to/challenge-a-missing-gift.md"
BEFORE = """
givetrail init books --origin hope.example/2026 --unit CNY:2:yuan
givetrail party add hope --name "Hope Foundation" --role charity --officer ana --books-from 2000-01-01
givetrail record fund --party hope --id school --name School --purpose Books --restriction restricted
"""


def soon() -> str:
    """A moment that is over after three seconds."""
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_page_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for other in [other for other in os.environ if other.startswith("GIVETRAIL_")]:
        monkeypatch.delenv(other)
    monkeypatch.setenv("GIVETRAIL_STATE", "state")
    monkeypatch.setenv("GIVETRAIL_LEDGER", "books")
    for command in BEFORE.strip().splitlines():
        run(command, monkeypatch)
    shown = list(steps(re.sub(r" \\\n\s*", " ", PAGE.read_text(encoding="utf-8"))))
    assert len(shown) >= 10
    for step in shown:
        said = alike(run(step.command.replace("SOON", soon()), monkeypatch))
        assert fits(said, alike(step.output)), f"$ {step.command}\n{said}"
