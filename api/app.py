"""The app, made from the routers listed in ROUTERS.

    create_app(Path("ledger"))                  a FastAPI app for any ASGI server
    GIVETRAIL_LEDGER=ledger uvicorn --factory api.app:app_of_environment --workers 4
    givetrail serve --ledger ledger             with a server of its own

Every serving process opens the directory for itself, and only reads; the process that writes is not disturbed.

A route finds what it needs in `window_of(request)` (http/window.py): `signed_head.head()` is the current signed head, and `await
reader.ask(lambda view: …)` computes something from a view, in a thread that owns it. Routes of `/v1` ask through `Asked`
(v1/list_request.py), which handles tree size, form and cache. An error of `ledger.errors` that a route raises becomes a problem
(http/problem.py), or a page for a browser (pages/problem.py).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from ledger.canonical import JsonObject
from ledger.directory.opening import require_ledger
from ledger.errors import UsageError

from .http import tiles
from .http.document import document_of
from .http.last_audit import require_report
from .http.middleware import Middleware
from .http.problem import answer_errors
from .http.settings import Settings, settings_of
from .http.window import Window
from .pages import problem
from .pages import routes as pages
from .v1 import routes

LEDGER = "GIVETRAIL_LEDGER"
ROUTERS = (*routes.ROUTERS,)
"""The routes besides the log's own files, in the order in which paths are tried."""


class _Api(FastAPI):
    def openapi(self) -> JsonObject:
        """See `document_of`."""
        return document_of(self, tiles.PATHS)


def create_app(directory: Path, settings: Settings | None = None) -> FastAPI:
    """The app of the ledger in a directory. Raises NotFound if there is no ledger, UsageError (`report`) if the settings name a
    report that is not of this log."""
    require_ledger(directory)
    settings = settings or Settings()
    require_report(directory, settings)
    return create_api(Window(directory, settings))


def app_of_environment() -> FastAPI:
    """The app of the ledger that environment variables name, with their settings, for a server that needs a factory. Raises
    UsageError, and whatever `create_app` raises."""
    directory = os.environ.get(LEDGER)
    if not directory:
        raise UsageError(f"no ledger is named; set {LEDGER} to its directory", rule="usage", where=LEDGER)
    return create_app(Path(directory), settings_of(os.environ))


def create_api(window: Window | None = None) -> FastAPI:
    """The routes. Without a window they can be described but not answered."""
    app = _Api(docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json", lifespan=_closing, redirect_slashes=False)
    app.state.window = window
    app.state.public = window.settings.public if window else None
    app.router.routes.extend(tiles.ROUTES)
    app.router.routes.extend(pages.ROUTES)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(Middleware, settings=window.settings if window else Settings(), say=problem.say)
    answer_errors(app, problem.say)
    return app


@asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    yield
    if app.state.window is not None:
        app.state.window.close()
