"""The pages about backups and losses run as they are written; what breaks things stands in their comments."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.console import Step, alike
from tests.docs.test_tutorial import run

HOW_TO = Path(__file__).parents[2] / "docs/how-to"
PAGES = ("back-up-and-restore", "move-a-ledger", "after-a-loss")
BLOCK = re.compile(r"^ *(?:```|<!--)console\n(.*?)^ *(?:```|-->)$", re.DOTALL | re.MULTILINE)
BEFORE = """
givetrail init books --origin hope.example/2026 --unit CNY:2:yuan
givetrail party add hope --ledger books --name "Hope Foundation" --role charity --officer ana
givetrail party add eye --ledger books --name "Eye Auditors" --role auditor --officer chen
givetrail record fund --ledger books --party hope --id school --name School --purpose Books --restriction restricted
givetrail record donation --ledger books --party hope --fund school --unit CNY --amount 10.00 --channel cash
givetrail backup backup --ledger books
givetrail record donation --ledger books --party hope --fund school --unit CNY --amount 5.00 --channel cash
givetrail export public --ledger books
"""


def steps(page: str) -> Iterator[Step]:
    """The commands of a page, each with its output."""
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", textwrap.dedent(block), flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield Step(command, output)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_runs_as_it_is_written(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", "state")
    for other in [other for other in os.environ if other.startswith("GIVETRAIL_") and other != "GIVETRAIL_STATE"]:
        monkeypatch.delenv(other)
    for command in BEFORE.strip().splitlines():
        run(command, monkeypatch)
    if name == "back-up-and-restore":
        run("rm -r public", monkeypatch)
    shown = list(steps((HOW_TO / f"{name}.md").read_text(encoding="utf-8")))
    assert len(shown) >= 5
    for step in shown:
        said = alike(run(step.command, monkeypatch))
        assert fits(said, alike(step.output)), f"$ {step.command}\n{said}"


def fits(said: str, shown: str) -> bool:
    """Whether an output is the one that a page shows; a line of three dots stands for any lines."""
    pattern = "".join("(?:.*\n)*" if line.strip() == "..." else re.escape(line) + "\n" for line in shown.split("\n"))
    return re.fullmatch(pattern, said + "\n") is not None


def test_the_comparison_can_fail():
    assert fits("a\nb\nverified", "a\n...\nverified") and fits("verified", "...\nverified")
    assert not fits("a\nb\nfailed", "a\n...\nverified")
