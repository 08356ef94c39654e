"""Where connections come in: a socket that accepts only as many as there is room for, and how many that can be."""

from __future__ import annotations

import errno
import resource
import select
import socket
import time

from ledger.errors import UsageError

from .connection_limit import ConnectionLimit

RESERVED = 64
"""Descriptors for all but connections: the ledger's files, above all."""
FEWEST = 16
NO_DESCRIPTOR = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
PAUSE_S = 0.01
FULL = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def places(wanted: int) -> int:
    """How many connections this process may have open: `wanted`, or fewer where its limit of open files is too low. The soft limit
    is raised as far as that needs and the hard one lets it. Raises UsageError where hardly any is left."""
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
    except (OSError, ValueError):  # a system may hold its processes to less than it says
        return soft
    return most


class Listener(socket.socket):
    """A listening socket for asyncio, which calls `accept` until it would block. Without this it accepts all that wait in one go,
    beyond the limit of descriptors, and then tries again and again."""

    def __init__(self, listening: socket.socket, limit: ConnectionLimit) -> None:
        """In place of `listening`, which is let go of."""
        super().__init__(fileno=listening.detach())
        self._limit = limit

    def accept(self) -> tuple[socket.socket, object]:
        """The next connection that there is room for. Raises BlockingIOError where there is none now."""
        while self._limit.is_full and self._is_asked():
            if self._limit.make_room():
                raise BlockingIOError  # asyncio comes again in its next turn, when those are closed
            self._refuse()
        connection, address = self._next()
        self._limit.take()
        return connection, address

    def _is_asked(self) -> bool:
        poll = select.poll()
        poll.register(self, select.POLLIN)
        return bool(poll.poll(0))

    def _refuse(self) -> None:
        """Everybody here is being answered, so this one is sent away."""
        connection, _ = self._next()
        with connection:
            connection.setblocking(False)
            try:
                connection.send(FULL)
            except OSError:  # it has gone by itself
                return

    def _next(self) -> tuple[socket.socket, object]:
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in NO_DESCRIPTOR:
                raise
        time.sleep(PAUSE_S)  # else the loop would come back at once, and do nothing else
        raise BlockingIOError
