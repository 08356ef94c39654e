"""Decides who is answered next: first come, first served, and one extra desk for short questions."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from enum import Enum
from math import inf

from .problem import Unavailable

NEWEST = 0.3
QUICK = 1 / 2
"""A question is quick if it is expected to take less than this fraction of the average of those being answered. A relative limit
does not depend on the machine's speed or load."""


class Line(Enum):
    """Where a question is answered."""

    IN_ORDER = "in order"
    QUICK = "quick"


class FairQueue:
    """Answers at most `desks` questions at once, in the order in which they came, and one more if it is expected to take much less
    time than the others. Including those that wait there are at most `most`. Call it from the thread of the event loop.

    The expected time of a kind is learned from past answers. A kind that nobody has asked about yet is not expected to be quick.
    There must be few kinds, such as the routes of an app.
    """

    def __init__(self, desks: int, most: int) -> None:
        self._free = [Line.QUICK, *[Line.IN_ORDER] * desks]
        self._most = most
        self._at_work: list[float] = []
        self._waiting: deque[tuple[float, asyncio.Future[Line]]] = deque()
        self._took_s: dict[Hashable, float] = {}

    @asynccontextmanager
    async def turn(self, kind: Hashable) -> AsyncIterator[None]:
        """Inside the block a question of this kind may be answered. Raises Unavailable if too many questions wait that are expected
        to take no longer, or if a shorter one takes the place of this one while it waits."""
        expected_s = self._took_s.get(kind, inf)
        desk = await self._desk(expected_s)
        self._at_work.append(expected_s)
        try:
            yield
        finally:
            self._at_work.remove(expected_s)
            self._give(desk)

    def took(self, kind: Hashable, seconds: float) -> None:
        """A question of a kind was answered. The newest time counts for three tenths, because a single one may have had files to
        open."""
        self._took_s[kind] = (1 - NEWEST) * self._took_s.get(kind, 0.0) + NEWEST * seconds

    async def _desk(self, expected_s: float) -> Line:
        if len(self._at_work) + len(self._waiting) >= self._most:
            self._send_away(expected_s)
        asked: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self._waiting.append((expected_s, asked))
        self._call()
        try:
            return await asked
        except asyncio.CancelledError:
            self._forget(asked)
            if asked.done() and not asked.cancelled():
                self._give(asked.result())
            raise

    def _send_away(self, expected_s: float) -> None:
        """Make room among the waiting questions for this one: the last of the slowest kind is dropped, or this one is."""
        slowest_s, asked = max(reversed(self._waiting), key=lambda waits: waits[0], default=(0.0, None))
        refused = Unavailable(f"{self._most} requests are already waiting; ask again in a second", rule="overload")
        if asked is None or slowest_s <= expected_s:
            raise refused
        self._forget(asked)
        asked.set_exception(refused)

    def _forget(self, asked: asyncio.Future[Line]) -> None:
        self._waiting = deque(waits for waits in self._waiting if waits[1] is not asked)

    def _give(self, desk: Line) -> None:
        self._free.append(desk)
        self._call()

    def _call(self) -> None:
        """Give the free desks to the next questions."""
        for desk in sorted(self._free, key=lambda free: free is Line.QUICK):
            next_one = self._next(desk)
            if next_one is not None:
                self._free.remove(desk)
                self._forget(next_one)
                next_one.set_result(desk)

    def _next(self, desk: Line) -> asyncio.Future[Line] | None:
        waiting = [waits for waits in self._waiting if not waits[1].done()]  # a done one belongs to a client that has disconnected
        if not waiting:
            return None
        if desk is Line.IN_ORDER:
            return waiting[0][1]
        there = [expected_s for expected_s in (*self._at_work, *[waits[0] for waits in waiting]) if expected_s < inf]
        least_s, asked = min(waiting, key=lambda waits: waits[0])
        return asked if least_s * len(there) < QUICK * sum(there) else None
