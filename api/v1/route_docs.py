"""The OpenAPI description of the routes: the model of the answer, its forms, and that every error is a problem."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from ..http.parameters import check_parameters
from ..http.problem import problems
from .form import MEDIA, Form, forms
from .money import Answer
from .page import Page, page_of

CACHE = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it in `If-None-Match` next time."},
    "Link": {
        "schema": {"type": "string"},
        "description": "`next`: the next page. `bookmark`: the address that always gives this answer.",
    },
}
TEXT = {"type": "string"}
OCTETS = {"type": "string", "format": "binary"}
NOT_MODIFIED = {304: {"description": "The answer has not changed since the one that `If-None-Match` names."}}


def resource(tag: str) -> APIRouter:
    """The router of a file of resources: it is below `/v1` and refuses parameters that a route does not have."""
    return APIRouter(prefix="/v1", tags=[tag], dependencies=[Depends(check_parameters)])


def says(model: type[Answer]) -> dict[str, Any]:
    """The arguments of a route that answers with one thing."""
    return {"response_model": model, "responses": {200: {"headers": CACHE}, **NOT_MODIFIED, **problems(404, 422, 429, 503)}}


def lists(model: type[Answer], whole: type[Page[Any]] | None = None) -> dict[str, Any]:
    """The arguments of a route that answers with part of a list, as `whole` if a page has more members."""
    others = {Form.NDJSON: TEXT, Form.CSV: TEXT, Form.PARQUET: OCTETS}
    content = {MEDIA[form].partition(";")[0]: {"schema": schema} for form, schema in others.items() if form in forms()}
    return {
        "response_model": whole or page_of(model),
        "responses": {200: {"headers": CACHE, "content": content}, **NOT_MODIFIED, **problems(404, 406, 422, 429, 503)},
    }


def gives(media: str, what: str, form: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a route that answers with bytes in a format of its own, whose schema is `form`."""
    given = {"description": what, "headers": CACHE, "content": {media.partition(";")[0]: {"schema": form}}}
    return {"response_class": Response, "responses": {200: given, **NOT_MODIFIED, **problems(404, 422, 429, 503)}}
