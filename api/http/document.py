"""The OpenAPI document: FastAPI's description of the routes, and the form of every error. It is committed as
docs/reference/openapi.json.

`python -m api.openapi > docs/reference/openapi.json` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ledger import __version__
from ledger.canonical import JsonObject

from .problem import Problem

TITLE = "GiveTrail read API"
DESCRIPTION = """Reads a ledger at a tree size, while another process writes to it. Nothing can be written here.

Without `at_size`, an answer is for the newest signed tree size, and changes when the ledger grows; its `Link` with
`rel="bookmark"` is an address that always gives the same answer. With `at_size`, an answer never changes, so it can be kept
forever. Errors are problems (RFC 9457). Amounts are whole minor units with their unit and its exponent. Every address that
answers GET answers HEAD too, and any site may read them.
"""


TAGS = {
    "ledger": "The ledger as a whole.", "log": "The log: entries, tiles, proofs.",
    "parties": "Organisations and people, and their roles.",
    "projects": "Projects, and what they promise.", "funds": "Funds, and what is in them.", "donations": "Gifts.",
    "traces": "Gifts: where the money is, and where it came from.", "payments": "Payments and deliveries.",
    "receipts": "Receipts for payments and deliveries.", "feedback": "Feedback on what the money achieved.",
    "records": "Records of every kind.",
    "findings": "What is overdue.", "statistics": "Sums.", "problems": "What an error means.",
}  # fmt: skip
HERE = ".."
"""The server's address relative to `/v1/openapi.json`, so that the server need not know its public address."""


def document_of(app: FastAPI, more: Mapping[str, Any]) -> JsonObject:
    """The document of an app's routes and of `more` paths, made once."""
    if not app.openapi_schema:
        document = get_openapi(title=TITLE, version=__version__, description=DESCRIPTION, routes=app.routes)
        document["paths"] = {**more, **document["paths"]}
        document["info"]["license"] = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
        document["tags"] = [{"name": name, "description": says} for name, says in TAGS.items()]
        document["security"] = []
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        document["servers"] = [{"url": app.state.public.whole("") if app.state.public is not None else HERE}]
        app.openapi_schema = document
    return app.openapi_schema


def text_of(document: JsonObject) -> str:
    """The document as it is committed."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

