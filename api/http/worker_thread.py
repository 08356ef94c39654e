"""A few threads that answer questions from a view or a store, which only one thread at a time may use.

Each question has a view or store to itself and a time limit, so a slow question does not make others wait. One extra thread answers
quick questions while the others are busy with slow ones.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from threading import Condition
from typing import Generic, Protocol, TypeVar

from ledger.errors import StorageError

from .fair_queue import FairQueue
from .problem import Unavailable

TOO_LONG = "too-long"


class Closable(Protocol):
    """What a worker thread keeps open."""

    def within(self, is_over: Callable[[], bool]) -> AbstractContextManager[None]:
        """Inside the block, reading stops when `is_over` returns true: it raises StorageError, rule "too-long"."""

    def close(self) -> None:
        """Close its files."""


Kept = TypeVar("Kept", bound=Closable)
Answer = TypeVar("Answer")


class WorkerThread(Generic[Kept]):
    """Keeps up to `threads` objects made by `open_one`, and one more; another is opened when a question comes while all of them are
    in use. A question gets `budget_s` seconds. At most `waiting` questions wait or are being answered; beyond that Unavailable is
    raised, for the slowest first."""

    def __init__(self, name: str, open_one: Callable[[], Kept], waiting: int, threads: int, budget_s: float) -> None:
        self._open_one, self._budget_s = open_one, budget_s
        self._pool = ThreadPoolExecutor(threads + 1, thread_name_prefix=name)
        self._turns = FairQueue(threads, waiting)
        self._idle: list[Kept] = []
        self._in_use = 0
        self._changed = Condition()

    async def ask(self, question: Callable[[Kept], Answer], kind: Hashable = None) -> Answer:
        """The answer to a question, computed in one of the threads. Questions of one `kind` take about as long as each other.
        Raises what the question raises, and Unavailable."""
        async with self._turns.turn(kind):
            loop = asyncio.get_running_loop()
            answer, took_s = await loop.run_in_executor(self._pool, self._timed, question, loop.time)
            self._turns.took(kind, took_s)
            return answer

    def _timed(self, question: Callable[[Kept], Answer], clock_s: Callable[[], float]) -> tuple[Answer, float]:
        """The answer, and the processor time in seconds that it took."""
        began_s = time.thread_time()
        return self._answer(question, clock_s), time.thread_time() - began_s

    def _answer(self, question: Callable[[Kept], Answer], clock_s: Callable[[], float]) -> Answer:
        with self._one() as kept:
            until = clock_s() + self._budget_s
            try:
                with kept.within(lambda: clock_s() >= until):
                    return question(kept)
            except StorageError as error:
                if error.rule != TOO_LONG:
                    raise
                message = f"the answer takes longer than the {self._budget_s:g} seconds that this server allows; ask for less"
                raise Unavailable(message, rule=TOO_LONG) from None

    @contextmanager
    def _one(self) -> Iterator[Kept]:
        """Of the free ones, the one that was used last, because its caches are the fullest."""
        with self._changed:
            kept = self._idle.pop() if self._idle else None
            self._in_use += 1
        try:
            kept = kept or self._open_one()
            yield kept
        finally:
            with self._changed:
                self._in_use -= 1
                if kept is not None:
                    self._idle.append(kept)
                self._changed.notify_all()

    def close(self) -> None:
        """Close what is kept, once the current questions are answered; a later question opens it again."""
        with self._changed:
            self._changed.wait_for(lambda: not self._in_use)
            idle, self._idle = self._idle, []
        for kept in idle:
            kept.close()
