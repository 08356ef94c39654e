"""The trust policy as a file to download."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.errors import NotFound

from ..http.trust_policy import policy_of
from ..http.window import window_of


async def file(request: Request) -> Response:
    """The policy as a file. Raises NotFound."""
    text = policy_of(window_of(request).directory)
    if not text:
        raise NotFound("no trust.policy is published here; ask the operator for it", rule="path")
    return Response(text, headers={"cache-control": "public, max-age=60", "content-type": "text/plain; charset=utf-8"})


ROUTE = Route("/trust.policy", file, methods=["GET"])
