"""Examination by several processes, in one of them: how wide a task is, what it gives, and how it ends early."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import FormatError, StorageError, Unverifiable
from ledger.examination import parallel
from ledger.examination.examine import brief
from ledger.examination.parallel import AHEAD, RANGE, TASKS_EACH, TOGETHER, TOGETHER_BYTES, Cut, Part, examined
from ledger.findings.scope import EVERYTHING
from ledger.log.tile import FULL_WIDTH
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small


class Given:
    """A source of these entries, which at last raises an error if there is one. `read` counts what was taken from it."""

    def __init__(self, entries: list[bytes], error: Exception | None = None) -> None:
        self._entries, self._error, self.read, self.opened = entries, error, 0, 0

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        for raw in self._entries[start:end]:
            self.read += 1
            yield raw
        if self._error is not None and end > len(self._entries):
            raise self._error

    def opener(self) -> Any:
        self.opened += 1
        return lambda: self


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process as a worker, and as it was before."""
    interrupt, own = signal.getsignal(signal.SIGINT), parallel._Own()
    monkeypatch.setattr(parallel, "_own", own)
    yield
    signal.signal(signal.SIGINT, interrupt)


@pytest.mark.parametrize(
    ("entries", "jobs", "width"),
    [
        (RANGE + 1, 2, FULL_WIDTH), (2 * TASKS_EACH * FULL_WIDTH, 2, FULL_WIDTH), (4 * TASKS_EACH * FULL_WIDTH - 1, 2, FULL_WIDTH),
        (4 * TASKS_EACH * FULL_WIDTH, 2, 2 * FULL_WIDTH), (6 * TASKS_EACH * FULL_WIDTH, 2, 3 * FULL_WIDTH),
        (4 * TASKS_EACH * FULL_WIDTH, 4, FULL_WIDTH), (8 * TASKS_EACH * FULL_WIDTH, 2, RANGE), (10**9, 2, RANGE),
        (1, 64, FULL_WIDTH),
    ],
)  # fmt: skip
def test_a_task_is_whole_tiles_and_no_more_than_a_range(entries: int, jobs: int, width: int):
    assert parallel._width(entries, jobs) == width


def test_what_is_seen_comes_before_what_cuts_it_off():
    parts = iter([Part(["a", "b"], None), Part(["c"], ("missing", "gone")), Part(["d"], None)])
    given, found = parallel._given(parts), []
    with pytest.raises(Cut, match="gone") as cut:
        found.extend(given)
        found.extend(iter(given))
    assert (cut.value.rule, cut.value.message) == ("missing", "gone")
    assert list(parallel._given(iter([Part(["a"], None), Part([], None)]))) == ["a"]


@pytest.mark.parametrize("ahead", [1, 2, 4, 9])
def test_tasks_are_taken_in_order_with_so_many_begun(ahead: int):
    begun: list[int] = []

    def tasks() -> Iterator[Future[Part]]:
        for number in range(7):
            begun.append(number)
            future: Future[Part] = Future()
            future.set_result(Part([number], None))
            yield future

    most = []
    for number, part in enumerate(parallel._in_order(tasks(), ahead)):
        assert part.seen == [number]
        most.append(len(begun) - number - 1)
    assert number == 6 and max(most) == min(ahead, 6)


@pytest.mark.parametrize(
    ("sizes", "taken"),
    [
        ([10] * (TOGETHER - 1), TOGETHER - 1), ([10] * TOGETHER, TOGETHER), ([10] * (TOGETHER + 1), TOGETHER), ([], 0),
        ([TOGETHER_BYTES, 1], 1), ([TOGETHER_BYTES - 1, 1, 1], 2), ([TOGETHER_BYTES - 2, 1, 1, 1], 3),
        ([TOGETHER_BYTES // 2] * 3, 2),
    ],
)  # fmt: skip
def test_so_much_is_read_in_one_go(sizes: list[int], taken: int):
    raws: list[bytes] = []
    assert parallel._read(iter([bytes(size) for size in sizes]), raws) is None and len(raws) == taken


@pytest.mark.parametrize(
    ("error", "cut"),
    [
        (Unverifiable("gone", rule="unreachable"), ("unreachable", "gone")),
        (FormatError("odd", rule="size-limit"), ("tile", "odd")),
    ],
)
@pytest.mark.parametrize("together", [2, TOGETHER])
def test_why_a_source_gives_no_more_is_told(
    small: Small, error: Exception, cut: tuple[str, str], together: int, worker: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(parallel, "TOGETHER", together)
    source = Given(small.entries, error)
    parallel._begin(lambda: source, EVERYTHING)
    part = parallel._task(4, 9)
    assert (part.seen, part.cut) == ([brief(small.entries[index], index) for index in (4, 5)], cut)
    found = []
    with pytest.raises(Cut) as ended:
        found.extend(examined(source, 0, 9, EVERYTHING, 1))
    assert (ended.value.rule, ended.value.message) == cut


def test_what_the_disk_refuses_is_raised_as_it_is(small: Small):
    with pytest.raises(StorageError):
        list(examined(Given(small.entries, StorageError("x", rule="storage")), 0, 9, EVERYTHING, 1))


def test_a_task_is_a_range_as_one_value(small: Small, worker: None, monkeypatch: pytest.MonkeyPatch):
    """Read some at a time; the source is opened at the first task, and once; an interrupt is not for a worker."""
    monkeypatch.setattr(parallel, "TOGETHER", 2)
    source = Given(small.entries)
    opened: list[Given] = []
    parallel._begin(lambda: opened.append(source) or source, EVERYTHING)
    assert not opened and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert parallel._task(0, 5) == Part([brief(small.entries[index], index) for index in range(5)], None)
    assert parallel._task(5, 6) == Part([brief(small.entries[5], 5)], None)
    assert opened == [source] and source.read == 6
    assert parallel._task(3, 3) == Part([], None)


def test_a_source_that_gives_less_and_says_nothing_ends_the_range(small: Small):
    assert len(list(examined(Given(small.entries), 0, 900, EVERYTHING, 1))) == len(small.entries)


@pytest.mark.parametrize(("end", "jobs", "alone"), [(6, 4, True), (6, 1, True), (2, 3, True)])
def test_a_short_log_is_examined_in_this_process(small: Small, end: int, jobs: int, alone: bool):
    source = Given(small.entries)
    assert list(examined(source, 0, end, EVERYTHING, jobs)) == [brief(small.entries[index], index) for index in range(end)]
    assert (source.opened == 0) is alone


@pytest.mark.parametrize(("bound", "opened"), [(6, 0), (5, 1), (0, 1)])
def test_a_log_beyond_one_range_is_not_where_processes_can_be_forked(
    small: Small, bound: int, opened: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(parallel, "RANGE", bound)
    source, tasks, widths, aheads, ended = Given(small.entries), [], [], [], []

    class Pool:
        """Stands for the processes: this one does their work."""

        def __init__(self, jobs: int, context: Any, initializer: Any, initargs: Any) -> None:
            assert (jobs, context.get_start_method()) == (2, "fork")
            initializer(*initargs)

        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *raised: object) -> None:
            return None

        def submit(self, work: Any, *values: Any) -> Future[Part]:
            tasks.append(values)
            done: Future[Part] = Future()
            done.set_result(work(*values))
            return done

        def shutdown(self, cancel_futures: bool) -> None:
            ended.append(cancel_futures)

    interrupt = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(parallel, "_own", parallel._Own())
    monkeypatch.setattr(parallel, "_width", lambda entries, jobs: widths.append((entries, jobs)) or 4)
    in_order = parallel._in_order
    monkeypatch.setattr(parallel, "_in_order", lambda begun, ahead: aheads.append(ahead) or in_order(begun, ahead))
    try:
        assert list(examined(source, 0, 6, EVERYTHING, 2)) == [brief(raw, index) for index, raw in enumerate(small.entries)]
        assert [one.hash for one in examined(source, 3, 6, EVERYTHING, 1)] == [brief(raw, 0).hash for raw in small.entries[3:]]
        assert source.opened == opened and (tasks, widths) == ([(0, 4), (4, 6)] * opened, [(6, 2)] * opened)
        assert len(list(examined(source, 3, 6, EVERYTHING, 2))) == 3
        if bound == 0:
            assert (tasks[2:], widths[1:], aheads) == ([(3, 4), (4, 6)], [(3, 2)], [4, 4]) and ended == [True, True]
            return
        assert source.opened == opened, "three entries are of one range"
        monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
        assert len(list(examined(source, 0, 6, EVERYTHING, 2))) == 6 and source.opened == opened
    finally:
        signal.signal(signal.SIGINT, interrupt)


def test_two_are_begun_for_each_process():
    assert (AHEAD, RANGE % FULL_WIDTH, RANGE // FULL_WIDTH) == (2, 0, 4)


def test_a_folder_is_examined_by_two_processes_as_by_one(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel, "RANGE", 2)
    source = FolderSource(small.folder)
    assert list(examined(source, 1, 6, EVERYTHING, 2)) == list(examined(source, 1, 6, EVERYTHING, 1))
