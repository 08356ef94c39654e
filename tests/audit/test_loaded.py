"""What a verification loads: a folder of a log's files is verified without SQLite and without the writer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.mirror import Small

ROOT = Path(__file__).parents[2]
LOADED = """
import sys
from cli.main import main
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def modules_of(*words: str) -> set[str]:
    """The modules that a command has loaded when it ends well."""
    command = [sys.executable, "-c", LOADED, *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return set(ended.stderr.split())


def is_heavy(module: str) -> bool:
    return module in ("sqlite3", "fastapi", "urllib3") or module.startswith(("ledger.writer.", "ledger.store.sqlite"))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_folder_is_verified_without_store_and_writer(small: Small, jobs: str):
    loaded = modules_of("verify", str(small.folder), "--trust", str(small.directory / "trust.policy"), "--jobs", jobs)
    assert "ledger.audit.verify" in loaded and not set(filter(is_heavy, loaded))


def test_a_directory_needs_its_store(small: Small):
    """So the test above can fail."""
    loaded = modules_of("verify", str(small.directory), "--trust", str(small.directory / "trust.policy"))
    assert any(map(is_heavy, loaded))
