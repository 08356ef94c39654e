"""The form of a list: as `format=` says, or else as `Accept` prefers, or else JSON."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus

from ledger.errors import shown

from ..http.preference import weights_of
from ..http.problem import RequestRefused
from .columnar import LACKING, is_there


class Form(StrEnum):
    """The forms that a client can ask for."""

    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


MEDIA = {
    Form.JSON: "application/json",
    Form.NDJSON: "application/x-ndjson",
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.PARQUET: "application/vnd.apache.parquet",
}
ACCEPTED = {
    "application/json": Form.JSON, "application/x-ndjson": Form.NDJSON, "application/ndjson": Form.NDJSON,
    "application/jsonl": Form.NDJSON, "text/csv": Form.CSV, "application/vnd.apache.parquet": Form.PARQUET,
    "*/*": Form.JSON, "application/*": Form.JSON, "text/*": Form.CSV,
}  # fmt: skip


def forms() -> tuple[Form, ...]:
    """The forms that are available here."""
    return tuple(form for form in Form if form is not Form.PARQUET or is_there())


def form_of(said: Form | None, accept: str, forms: tuple[Form, ...]) -> Form:
    """The form to answer in, one of `forms`. Raises RequestRefused (406)."""
    wanted = [said] if said else _preferred(accept)
    for form in wanted:
        if form in forms:
            return form
    if Form.PARQUET in wanted and Form.PARQUET not in forms:
        raise RequestRefused(HTTPStatus.NOT_ACCEPTABLE, LACKING, rule="not-acceptable", where="format")
    raise RequestRefused(
        HTTPStatus.NOT_ACCEPTABLE, f"{shown(str(said) if said else accept)}: this is available only as {', '.join(forms)}",
        rule="not-acceptable", where="format",
    )  # fmt: skip


def _preferred(accept: str) -> list[Form]:
    """The forms that an Accept header names, the preferred ones first (RFC 9110 §12.5.1)."""
    if not accept.strip():
        return [Form.JSON]
    weighed = []
    for place, (media, weight) in enumerate(weights_of(accept).items()):
        if media in ACCEPTED and weight > 0:
            weighed.append((-weight, "*" in media, place, ACCEPTED[media]))
    return [form for *_, form in sorted(weighed)]
