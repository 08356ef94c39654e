"""Checkpoints as a stream of server-sent events (HTML standard §9.2), each when it is published."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ledger.canonical import encode
from ledger.errors import StorageError

from .problem import Unavailable
from .settings import STREAM_S
from .signed_head import Head, SignedHead

MEDIA = "text/event-stream"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
MOST_EACH = 10
LOOK_S = 0.5
"""How often a stream looks for a newer checkpoint, which costs one `stat` of a small file."""
SILENCE_S = 15
"""After this long without a checkpoint a comment line is sent, so that no proxy takes the connection for dead."""


class Streams:
    """The open streams of an app: at most `most`, and ten per client. Each ends after ten minutes, and a browser opens the next by
    itself."""

    def __init__(self, signed_head: SignedHead, most: int) -> None:
        self._published, self._most = signed_head, most
        self._ends: dict[asyncio.Event, str | None] = {}

    @property
    def open(self) -> int:
        """How many streams are open."""
        return len(self._ends)

    def answer(self, seen_size: int, client: str | None = None) -> Response:
        """Events of checkpoints other than the one of `seen_size` entries: the current one at once, each newer one when it is
        published. Raises Unavailable if too many streams are open, in all or for this client, if it is known."""
        own = sum(other == client for other in self._ends.values()) if client else 0
        if len(self._ends) >= self._most or own >= MOST_EACH:
            raise Unavailable(f"{own or len(self._ends)} streams are already open; ask for /checkpoint instead", rule="overload")
        end = asyncio.Event()
        self._ends[end] = client
        return _Stream(_events(self._published, seen_size, end), lambda: self._ends.pop(end, None))

    def end(self) -> None:
        """End all streams soon. Call it from the thread of the event loop."""
        for end in self._ends:
            end.set()


class _Stream(StreamingResponse):
    """Calls `ended` when the client has everything or has gone."""

    def __init__(self, events: AsyncIterator[bytes], ended: Callable[[], object]) -> None:
        super().__init__(events, headers=HEADERS, media_type=MEDIA)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


async def _events(signed_head: SignedHead, seen_size: int, end: asyncio.Event) -> AsyncIterator[bytes]:
    now_s = asyncio.get_running_loop().time
    began_s = spoke_s = now_s()
    yield b"retry: 2000\n\n"
    while not end.is_set() and now_s() - began_s < STREAM_S:
        try:
            head = signed_head.head()
        except StorageError:  # the next request gets the error
            return
        if head.tree_size != seen_size:
            seen_size, spoke_s = head.tree_size, now_s()
            yield event_of(head)
        elif now_s() - spoke_s >= SILENCE_S:
            spoke_s = now_s()
            yield b": still here\n\n"
        try:
            await asyncio.wait_for(end.wait(), LOOK_S)
        except TimeoutError:
            continue


def event_of(head: Head) -> bytes:
    """A checkpoint as an event: its id is the tree size; its data is one line of JSON with tree size, root and the signed note."""
    data = encode({"note": head.note.decode(), "root": head.root.hex(), "tree_size": head.tree_size})
    return b"id: %d\nevent: checkpoint\ndata: %b\n\n" % (head.tree_size, data)
