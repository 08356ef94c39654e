"""One thread that owns what only one thread may use: a view, or a store. Questions are put to it one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

from .problem import Unavailable


class Closable(Protocol):
    """What a keeper keeps."""

    def close(self) -> None:
        """Let go of files."""


Kept = TypeVar("Kept", bound=Closable)
Answer = TypeVar("Answer")


class Keeper(Generic[Kept]):
    """Keeps what `open_one` makes, from the first question on. At most `waiting` questions wait; more raise Unavailable."""

    def __init__(self, name: str, open_one: Callable[[], Kept], waiting: int) -> None:
        self._open_one, self._waiting = open_one, waiting
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._asked = 0
        self._kept: Kept | None = None

    async def ask(self, question: Callable[[Kept], Answer]) -> Answer:
        """The answer to a question, worked out in the keeper's thread. Raises what the question raises, and Unavailable."""
        if self._asked >= self._waiting:
            raise Unavailable(f"{self._asked} questions wait already; ask again in a second", rule="overload")
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, question)
        finally:
            self._asked -= 1

    def _answer(self, question: Callable[[Kept], Answer]) -> Answer:
        if self._kept is None:
            self._kept = self._open_one()
        return question(self._kept)

    def close(self) -> None:
        """Let go of what is kept, when the question that is being answered has been; a later one opens it again."""
        self._thread.submit(self._let_go).result()

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
