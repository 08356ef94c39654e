"""Who is answered next: first come, first served, and one desk beside that for what takes little time."""

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
"""A question is quick that is expected to take less than this part of what those that are there take on average: so the pace of the
machine, and what else it does, do not matter."""


class Line(Enum):
    """Where a question is answered."""

    IN_ORDER = "in order"
    QUICK = "quick"


class FairQueue:
    """At most `desks` questions are answered at once in the order in which they came, and one more, where one is expected to take
    much less than the others. With those that wait there are at most `most`. For the thread of the event loop.

    How long a kind takes is known from those that were answered; a kind that nobody asked about yet is not expected to be quick.
    Kinds are few: routes of an app, say.
    """

    def __init__(self, desks: int, most: int) -> None:
        self._free = [Line.QUICK, *[Line.IN_ORDER] * desks]
        self._most = most
        self._at_work: list[float] = []
        self._waiting: deque[tuple[float, asyncio.Future[Line]]] = deque()
        self._took_s: dict[Hashable, float] = {}

    @asynccontextmanager
    async def turn(self, kind: Hashable) -> AsyncIterator[None]:
        """Within it a question of this kind may be answered. Raises Unavailable where too many wait that are expected to take no
        longer, and for one that waits when a shorter one needs its place."""
        expected_s = self._took_s.get(kind, inf)
        desk = await self._desk(expected_s)
        self._at_work.append(expected_s)
        try:
            yield
        finally:
            self._at_work.remove(expected_s)
            self._give(desk)

    def took(self, kind: Hashable, seconds: float) -> None:
        """One of a kind was answered. The newest counts for three tenths: one alone may have had files to open."""
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
        """Make place for a question among those that wait: the last of the slowest leaves, or this one does."""
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
        """Give the free desks to those who are next."""
        for desk in sorted(self._free, key=lambda free: free is Line.QUICK):
            next_one = self._next(desk)
            if next_one is not None:
                self._free.remove(desk)
                self._forget(next_one)
                next_one.set_result(desk)

    def _next(self, desk: Line) -> asyncio.Future[Line] | None:
        waiting = [waits for waits in self._waiting if not waits[1].done()]  # one that is done is of a client that has left
        if not waiting:
            return None
        if desk is Line.IN_ORDER:
            return waiting[0][1]
        there = [expected_s for expected_s in (*self._at_work, *[waits[0] for waits in waiting]) if expected_s < inf]
        least_s, asked = min(waiting, key=lambda waits: waits[0])
        return asked if least_s * len(there) < QUICK * sum(there) else None
