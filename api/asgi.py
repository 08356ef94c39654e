"""The app for a server that wants a module: `GIVETRAIL_LEDGER=DIR uvicorn api.asgi:app`; settings come from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from ledger.errors import UsageError

from .app import create_app
from .http.settings import settings_of

LEDGER = "GIVETRAIL_LEDGER"

if not os.environ.get(LEDGER):
    raise UsageError(f"no ledger is named; set {LEDGER} to its directory", rule="usage", where=LEDGER)
app = create_app(Path(os.environ[LEDGER]), settings_of(os.environ))
