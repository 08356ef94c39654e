"""The program under the shim, in a warmed interpreter: `python -m tests.faults.program` forks a child for every command line.

Each line of stdin is a `Job` as JSON, each line of stdout an `Ended`. `at` and `fault` are those of shim.c; with `log` what the
child does to its files is appended there instead. `seconds` > 0: the child is killed so long after it began.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NamedTuple

KILL, IO, SPACE, TEAR, IO_FOR_GOOD, SPACE_FOR_GOOD = range(1, 7)
FAULTS = {"kill": KILL, "EIO": IO, "ENOSPC": SPACE, "torn": TEAR, "EIO for good": IO_FOR_GOOD, "ENOSPC for good": SPACE_FOR_GOOD}


class Job(NamedTuple):
    """A command line, and what happens to it. `watched` are the paths that the shim looks at."""

    words: list[str]
    cwd: str
    watched: list[str] = []
    at: int = 0
    fault: int = 0
    log: str = ""
    seconds: float = 0


class Ended(NamedTuple):
    """How it ended: the exit code, or minus the signal; what it said; how many calls were watched, and whether one failed."""

    code: int
    out: str
    err: str
    calls: int = 0
    struck: bool = False


def main() -> None:
    """Run every job that is asked for."""
    shim = ctypes.CDLL(None)
    shim.shim_fail.argtypes = (ctypes.c_char_p, ctypes.c_long, ctypes.c_int)
    shim.shim_record.argtypes = (ctypes.c_char_p, ctypes.c_int)
    _warm()
    for line in sys.stdin:
        ended = _run(shim, Job(**json.loads(line)))
        print(json.dumps(ended._asdict()), flush=True)


def _warm() -> None:
    """Import what the commands import, so that a child begins with its work."""
    import sqlite_utils  # noqa: F401

    from cli.main import COMMANDS, cli

    for name in COMMANDS:
        if name != "serve":
            cli.get_command(None, name)


def _run(shim: ctypes.CDLL, job: Job) -> Ended:
    with _scratch("out") as out, _scratch("err") as err:
        child = os.fork()
        if child == 0:
            _be_the_program(shim, job, out.fileno(), err.fileno())
        if job.seconds:
            time.sleep(job.seconds)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        said = [_content(file) for file in (out, err)]
    return Ended(os.waitstatus_to_exitcode(status), *said, shim.shim_counted(), bool(shim.shim_struck()))


def _scratch(name: str):
    return os.fdopen(os.memfd_create(name), "w+b")


def _content(file) -> str:
    file.seek(0)
    return file.read().decode()


def _be_the_program(shim: ctypes.CDLL, job: Job, out: int, err: int) -> None:
    """In the child: what `givetrail` does with these words. Never returns."""
    os.chdir(job.cwd)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ["GIVETRAIL_STATE"] = str(Path(job.cwd) / "state")
    watched = ":".join(job.watched).encode()
    if job.log:
        shim.shim_record(watched, os.open(job.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644))
    else:
        shim.shim_fail(watched, job.at, job.fault)
    code = 1
    try:
        from cli.main import cli

        cli.main(job.words)
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # a fault of the program, which the test has to see
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        shim.shim_rest()
        os._exit(code)


if __name__ == "__main__":
    main()
