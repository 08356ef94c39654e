"""Who is answered next where many ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from api.http.fair_queue import FairQueue
from api.http.problem import Unavailable

SLOW_S, QUICK_S = 0.1, 0.002


class Office:
    """Questions that are answered when `end` is called; what was begun, and what was answered, in order."""

    def __init__(self, desks: int = 2, most: int = 10) -> None:
        self.turns, self.begun = FairQueue(desks, most), []
        self.turns.took("slow", SLOW_S / 0.3)
        self.turns.took("quick", QUICK_S / 0.3)
        self._ends: dict[str, asyncio.Event] = {}

    async def ask(self, name: str) -> str:
        """The kind is the name's first word."""
        async with self.turns.turn(name.split()[0]):
            self.begun.append(name)
            self._ends[name] = asyncio.Event()
            await self._ends[name].wait()
        return name

    async def asked(self, *names: str) -> list[asyncio.Task[str]]:
        tasks = [asyncio.create_task(self.ask(name)) for name in names]
        await turns_of_the_loop()
        return tasks

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await turns_of_the_loop()


async def turns_of_the_loop() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def told(story: Callable[[Office], Awaitable[None]], office: Office | None = None) -> None:
    asyncio.run(story(office or Office()))


def test_what_is_quick_does_not_wait_for_what_is_slow():
    async def story(office: Office) -> None:
        await office.asked("slow 1", "slow 2", "slow 3", "slow 4", "quick 1", "quick 2")
        assert office.begun == ["slow 1", "slow 2", "quick 1"], "the slow ones do not take the desk of the quick ones"
        await office.end("quick 1")
        assert office.begun[3:] == ["quick 2"]
        await office.end("slow 1")
        assert office.begun[4:] == ["slow 3"], "and are answered in order"

    told(story)


def test_what_is_quick_is_found_when_others_come():
    """It was no quicker than the rest when it came."""

    async def story(office: Office) -> None:
        await office.asked("quick 1", "quick 2", "quick 3", "slow 1", "slow 2")
        assert office.begun == ["quick 1", "quick 2", "quick 3"]

    told(story)


def test_an_unknown_kind_waits_in_order():
    async def story(office: Office) -> None:
        await office.asked("slow 1", "slow 2", "slow 3", "new 1")
        assert office.begun == ["slow 1", "slow 2"]
        office.turns.took("new", QUICK_S)
        await office.asked("new 2")
        assert office.begun[2:] == ["new 2"], "now it is known"

    told(story)


def test_where_too_many_ask_the_slowest_leaves():
    async def story(office: Office) -> None:
        tasks = await office.asked("slow 1", "slow 2", "slow 3", "slow 4")
        with pytest.raises(Unavailable, match="4 requests are already waiting"):
            await office.ask("slow 5")
        await office.asked("quick 1")
        with pytest.raises(Unavailable):
            await tasks[3]
        assert not tasks[2].done() and office.begun == ["slow 1", "slow 2", "quick 1"]

    told(story, Office(most=4))


def test_nobody_is_sent_away_who_is_being_answered():
    async def story(office: Office) -> None:
        await office.asked("slow 1", "slow 2")
        with pytest.raises(Unavailable):
            await office.ask("quick 1")

    told(story, Office(most=2))


def test_a_client_that_leaves_takes_no_desk_along():
    async def story(office: Office) -> None:
        tasks = await office.asked("slow 1", "slow 2", "slow 3", "slow 4")
        tasks[0].cancel()
        await turns_of_the_loop()
        assert office.begun == ["slow 1", "slow 2", "slow 3"]
        office._ends["slow 2"].set()
        tasks[3].cancel()  # in the very turn in which it would be called
        await office.asked("slow 5")
        assert office.begun == ["slow 1", "slow 2", "slow 3", "slow 5"]
        (task,) = await office.asked("slow 6")
        office._ends["slow 3"].set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await office.asked("slow 7")
        assert "slow 7" in office.begun

    told(story)
