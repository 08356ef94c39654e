"""Examination by several processes: each takes a range of entries, reads it from a source of its own, and sends back briefs."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from ..errors import InputError, StorageError, Unverifiable
from .examine import Brief, brief
from .scope import Scope
from .source import Source

# Entries a task: four tiles, so that a task which reads over a network reads ahead; and tasks begun for each process, which bounds
# what waits to be taken in order.
RANGE = 1024
AHEAD = 2
TOGETHER = 64


class Cut(Exception):
    """The source gives no more entries; `rule` and `message` say why."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


class Part(NamedTuple):
    """What came of a range: briefs, and why it ends early, (rule, message), or None."""

    briefs: list[Brief]
    cut: tuple[str, str] | None


def briefs_of(source: Source, start: int, end: int, scope: Scope, jobs: int) -> Iterator[Brief]:
    """Examine the entries [start, end), with `jobs` processes beside this one, or in this one for 1.

    Raises Cut where the source gives no more, after the briefs of what came before; StorageError."""
    if jobs == 1 or end - start <= RANGE or "fork" not in multiprocessing.get_all_start_methods():
        yield from _together(_examine(source, start, end, scope))
        return
    starts = range(start - start % RANGE, end, RANGE)
    # A worker begins as a copy of this process, so what the source has open is let go of before.
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _begin, (source.opener(),)) as pool:
        tasks = (pool.submit(_task, max(first, start), min(first + RANGE, end), scope) for first in starts)
        try:
            yield from _in_order(tasks, AHEAD * jobs)
        except BrokenProcessPool:
            raise StorageError("a process was ended from outside; verify again, with fewer --jobs", rule="process") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_order(tasks: Iterator[Future[Part]], ahead: int) -> Iterator[Brief]:
    """What each gives, one after the other, with so many begun."""
    begun = deque(islice(tasks, ahead))
    while begun:
        part = begun.popleft().result()
        begun.extend(islice(tasks, 1))
        yield from part.briefs
        if part.cut:
            raise Cut(*part.cut)


def _together(briefs: Iterator[Brief]) -> Iterator[Brief]:
    """The same, some at a time: to examine and to take in turn, one by one, would cost a tenth more, for each drives the other out
    of the processor's caches."""
    while True:
        part = _part(islice(briefs, TOGETHER))
        yield from part.briefs
        if part.cut:
            raise Cut(*part.cut)
        if len(part.briefs) < TOGETHER:
            return


def _part(briefs: Iterator[Brief]) -> Part:
    taken: list[Brief] = []
    try:
        taken.extend(briefs)
    except Cut as cut:
        return Part(taken, (cut.rule, cut.message))
    return Part(taken, None)


def _examine(source: Source, start: int, end: int, scope: Scope) -> Iterator[Brief]:
    try:
        for index, raw in enumerate(source.entries(start, end), start):
            yield brief(raw, index, scope)
    except Unverifiable as error:
        raise Cut(error.rule, error.message) from None
    except InputError as error:
        raise Cut("tile", error.message) from None


def _begin(opener: Callable[[], Source]) -> None:
    """In a worker, first of all. An interrupt is for the process that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _own.opener = opener


def _task(start: int, end: int, scope: Scope) -> Part:
    """In a worker: the range as one value."""
    return _part(_examine(_own.source, start, end, scope))


class _Own:
    """What a worker has of its own: a source, opened when it is first asked for, so that a failure is the task's."""

    opener: Callable[[], Source]

    @cached_property
    def source(self) -> Source:
        return self.opener()


_own = _Own()
