"""The app: put together here, out of the routers listed in ROUTERS.

    create_app(Path("ledger"))                  a FastAPI app for any ASGI server
    GIVETRAIL_LEDGER=ledger uvicorn --factory api.app:app_of_environment --workers 4
    givetrail serve --ledger ledger             with a server of its own

Every process that serves opens the directory for itself, for reading; the one that writes is not disturbed.

A route has what it needs in `window_of(request)` (window.py): `published.head()` is the signed head of now, and
`await reader.ask(lambda view: …)` works something out over the view, in the one thread that owns it. Routes of `/v1` ask through
`Asked` (v1/asking.py), which sees to tree size, form and cache. Whatever a route raises out of `ledger.errors` is answered as a
problem (problem.py), to a browser as a page (pages/problem.py).
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
"""What is served beside the log's own files, in the order in which paths are tried."""


class _Api(FastAPI):
    def openapi(self) -> JsonObject:
        """See `document_of`."""
        return document_of(self, tiles.PATHS)


def create_app(directory: Path, settings: Settings | None = None) -> FastAPI:
    """The app of the ledger in a directory. Raises NotFound where there is none, UsageError (`report`) where the settings name a
    report that is not of this log."""
    require_ledger(directory)
    settings = settings or Settings()
    require_report(directory, settings)
    return create_api(Window(directory, settings))


def app_of_environment() -> FastAPI:
    """The app of the ledger that the environment names, by the settings that it gives, for a server that wants a factory. Raises
    UsageError, and what `create_app` raises."""
    directory = os.environ.get(LEDGER)
    if not directory:
        raise UsageError(f"no ledger is named; set {LEDGER} to its directory", rule="usage", where=LEDGER)
    return create_app(Path(directory), settings_of(os.environ))


def create_api(window: Window | None = None) -> FastAPI:
    """The routes; without a window they can be described and not be asked."""
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
