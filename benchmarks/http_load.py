"""Sends requests to a server on this machine over persistent connections, and measures answers per second, or how long each
takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import NamedTuple

HOST = "127.0.0.1"


class Load(NamedTuple):
    """The measurement: answers per second, and how long each took, in seconds, ascending."""

    rate: float
    took_s: list[float]

    def percentile_ms(self, share: float) -> float:
        """The milliseconds within which this share of the answers arrived."""
        return 1000 * self.took_s[min(len(self.took_s) - 1, int(share * len(self.took_s)))]


class _Connection(asyncio.Protocol):
    """Requests one path after the other until it is told to stop; every answer must have status 200."""

    def __init__(self, paths: Iterator[bytes], took_s: list[float]) -> None:
        self._paths, self._took_s = paths, took_s
        self._left = -1
        self._head = b""
        self.stopped = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._left, self._head = -1, b""
        self._asked_s = time.perf_counter()
        self._transport.write(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % next(self._paths))

    def data_received(self, data: bytes) -> None:
        if self._left < 0:
            self._head += data
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 200"), head
            _, _, rest = head.lower().partition(b"\r\ncontent-length: ")
            self._left, data = int(rest.partition(b"\r\n")[0]), body
        self._left -= len(data)
        if self._left == 0:
            self._took_s.append(time.perf_counter() - self._asked_s)
            self._go_on()

    def _go_on(self) -> None:
        if not self.stopped:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


def measure(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    """Request the paths in turn, for this many seconds, over this many connections at once."""
    return asyncio.run(_measured(port, paths, connections, seconds))


async def _measured(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    took_s: list[float] = []
    turn = cycle([path.encode() for path in paths])
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    asking = [(await loop.create_connection(lambda: _Connection(turn, took_s), HOST, port))[1] for _ in range(connections)]
    await asyncio.sleep(seconds)
    for connection in asking:
        connection.stopped = True
    await asyncio.gather(*[connection.ended for connection in asking])
    return Load(len(took_s) / (time.perf_counter() - began), sorted(took_s))
