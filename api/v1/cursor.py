"""Cursors: where the previous page ended. The form of a cursor depends on the order of its list, so the OpenAPI document gives it
for each list, and any other form is refused before anything is read."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, WithJsonSchema

from ledger.canonical import SLUG

from .text_types import REF

NUMBER = r"(?:0|[1-9][0-9]{0,14})"


def _check(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError("no page of this list gave it; use the `next` of a page")
    return text


def _of(pattern: str) -> Any:
    """The parameter of a list whose cursors have this form."""
    form = Annotated[str, AfterValidator(partial(_check, pattern)), WithJsonSchema({"type": "string", "pattern": pattern})]
    return Annotated[form | None, Query(description="The `next` of the previous page.")]


IdCursor = _of(f"^(?:[A-Z]{{3}}|{SLUG})$")
"""For a list by id: the last id."""
RefCursor = _of(REF)
"""For a list of records: the last record."""
NumberCursor = _of(f"^{NUMBER}$")
"""For a list with numbered items."""
PlaceCursor = _of(rf"^{NUMBER}\.{NUMBER}$")
"""For origins: a unit, and how many of its origins were listed."""
