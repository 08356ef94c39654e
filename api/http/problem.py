"""Errors as RFC 9457 defines them: `application/problem+json` for every status from 400 on. A browser gets a page with the same
content (pages/problem.py).

`type` is a path of this server that explains the broken rule; `rule` is its id (docs/reference/errors.md); `where` is the
parameter, entry or record in question, or "".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from ledger.canonical import encode
from ledger.complaint import complaint
from ledger.errors import GiveTrailError, InputError, NotFound, SizeError, UsageError, shown

from .meanings import MEANINGS
from .public_url import public_url_of
from .settings import URL_BYTES

MEDIA = "application/problem+json"
PLACE = "/v1/problems/"
RETRY_S = 1
OF_THE_DIRECTORY = ("directory", "ledger")
DETAIL_LENGTH = 2000

log = logging.getLogger("givetrail.api")
Say = Callable[[GiveTrailError, Scope], Response]
"""Makes the response to the request of a scope from an error."""


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Where this kind of problem is explained, as a path of this server.")
    title: str = Field(description="What this kind of problem is; the same sentence every time.")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="What happened, and what to do.")
    instance: str = Field(description="The path and query that were asked for.")
    rule: str = Field(description="The stable id of the rule that was broken.")
    where: str = Field(description="The parameter, entry or record in question; empty where there is none.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's description of a route's errors: the statuses named, and the same form for every other."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    named: dict[int | str, dict[str, Any]] = {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses
    }
    return {**named, "default": {"description": "Any other error.", "content": content}}


class RequestRefused(UsageError):
    """A request that HTTP has its own status for. `headers` are added to the response."""

    def __init__(self, status: int, message: str, *, rule: str, where: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, rule=rule, where=where)
        self.http_status = status
        self.headers = dict(headers or {})


class Unavailable(GiveTrailError):
    """The server cannot answer now; the request is not at fault."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


def problem_of(error: GiveTrailError, scope: Scope) -> Response:
    """The response to a request that ended in an error."""
    query = scope["query_string"].decode(errors="replace")
    problem = Problem(
        type=f"{public_url_of(scope).root}{PLACE}{error.rule}", title=_means(error.rule), status=error.http_status,
        detail=error.message[:DETAIL_LENGTH], instance=(f"{scope['path']}?{query}" if query else scope["path"])[:URL_BYTES],
        rule=error.rule, where=error.where,
    )  # fmt: skip
    return Response(encode(problem.model_dump()), error.http_status, headers_of(error), MEDIA)


def headers_of(error: GiveTrailError) -> dict[str, str]:
    """The headers of the response to an error, whatever its form."""
    headers = {"cache-control": "no-store", **getattr(error, "headers", {})}
    if error.http_status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(RETRY_S)
    return headers


def _means(rule: str) -> str:
    return MEANINGS[rule][0]


def _is_of_the_request(error: GiveTrailError) -> bool:
    """Whether the request or the load is at fault. Any other error comes from the server's own files. It may pass or be repaired,
    and its message may name files, so it is for the operator."""
    if isinstance(error, NotFound):
        return error.rule not in OF_THE_DIRECTORY
    return isinstance(error, RequestRefused | Unavailable | SizeError) or type(error) is InputError


def answer_errors(app: FastAPI, say: Say) -> None:
    """Have every error of the app answered by `say`."""
    for kind, prepare in ((GiveTrailError, _told), (RequestValidationError, _invalid), (HTTPException, _of_http)):
        app.add_exception_handler(kind, partial(_on_error, say, prepare))
    app.add_exception_handler(Exception, partial(_on_error, say, _unforeseen))


async def _on_error(say: Say, prepare: Callable[[Request, Any], GiveTrailError], request: Request, error: object) -> Response:
    return say(prepare(request, error), request.scope)


def _told(request: Request, error: GiveTrailError) -> GiveTrailError:
    if _is_of_the_request(error):
        return error
    log.error("%s: %s", request.scope["path"], error.message)
    return Unavailable(f"{_means(error.rule)} The operator can find more in the server's log.", rule=error.rule)


def _invalid(request: Request, error: RequestValidationError) -> GiveTrailError:
    first = error.errors()[0]
    where = str(first["loc"][-1])
    return InputError(f"{where} {shown(first['input'])}: {complaint(first)}", rule="parameter", where=where)


def _of_http(request: Request, error: HTTPException) -> GiveTrailError:
    path = shown(request.scope["path"])
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound(f"{path}: this server has nothing at this path; see /v1/openapi.json", rule="path")
    return RequestRefused(error.status_code, f"{path}: {error.detail}", rule="path", headers=error.headers)


def _unforeseen(request: Request, error: Exception) -> GiveTrailError:
    """The server logs the cause; the client is not told."""
    return GiveTrailError("The server failed in an unexpected way.", rule="internal")
