"""What the routes of one app share."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fastapi import Request

from ledger.store.opening import open_store
from ledger.view import View

from .bundle_cache import Shelf
from .last_audit import Audited
from .settings import Settings
from .signed_head import Published
from .stream import Streams
from .worker_thread import Keeper


class Window:
    """The ledger in a directory, seen from outside.

    `published` and `shelf` belong to the thread of the event loop. `reader` keeps the views that answers are read from:
    `await window.reader.ask(lambda view: view.at(size).gift("1834.0"))`. `bundles` keeps a store for bundles of entries;
    `audited`, the report of the last audit, belongs to the threads of `reader`. All of them are opened when they are first needed,
    so an app can be made before a server starts its processes.
    """

    def __init__(self, directory: Path, settings: Settings) -> None:
        self.directory, self.settings = directory, settings
        self.published = Published(directory)
        self.shelf = Shelf(directory)
        self.reader = Keeper("reader", partial(View.open, directory), settings.waiting, settings.readers, settings.budget_s)
        self.bundles = Keeper("bundles", partial(open_store, directory, write=False), settings.waiting, 1, settings.budget_s)
        self.streams = Streams(self.published, settings.streams)
        self.audited = Audited(settings.report)

    def close(self) -> None:
        """End the streams and let go of the files. What is asked later opens them again."""
        self.streams.end()
        self.shelf.close()
        self.reader.close()
        self.bundles.close()


def window_of(request: Request) -> Window:
    """The window of the app that a request came to."""
    window: Window = request.app.state.window
    return window
