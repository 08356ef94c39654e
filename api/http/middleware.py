"""What every request passes first: it allows only reading, short addresses, and a limited rate, and lets any site read the
answers."""

from __future__ import annotations

import asyncio
import math
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.errors import shown

from .problem import RequestRefused, Say
from .rate_limit import RateLimit, client_of
from .settings import URL_BYTES, Settings

ALLOWED = "GET, HEAD, OPTIONS"
OPEN_TO_ALL = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
]
PREFLIGHT = {
    "allow": ALLOWED, "access-control-allow-methods": ALLOWED, "access-control-allow-headers": "*",
    "access-control-max-age": "86400",
}  # fmt: skip


class Middleware:
    """ASGI middleware. It leaves two keys in the scope: `givetrail.client`, which client the request is from, or None; and
    `givetrail.head` for HEAD, which is answered as GET without the body, so that a stream does not start."""

    def __init__(self, app: ASGIApp, settings: Settings, say: Say) -> None:
        """`say` makes the response to a refused request."""
        self._app, self._settings, self._say = app, settings, say
        self._limit = RateLimit(settings.requests_per_s, settings.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = client_of((scope.get("client") or ("",))[0], scope["headers"], self._settings)
        answer, is_head = self._answer_here(scope, client), scope["method"] == "HEAD"
        send = _opened(send, is_head)
        if answer is not None:
            await answer(scope, receive, send)
        else:
            await self._app({**scope, "method": "GET", "givetrail.client": client, "givetrail.head": is_head}, receive, send)

    def _answer_here(self, scope: Scope, client: str | None) -> Response | None:
        """The response if the request goes no further; None if it does."""
        if scope["method"] == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
        try:
            _check_form(scope)
            self._check_rate(client)
        except RequestRefused as refused:
            return self._say(refused, scope)
        return None

    def _check_rate(self, client: str | None) -> None:
        wait_s = self._limit.wait_s(client, asyncio.get_running_loop().time()) if client else 0
        if wait_s:
            raise RequestRefused(
                HTTPStatus.TOO_MANY_REQUESTS, "This address sent too many requests; wait as long as `Retry-After` says.",
                rule="rate-limit", headers={"retry-after": str(math.ceil(wait_s))},
            )  # fmt: skip


def _check_form(scope: Scope) -> None:
    """Refuse methods other than reading, and addresses that are too long or are not one line of text. Raises RequestRefused."""
    if scope["method"] not in ("GET", "HEAD"):
        raise RequestRefused(
            HTTPStatus.METHOD_NOT_ALLOWED, f"{shown(scope['method'])}: this server only reads; use {ALLOWED}",
            rule="method", headers={"allow": ALLOWED},
        )  # fmt: skip
    if not scope["path"].isprintable():  # otherwise a line break would be taken for a part of the path
        raise RequestRefused(HTTPStatus.NOT_FOUND, f"{shown(scope['path'])}: this server has nothing at this path", rule="path")
    length = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
    if length > URL_BYTES:
        raise RequestRefused(
            HTTPStatus.REQUEST_URI_TOO_LONG, f"path and query: {length} bytes; at most {URL_BYTES} are allowed", rule="parameter"
        )


def _opened(send: Send, is_head: bool) -> Send:
    """`send` with the headers of every response, and without the body if the request is HEAD."""

    async def opened(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *OPEN_TO_ALL]
        elif is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return opened
