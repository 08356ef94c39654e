"""The listening socket, which accepts only as many connections as there is room for, and the limit for that."""

from __future__ import annotations

import errno
import resource
import select
import socket
import time

from ledger.errors import UsageError

from .connection_limit import ConnectionLimit

RESERVED = 64
"""File descriptors reserved for everything except connections, mainly the ledger's files."""
FEWEST = 16
NO_DESCRIPTOR = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
PAUSE_S = 0.01
FULL = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def places(wanted: int) -> int:
    """How many connections this process may have open: `wanted`, or fewer if its limit of open files is too low. The soft limit is
    raised as far as needed and allowed. Raises UsageError if almost none are left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + RESERVED:
        soft = _raised(soft, hard, wanted + RESERVED)
    most = wanted if soft == resource.RLIM_INFINITY else min(wanted, soft - RESERVED)
    if most < min(wanted, FEWEST):
        raise UsageError(
            f"this process may open only {soft} files, too few for connections; allow more with `ulimit -n 1024`",
            rule="usage", where="descriptors",
        )  # fmt: skip
    return most


def _raised(soft: int, hard: int, wanted: int) -> int:
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (OSError, ValueError):  # a system may allow less than its hard limit says
        return soft
    return most


class Listener(socket.socket):
    """A listening socket for asyncio, which calls `accept` until it would block. A plain socket would accept all waiting
    connections at once, beyond the limit of descriptors, and then try again and again."""

    def __init__(self, listening: socket.socket, limit: ConnectionLimit) -> None:
        """Replaces `listening`, which must not be used any more."""
        super().__init__(fileno=listening.detach())
        self._limit = limit

    def accept(self) -> tuple[socket.socket, object]:
        """The next connection, if there is room for it. Raises BlockingIOError if there is none now."""
        while self._limit.is_full and self._is_asked():
            if self._limit.make_room():
                raise BlockingIOError  # asyncio tries again in its next turn, when those are closed
            self._refuse()
        connection, address = self._next()
        self._limit.take()
        return connection, address

    def _is_asked(self) -> bool:
        poll = select.poll()
        poll.register(self, select.POLLIN)
        return bool(poll.poll(0))

    def _refuse(self) -> None:
        """Every place is in use by a request being answered, so refuse this connection."""
        connection, _ = self._next()
        with connection:
            connection.setblocking(False)
            try:
                connection.send(FULL)
            except OSError:  # the client has already gone
                return

    def _next(self) -> tuple[socket.socket, object]:
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in NO_DESCRIPTOR:
                raise
        time.sleep(PAUSE_S)  # otherwise the loop would return here at once and do nothing else
        raise BlockingIOError
