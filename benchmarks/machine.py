"""What every benchmark prints first: the machine, and how a run was measured."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple


def machine() -> str:
    """Processor, cores, Python and SQLite, in one line."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), model)
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"


# VmHWM, because getrusage starts the peak of a process at that of its parent.
PEAK = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"


class Cost(NamedTuple):
    """Seconds of wall-clock and of processor time; costs are compared by wall clock."""

    wall: float
    cpu: float

    def row(self, name: str, count: int, bound: Cost) -> str:
        """One line of figures for `count` things, and the ratio to a bound measured in the same run."""
        return (
            f"{name:8} {self.wall:8.2f} s  {1e6 * self.wall / count:6.2f} µs a gift (cpu {1e6 * self.cpu / count:6.2f})  "
            f"{count / self.wall:9,.0f} gifts/s  {self.wall / bound.wall:5.2f} × bound (cpu {self.cpu / bound.cpu:.2f})"
        )


def cost(step: Callable[[], object]) -> Cost:
    """The cost of a step."""
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def peak_mb(arguments: list[str]) -> tuple[float, str]:
    """(peak resident memory in MB, standard output) of this Python running a script in a process of its own."""
    code = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__'); " + PEAK
    out = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True).stdout
    *lines, last = out.splitlines()
    return int(last) / 1024, "\n".join(lines)
