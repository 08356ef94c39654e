"""Prints the OpenAPI document as it is committed: `python -m api.openapi > docs/reference/openapi.json`."""

from __future__ import annotations

from .app import create_api
from .http.document import document_of, text_of

if __name__ == "__main__":
    print(text_of(document_of(create_api())), end="")
