"""Examination by several processes: each takes a range of entries, reads it from its own source, and returns what it saw."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from ..errors import InputError, StorageError, Unverifiable
from ..findings.scope import Scope
from ..log.tile import FULL_WIDTH
from ..log_files.source import Source
from ..log_files.tiled import Opener
from .chunk import Chunk, Examiner
from .examine import Brief

# Entries per task: four tiles, so a task that reads over a network can read ahead. Tasks started per process: this bounds the
# results that wait to be taken in order.
RANGE = 1024
AHEAD = 2
TASKS_EACH = 8
# How many entries are examined before they are taken. Alternating entry by entry would be a tenth slower, because each step evicts
# the other's data from the processor's caches.
TOGETHER = 256
TOGETHER_BYTES = 1 << 20

Seen = Brief | Chunk


class Cut(Exception):
    """The source gives no more entries; `rule` and `message` say why."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


class Part(NamedTuple):
    """The result of a range: what was seen, and why it ends early, as (rule, message), or None."""

    seen: list[Seen]
    cut: tuple[str, str] | None


def examined(source: Source, start: int, end: int, scope: Scope, jobs: int) -> Iterator[Seen]:
    """Examine the entries [start, end): with `jobs` processes besides this one, or for 1 in this process.

    Raises Cut if the source gives no more, after yielding what came before; StorageError."""
    if jobs == 1 or end - start <= RANGE or "fork" not in multiprocessing.get_all_start_methods():
        yield from _given(_parts(source, start, end, Examiner(scope)))
        return
    width = _width(end - start, jobs)
    starts = range(start - start % width, end, width)
    # A worker begins as a copy of this process, so close what the source has open first.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(source.opener(), scope)) as pool:
        tasks = (pool.submit(_task, max(first, start), min(first + width, end)) for first in starts)
        try:
            yield from _given(_in_order(tasks, AHEAD * jobs))
        except BrokenProcessPool:
            raise StorageError(
                "another program ended a process of the verification; verify again with fewer --jobs", rule="process",
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)  # and waits, so no process is left behind


def _width(entries: int, jobs: int) -> int:
    """How many entries a task has: whole tiles, and few enough that all processes end at about the same time."""
    tiles = entries // (TASKS_EACH * jobs * FULL_WIDTH)
    return min(RANGE, max(1, tiles) * FULL_WIDTH)


def _given(parts: Iterator[Part]) -> Iterator[Seen]:
    for part in parts:
        yield from part.seen
        if part.cut:
            raise Cut(*part.cut)


def _in_order(tasks: Iterator[Future[Part]], ahead: int) -> Iterator[Part]:
    """The results of the tasks in order, with `ahead` of them started."""
    begun = deque(islice(tasks, ahead))
    while begun:
        part = begun.popleft().result()
        begun.extend(islice(tasks, 1))
        yield part


def _parts(source: Source, start: int, end: int, examiner: Examiner) -> Iterator[Part]:
    """The entries, some at a time."""
    entries = source.entries(start, end)
    while start < end:
        raws: list[bytes] = []
        cut = _read(entries, raws)
        yield Part(list(examiner.examine(raws, start)), cut)
        start += len(raws)
        if cut or not raws:
            return


def _read(entries: Iterator[bytes], raws: list[bytes]) -> tuple[str, str] | None:
    """Read more entries. Returns why the source gives no more, as (rule, message), or None."""
    size_bytes = 0
    try:
        for raw in islice(entries, TOGETHER):
            raws.append(raw)
            size_bytes += len(raw)
            if size_bytes >= TOGETHER_BYTES:
                break
    except Unverifiable as error:
        return error.rule, error.message
    except InputError as error:
        return "tile", error.message
    return None


def _begin(opener: Opener, scope: Scope) -> None:
    """The first call in a worker. An interrupt is left to the process that waits for the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _own.opener, _own.examiner = opener, Examiner(scope)


def _task(start: int, end: int) -> Part:
    """In a worker: the whole range as one value."""
    parts = list(_parts(_own.source, start, end, _own.examiner))
    return Part([seen for part in parts for seen in part.seen], parts[-1].cut if parts else None)


class _Own:
    """A worker's own state: what it has seen, and a source that is opened on first use, so that a failure to open it belongs to the
    task."""

    opener: Opener
    examiner: Examiner

    @cached_property
    def source(self) -> Source:
        opened: Source = self.opener()
        return opened


_own = _Own()
