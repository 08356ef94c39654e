"""The sockets that a fetcher has open, so that another thread can end what waits on them.

A server that sends one byte now and then keeps every single read within its time. Only who looks at the whole file from outside can
end it, and the one thing that a thread blocked in a read takes notice of is its socket.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock
from weakref import WeakSet

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Noted(HTTPConnection):
    """A connection that is noted as soon as it connects; over TLS or not, as its second base says."""

    sockets: Sockets
    # A connection that is to be closed after the answer lets go of its socket, which the answer is then still read from.
    reached: socket.socket | None = None

    def connect(self) -> None:
        self.sockets.note(self)
        super().connect()
        self.reached = self.sock
        if self.sockets.ended:
            _shut(self.sock)


class Sockets:
    """Every connection made by the pools of `pools()`."""

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
        """Connections of this kind that are noted here."""
        return type("Noted", (_Noted, kind), {"sockets": self})

    def note(self, connection: _Noted) -> None:
        """Shut this connection down too, once the others are."""
        with self._lock:
            self._connections.add(connection)

    def end(self) -> None:
        """Shut all of them down, and those that come later: whoever reads from one comes to an end."""
        with self._lock:
            self.ended = True
            connections = list(self._connections)
        for connection in connections:
            _shut(connection.sock)
            _shut(connection.reached)


def _shut(connected: socket.socket | None) -> None:
    if connected is not None:
        with suppress(OSError):
            # Not the method of a TLS socket, which would take its state from under the thread that reads.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)
