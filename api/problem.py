"""Errors as RFC 9457 says them: `application/problem+json` for every status from 400 on.

`type` is a path of this server that explains the rule that was broken; `rule` is its id (docs/reference/errors.md), `where` the
parameter, entry or record in question, or "".
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ledger.canonical import encode
from ledger.errors import GiveTrailError, InputError, NotFound, SizeError, UsageError, shown

from .meanings import MEANINGS

MEDIA = "application/problem+json"
PLACE = "/v1/problems/"
RETRY_S = 1
OF_THE_DIRECTORY = ("directory", "ledger")
DETAIL_LENGTH = 2000

log = logging.getLogger("givetrail.api")


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
    """What OpenAPI says of the errors of a route: those named, and of every other the same form."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    named = {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}
    return {**named, "default": {"description": "Any other error.", "content": content}}


class RequestRefused(UsageError):
    """A request that HTTP itself has a status for. `headers` go with the answer."""

    def __init__(self, status: int, message: str, *, rule: str, where: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, rule=rule, where=where)
        self.http_status = status
        self.headers = dict(headers or {})


class Unavailable(GiveTrailError):
    """The server cannot answer now, for no fault of the request."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


def problem_of(error: GiveTrailError, root: str, path: str, query: str) -> Response:
    """The answer to a request that ended in an error. `root` is where the app is mounted, "" where it stands alone."""
    status = error.http_status
    problem = Problem(
        type=f"{root}{PLACE}{error.rule}", title=_means(error.rule), status=status,
        detail=error.message[:DETAIL_LENGTH], instance=f"{path}?{query}" if query else path, rule=error.rule, where=error.where,
    )  # fmt: skip
    headers = {"cache-control": "no-store", **getattr(error, "headers", {})}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(RETRY_S)
    return Response(encode(problem.model_dump()), status, headers, MEDIA)


def _means(rule: str) -> str:
    return MEANINGS[rule][0]


def _is_of_the_request(error: GiveTrailError) -> bool:
    """Whether the request is at fault, or the load. Everything else is found in the server's own files: it may pass or be mended,
    and its sentence, which may name files, is for the operator."""
    if isinstance(error, NotFound):
        return error.rule not in OF_THE_DIRECTORY
    return isinstance(error, RequestRefused | Unavailable | SizeError) or type(error) is InputError


def answer_errors(app: FastAPI) -> None:
    """Have every error of the app answered as a problem."""
    app.add_exception_handler(GiveTrailError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unforeseen)


def _said(request: Request, error: GiveTrailError) -> Response:
    return problem_of(error, request.scope.get("root_path", ""), request.url.path, request.url.query)


async def _on_error(request: Request, error: Any) -> Response:
    if not _is_of_the_request(error):
        log.error("%s: %s", request.url.path, error.message)
        error = Unavailable(f"{_means(error.rule)} The operator finds more in the log.", rule=error.rule)
    return _said(request, error)


async def _on_invalid(request: Request, error: Any) -> Response:
    first = error.errors()[0]
    where = str(first["loc"][-1])
    words = first["msg"].removeprefix("Value error, ")
    message = f"{where} {shown(first['input'])}: {words[:1].lower()}{words[1:]}"
    return _said(request, InputError(message, rule="parameter", where=where))


async def _on_http(request: Request, error: Any) -> Response:
    path = request.url.path
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _said(request, NotFound(f"{shown(path)}: there is nothing here; see /v1/openapi.json", rule="path"))
    refused = RequestRefused(error.status_code, f"{shown(path)}: {error.detail}", rule="path", headers=error.headers)
    return _said(request, refused)


async def _on_unforeseen(request: Request, error: Exception) -> Response:
    """The server logs what it was; nobody else is told."""
    return _said(request, GiveTrailError("The server failed in a way nobody foresaw.", rule="internal"))
