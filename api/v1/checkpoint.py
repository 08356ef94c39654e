"""Checkpoints as they are published."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Request
from starlette.responses import Response

from ..http.problem import problems
from ..http.stream import HEADERS, MEDIA
from ..http.window import window_of
from .route_docs import resource

SIZE_DIGITS = 17

router = resource("log")
LastEvent = Annotated[
    str | None, Header(alias="Last-Event-ID", description="The id of the last event received, a tree size. Browsers send it.")
]


@router.get(
    "/checkpoints/stream",
    response_class=Response,
    responses={
        200: {"description": "An endless stream of events.", "content": {MEDIA: {"schema": {"type": "string"}}}},
        **problems(422, 429, 503),
    },
)
async def stream(request: Request, last_event_id: LastEvent = None) -> Response:
    """Server-sent events, one for each checkpoint: the present one at once, each newer one when it is published. An event's `id` is
    the tree size; its `data` has `tree_size`, `root` in hex, and the signed `note`."""
    if request.scope.get("givetrail.head"):
        return Response(headers=HEADERS, media_type=MEDIA)
    seen = last_event_id or ""
    size = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < SIZE_DIGITS else 0
    return window_of(request).streams.answer(size, request.scope.get("givetrail.client"))
