"""What the tests of the command line share: an empty desk to work at, and ledgers to work on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.transcript import Ended, run_program, run_transcript

LEDGER = Path(__file__).parent / "ledger.txt"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory; what the program keeps elsewhere is kept below it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    for name in ("GIVETRAIL_LEDGER", "GIVETRAIL_PASSPHRASE", "GIVETRAIL_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of ledger.txt, made once."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("GIVETRAIL_STATE", str(folder / "state"))
        patch.delenv("GIVETRAIL_LEDGER", raising=False)
        run_transcript(LEDGER, folder, patch.setenv)
    return folder


@pytest.fixture
def ledger(made: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that ledger on the desk, as L, and named by GIVETRAIL_LEDGER."""
    shutil.copytree(made, desk, dirs_exist_ok=True)
    monkeypatch.setenv("GIVETRAIL_LEDGER", "L")
    return desk / "L"


@pytest.fixture
def run():
    """Run the program in this process: `run("trace", "5.0")`."""

    def run(*words: str, stdin: str = "") -> Ended:
        return run_program(list(words), stdin)

    return run


@pytest.fixture
def program() -> list[str]:
    """The program as a process of its own: the words before its arguments."""
    return [str(Path(sys.executable).with_name("givetrail"))]
