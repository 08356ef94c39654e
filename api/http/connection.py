"""One connection of the server: uvicorn's, with a limit on every wait for its client."""

from __future__ import annotations

from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .connection_limit import ConnectionLimit

LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
LEAST_TAKEN = 16 * 1024
"""A client that takes fewer bytes than this between two checks, while more are ready, is stuck."""


class Connection(H11Protocol):
    """Tells the connection limit what it is waiting for: its client's request, or its own response. Between two requests uvicorn
    ends a connection after `timeout_keep_alive`."""

    def __init__(self, *, limit: ConnectionLimit, **uvicorns: Any) -> None:
        super().__init__(**uvicorns)
        self._limit = limit
        self._begun = self._kept = False
        self._unread: int | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._limit.enter(self, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        self._limit.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A request, or part of one. Its time started when the client connected, or with the first byte after the last response."""
        if self._kept:
            self._kept = False
            self._limit.expect(self, self.loop.time(), again=True)
        self._begun = True
        super().data_received(data)
        self._say()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._kept, self._begun = self.conn.their_state is h11.IDLE, bool(self.conn.trailing_data[0])
        self._say()

    def _say(self) -> None:
        if self.transport.is_closing() or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._limit.answer(self)
        else:
            self._limit.expect(self, self.loop.time())

    def end(self, late: bool = False) -> None:
        """Close it when everything is sent; with status 408 if a request was started and not answered."""
        if late and self._begun and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(LATE)
        self.transport.close()

    def has_sent_all(self) -> bool:
        """Whether there is nothing left to send."""
        return not self.transport.get_write_buffer_size()

    def is_stuck(self) -> bool:
        """Whether the client took almost nothing of its response since the last call."""
        before, self._unread = self._unread, self.transport.get_write_buffer_size() or None
        return before is not None and self._unread is not None and self._unread > before - LEAST_TAKEN

    def resume_writing(self) -> None:
        """Most of the response was taken, so the next check starts over."""
        self._unread = None
        super().resume_writing()

    def abort(self) -> None:
        """Close it at once, whatever is still unsent."""
        self.transport.abort()
