"""The targets under libFuzzer, and the page that says how: docs/how-to/fuzz.md."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests/fuzz/atheris_target.py"
PAGE = ROOT / "docs/how-to/fuzz.md"


def test_without_atheris_it_says_so_and_fails(tmp_path: Path):
    (tmp_path / "atheris.py").write_text("raise ImportError\n")
    done = subprocess.run(
        [sys.executable, SCRIPT, "note"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and done.stderr.startswith("atheris is not installed, so nothing was run")


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize("name", TARGETS)
def test_a_target_runs_under_libfuzzer(name: str):
    done = subprocess.run([sys.executable, SCRIPT, name, "-runs=100"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_page_names_every_target():
    rows = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert [name for row in rows for name in re.findall("`([^`]+)`", row)] == list(TARGETS)
