"""Compresses pages and their files if the client accepts gzip (RFC 9110 §12.5.3). Nothing in them is secret."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from .preference import accepts_gzip

LEVEL = 6
LEAST_BYTES = 1000
"""A smaller body fits into one packet uncompressed."""
COMPRESSED = ("text/", "image/svg+xml")


def compressed(body: str | bytes, status: int, headers: Mapping[str, str], scope: Scope) -> Response:
    """The response, compressed if that is worthwhile and the client accepts it. `headers` must have the content type, and a `vary`
    that names Accept-Encoding."""
    raw = body.encode() if isinstance(body, str) else body
    takes = accepts_gzip(Headers(scope=scope).get("accept-encoding", ""))
    if len(raw) < LEAST_BYTES or not takes or not headers["content-type"].startswith(COMPRESSED):
        return Response(raw, status, headers)
    return Response(gzip.compress(raw, LEVEL, mtime=0), status, {**headers, "content-encoding": "gzip"})
