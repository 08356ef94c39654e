"""The open sockets of a fetcher, so that another thread can end reads that wait on them.

A server that sends one byte now and then keeps every single read within its time limit. So the limit for the whole file must be
enforced from another thread. A thread that is blocked in a read notices only when its socket is shut down.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock
from weakref import WeakSet

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Noted(HTTPConnection):
    """A connection that is recorded as soon as it connects, over TLS or not, as its second base class says."""

    sockets: Sockets
    # A connection that closes after the response gives up its socket, and the response is still read from that socket.
    reached: socket.socket | None = None

    def connect(self) -> None:
        self.sockets.note(self)
        super().connect()
        self.reached = self.sock
        if self.sockets.ended:
            _shut(self.sock)


class Sockets:
    """Every connection made by the pools from `pools()`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connections: WeakSet[_Noted] = WeakSet()
        self.ended = False

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """Connection pools by scheme, for a PoolManager."""
        plain = type("Plain", (HTTPConnectionPool,), {"ConnectionCls": self._noting(HTTPConnection)})
        over_tls = type("OverTls", (HTTPSConnectionPool,), {"ConnectionCls": self._noting(HTTPSConnection)})
        return {"http": plain, "https": over_tls}

    def _noting(self, kind: type[HTTPConnection]) -> type[HTTPConnection]:
        """A subclass of this kind of connection that is recorded here."""
        return type("Noted", (_Noted, kind), {"sockets": self})

    def note(self, connection: _Noted) -> None:
        """Record a connection, so that `end` shuts it down too."""
        with self._lock:
            self._connections.add(connection)

    def end(self) -> None:
        """Shut down all connections, and those that are made later, so that every read from one ends."""
        with self._lock:
            self.ended = True
            connections = list(self._connections)
        for connection in connections:
            _shut(connection.sock)
            _shut(connection.reached)


def _shut(connected: socket.socket | None) -> None:
    if connected is not None:
        with suppress(OSError):
            # The plain socket's method: that of a TLS socket would change the state that the reading thread uses.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)
