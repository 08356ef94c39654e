"""The pages about mistakes and signatures run as they are written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.docs.console import alike
from tests.docs.test_recovery import fits, steps
from tests.docs.test_tutorial import run

HOW_TO = Path(__file__).parents[2] / "docs/how-to"
ALL = """
givetrail init books --origin hope.example/2026 --unit CNY:2:yuan
givetrail party add hope --name "Hope Foundation" --role charity --officer ana
givetrail party add paper --name "Paper Shop" --role vendor --officer lin
"""
GIVEN = """
givetrail record fund --party hope --id school --name School --purpose Books --restriction restricted
givetrail record donation --party hope --fund school --unit CNY --amount 100.00 --channel cash
"""
PAY = "givetrail record payment --party hope --fund school --unit CNY --payee paper --cost-class programme --channel cash"
EYE = 'givetrail party add eye --name "Eye Auditors" --role auditor --officer chen\n'
ACCOUNTANT = 'givetrail party add books-and-co --name "Books and Co" --role vendor --officer kim\n'
BEFORE = {
    "correct-a-mistake": (
        f"{ALL}{EYE}{GIVEN}{PAY} --amount 20.00\n{PAY} --amount 15.00\n{PAY} --amount 7.20\n"
        "givetrail record receipt --party paper --of 9.0 --amount 7.20 --level recipient-signed"
    ),
    "two-signatures": f"{ALL}{EYE}{ACCOUNTANT}{GIVEN}",
}


@pytest.mark.parametrize("name", BEFORE)
def test_the_page_runs_as_it_is_written(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for other in [other for other in os.environ if other.startswith("GIVETRAIL_")]:
        monkeypatch.delenv(other)
    monkeypatch.setenv("GIVETRAIL_STATE", "state")
    monkeypatch.setenv("GIVETRAIL_LEDGER", "books")
    for command in filter(None, BEFORE[name].splitlines()):
        assert "error" not in run(command, monkeypatch)
    shown = list(steps(re.sub(r" \\\n\s*", " ", (HOW_TO / f"{name}.md").read_text(encoding="utf-8"))))
    assert len(shown) >= 8
    for step in shown:
        said = alike(run(step.command, monkeypatch))
        assert fits(said, alike(step.output)), f"$ {step.command}\n{said}"
