"""The OpenAPI document: what FastAPI says of the routes, and the form of every error. It is committed
(docs/reference/openapi.json).

`python -m api.openapi > docs/reference/openapi.json` writes it.
"""

from __future__ import annotations

import json
from functools import cache

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi

from ledger import __version__
from ledger.canonical import JsonObject
from ledger.errors import InputError, shown

from . import tiles
from .problem import Problem

TITLE = "GiveTrail read API"
DESCRIPTION = """Reads a ledger at a tree size, beside the process that writes it. Nothing can be written here.

Without `at_size` an answer is that of the newest signed tree size, and changes when the ledger grows; its `Link` with
`rel="bookmark"` is the address that always gives the same. With `at_size` an answer never changes and may be kept for ever.
Errors are problems (RFC 9457). Amounts are whole minor units with their unit and its exponent. HEAD is answered wherever GET is;
any site may read.
"""


TAGS = {
    "ledger": "The ledger as a whole.", "log": "The log: entries, tiles, proofs.", "parties": "Who is who.",
    "projects": "What is promised.", "funds": "Purses, and what is in them.", "donations": "Gifts.",
    "traces": "Where money is, and where it came from.", "payments": "What was paid or delivered.",
    "receipts": "Who acknowledged it.", "feedback": "What came of it.", "records": "Records of every kind.",
    "findings": "What is late.", "statistics": "Sums.", "problems": "What an error means.",
}  # fmt: skip
HERE = ".."
"""The server, from where the document is, `/v1/openapi.json`: it need not know what its readers call it."""


def document_of(app: FastAPI) -> JsonObject:
    """The document of an app's routes, made once."""
    if not app.openapi_schema:
        document = get_openapi(title=TITLE, version=__version__, description=DESCRIPTION, routes=app.routes)
        document["paths"] = {**tiles.PATHS, **document["paths"]}
        document["info"]["license"] = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
        document["tags"] = [{"name": name, "description": says} for name, says in TAGS.items()]
        document["security"] = []
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        document["servers"] = [{"url": app.state.public.whole("") if app.state.public is not None else HERE}]
        app.openapi_schema = document
    return app.openapi_schema


async def check_parameters(request: Request) -> None:
    """Refuse a parameter that the route does not have: misspelled, it would quietly change the answer. Raises InputError."""
    asked = request.query_params
    if not asked:
        return
    known = _parameters(request.app)[request.scope["route"].path]
    for name, _ in asked.multi_items():
        if name not in known or len(asked.getlist(name)) > 1:
            why = "is given twice" if name in known else f"is no parameter here; there are {', '.join(sorted(known)) or 'none'}"
            raise InputError(f"{shown(name)}: {why}", rule="parameter", where=name[:80])


@cache
def _parameters(app: FastAPI) -> dict[str, frozenset[str]]:
    """The names of the query's parameters, by path."""
    return {
        path: frozenset(one["name"] for one in said["get"].get("parameters", ()) if one["in"] == "query")
        for path, said in document_of(app)["paths"].items()
    }


def text_of(document: JsonObject) -> str:
    """The document as it is committed."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

