"""The server of `givetrail serve`: uvicorn's, with as many connections as the machine allows and a limit on every wait."""

from __future__ import annotations

import asyncio
import socket
import warnings
from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI

from .connection import Connection
from .connection_limit import ConnectionLimit
from .listener import Listener, places
from .settings import Settings

END_WITHIN_S = 5
KEPT_S = 5
"""How long a connection is kept open between two requests."""


class Server(uvicorn.Server):
    """Serves an app that `create_app` made."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        """Raises UsageError if this process may open too few files."""
        self._app, self._limit = app, ConnectionLimit(places(settings.connections), settings.request_s, settings.unread_s)
        http: Any = partial(Connection, limit=self._limit)
        super().__init__(uvicorn.Config(
            app, loop="asyncio", http=http, ws="none", log_level="warning", access_log=False,
            proxy_headers=False, server_header=False, timeout_keep_alive=KEPT_S, timeout_graceful_shutdown=END_WITHIN_S,
        ))  # fmt: skip

    def serve_at(self, listening: socket.socket) -> None:
        """Answer requests to this socket until the process is told to end."""
        # It may be told to end before it has started; without this task asyncio would warn that the coroutine was never awaited.
        warnings.filterwarnings("ignore", "coroutine 'Server.serve' was never awaited", RuntimeWarning)
        self.run(sockets=[Listener(listening, self._limit)])

    async def on_tick(self, counter: int) -> bool:
        """uvicorn calls this ten times a second."""
        self._limit.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the current requests, then close everything. Streams are ended, because they would last until the client
        leaves."""
        self._app.state.window.streams.end()
        await super().shutdown(sockets)
