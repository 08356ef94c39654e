"""Cursors: where the page before ended. What one looks like follows from how its list is ordered, so the document says it of each
list, and one of another form is refused before anything is read."""

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
    """The parameter of a list whose cursors are of this form."""
    form = Annotated[str, AfterValidator(partial(_check, pattern)), WithJsonSchema({"type": "string", "pattern": pattern})]
    return Annotated[form | None, Query(description="The `next` of the previous page.")]


IdCursor = _of(f"^(?:[A-Z]{{3}}|{SLUG})$")
"""Of a list by id: the last one."""
RefCursor = _of(REF)
"""Of a list of records: the last one."""
NumberCursor = _of(f"^{NUMBER}$")
"""Of a list that is counted."""
PlaceCursor = _of(rf"^{NUMBER}\.{NUMBER}$")
"""Of origins: a unit, and how many of its origins were told."""
