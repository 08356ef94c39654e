"""What the `type` of a problem leads to."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from ledger.errors import NotFound

from ..http.meanings import MEANINGS
from ..http.problem import problems
from .form import MEDIA, Form
from .money import Answer
from .page import json_of
from .route_docs import resource

CACHE = "public, max-age=86400"

router = resource("problems")


class Meaning(Answer):
    """What the id of an error means, and what to do about it."""

    rule: str
    means: str
    do: str


@router.get("/problems/{rule}", response_model=Meaning, responses=problems(404, 422, 429))
async def problem(rule: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,63}$", description="The id.")]) -> Response:
    """What an error means."""
    if rule not in MEANINGS:
        raise NotFound(f"{rule}: there is no error with this id; docs/reference/errors.md lists them", rule="path", where=rule)
    means, do = MEANINGS[rule]
    return Response(json_of(Meaning(rule=rule, means=means, do=do)), media_type=MEDIA[Form.JSON], headers={"cache-control": CACHE})
