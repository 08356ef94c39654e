"""How much work something is, in steps that are the same every time: calls of Python functions, and ticks of SQLite's machine."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ledger.store.sqlite_connection import Connection

OPERATIONS_A_TICK = 20


class Steps:
    """What was counted."""

    def __init__(self) -> None:
        self.calls = self.ticks = 0

    def called(self, frame: Any, event: str, argument: Any) -> None:
        """For `sys.setprofile`."""
        self.calls += event == "call"

    def ticked(self) -> int:
        """For SQLite's progress handler."""
        self.ticks += 1
        return 0


@contextmanager
def counting(*connections: Connection) -> Iterator[Steps]:
    """Count the steps of this thread, and of those that it starts."""
    steps = Steps()
    for connection in connections:
        connection.sqlite.set_progress_handler(steps.ticked, OPERATIONS_A_TICK)
    threading.setprofile(steps.called)
    sys.setprofile(steps.called)
    try:
        yield steps
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        for connection in connections:
            connection.sqlite.set_progress_handler(None, 0)


def steps_of(work: Callable[[], object], *connections: Connection) -> tuple[int, int]:
    """(calls, ticks) of some work."""
    with counting(*connections) as steps:
        work()
    return steps.calls, steps.ticks
