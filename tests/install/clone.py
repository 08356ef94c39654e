"""A clone of this checkout, as a newcomer has it: no environment, nothing built; and commands run there by a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.test_tidy import ROOT, files_for_git

TIMEOUT_S = 600
NOT_PASSED_ON = ("MAKE", "MFLAGS", "GIVETRAIL_", "VIRTUAL_ENV", "PYTEST_", "PYTHON", "CI")


class Clone:
    """The files that git has, in another folder. `environment` is what its commands see."""

    def __init__(self, folder: Path) -> None:
        for path in files_for_git():
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
        self.environment = {**kept, "GIVETRAIL_STATE": str(folder / "build/state")}

    def start(self, command: str) -> subprocess.Popen[str]:
        """The command, running, with its errors among what it prints."""
        settings = {"cwd": self.folder, "env": self.environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(["sh", "-c", command], text=True, **settings)

    def run(self, command: str, may_fail: bool = False) -> str:
        """What the command prints. It must end with 0 unless it may fail."""
        running = self.start(command)
        printed, _ = running.communicate(timeout=TIMEOUT_S)
        assert running.returncode == 0 or may_fail, f"$ {command}\n{printed}"
        return printed
