"""One connection of the server: uvicorn's, with an end to every wait for its client."""

from __future__ import annotations

from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .connection_limit import ConnectionLimit

LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
LEAST_TAKEN = 16 * 1024
"""A client that takes fewer bytes between two looks, while more lie ready, is stuck."""


class Connection(H11Protocol):
    """Tells the limit what it waits for: its client's request, or its own answer. A connection that is kept between two requests
    is ended by uvicorn, after `timeout_keep_alive`."""

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
        """A request, or part of one. Its time began with the connection, or with the first byte after the last answer."""
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
        """Close it when all is sent, with status 408 where a request was begun and not answered."""
        if late and self._begun and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(LATE)
        self.transport.close()

    def has_sent_all(self) -> bool:
        """Whether nothing is left to be sent."""
        return not self.transport.get_write_buffer_size()

    def is_stuck(self) -> bool:
        """Whether the client took next to nothing of its answer since this was last asked."""
        before, self._unread = self._unread, self.transport.get_write_buffer_size() or None
        return before is not None and self._unread is not None and self._unread > before - LEAST_TAKEN

    def resume_writing(self) -> None:
        """Most of the answer was taken, so the next look begins anew."""
        self._unread = None
        super().resume_writing()

    def abort(self) -> None:
        """Close it at once, whatever was still to be sent."""
        self.transport.abort()
