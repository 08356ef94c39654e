"""Query parameters: a route accepts only its own."""

from __future__ import annotations

from functools import cache

from fastapi import FastAPI, Request

from ledger.errors import InputError, shown


async def check_parameters(request: Request) -> None:
    """Refuse a parameter that the route does not have, because a misspelled one would change the answer without notice. Raises
    InputError."""
    asked = request.query_params
    if not asked:
        return
    known = _parameters(request.app)[request.scope["route"].path]
    for name, _ in asked.multi_items():
        if name not in known or len(asked.getlist(name)) > 1:
            there = ", ".join(sorted(known)) or "none"
            why = "is given twice" if name in known else f"is not a parameter here; the parameters are {there}"
            raise InputError(f"{shown(name)}: {why}", rule="parameter", where=name[:80])


@cache
def _parameters(app: FastAPI) -> dict[str, frozenset[str]]:
    """The names of the query parameters, by path."""
    return {
        path: frozenset(one["name"] for one in said["get"].get("parameters", ()) if one["in"] == "query")
        for path, said in app.openapi()["paths"].items()
    }
