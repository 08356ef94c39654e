"""Starting the program under the shim, and asking it to run command lines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.program import Ended, Job

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def built_shim(folder: Path) -> Path:
    """The shim, built with the system's compiler. Skips the test where there is none."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("the fault shim needs Linux and a C compiler named cc")
    built = folder / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(built), str(HERE / "shim.c"), "-ldl"]
    subprocess.run(command, check=True)
    return built


class Program:
    """The warmed program. `run` is one command line in a child of it, `start` one in a process of its own."""

    def __init__(self, shim: Path) -> None:
        self._variables = variables = {**os.environ, "LD_PRELOAD": str(shim)}
        for name in ("GIVETRAIL_LEDGER", "GIVETRAIL_PASSPHRASE", "GIVETRAIL_DEBUG"):
            variables.pop(name, None)
        command = [sys.executable, "-m", "tests.faults.program"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )  # fmt: skip

    def run(self, job: Job) -> Ended:
        """Run it, and wait for its end."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(job._asdict()) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def start(self, job: Job) -> Ended:
        """The same as people do it: a new interpreter, and the program's own entry point."""
        home = Path(job.cwd)
        fault = {"FAULT_PATHS": ":".join(job.watched), "FAULT_AT": str(job.at), "FAULT_KIND": str(job.fault)}
        variables = {**self._variables, **fault, "GIVETRAIL_STATE": str(home / "state"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", "from cli.main import main; main()", *job.words]
        ended = subprocess.run(command, cwd=home, env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
