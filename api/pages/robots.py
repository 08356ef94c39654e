"""What crawlers are asked to leave alone (RFC 9309): answers for programs, searches, and pages at a tree size or a day, of which
there is one for every entry and every day."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..http.public_url import public_url_of

LEFT_ALONE = ("/v1/", "/tile/", "/find", "/*?*at_size=", "/*?*as_of=")
HEADERS = {"cache-control": "public, max-age=86400", "content-type": "text/plain; charset=utf-8"}


async def file(request: Request) -> Response:
    """The file. Crawlers read it only at the root of a host."""
    root = public_url_of(request.scope).root
    lines = ("User-agent: *", *(f"Disallow: {root}{path}" for path in LEFT_ALONE))
    return Response("".join(f"{line}\n" for line in lines), headers=HEADERS)


ROUTE = Route("/robots.txt", file, methods=["GET"])
