"""What the routes of one app share."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fastapi import Request

from ledger.books.fold import local_day
from ledger.books.state import Books
from ledger.sequencer import Clock
from ledger.store.sqlite import SqliteStore
from ledger.view import View

from .audited import Audited
from .keeper import Keeper
from .published import Published
from .settings import Settings
from .shelf import Shelf
from .stream import Streams


class Window:
    """The ledger in a directory, seen from outside.

    `published` and `shelf` belong to the thread of the event loop. `reader` keeps the view that every answer of `/v1` is read from:
    `await window.reader.ask(lambda view: view.at(size).gift("1834.0"))`. `bundles` keeps a store for bundles of entries;
    `audited`, the report of the last audit, belongs to the thread of `reader`. All of them are opened when they are first needed,
    so an app can be made before a server starts its processes.
    """

    def __init__(self, directory: Path, settings: Settings, clock: Clock) -> None:
        self.directory, self.settings, self._clock = directory, settings, clock
        self.published = Published(directory)
        self.shelf = Shelf(directory)
        self.reader = Keeper("reader", partial(View.open, directory), settings.waiting)
        self.bundles = Keeper("bundles", partial(SqliteStore.open, directory, write=False), settings.waiting)
        self.streams = Streams(self.published, settings.streams)
        self.audited = Audited(settings.report)
        self._founded: Books | None = None

    async def today(self) -> str:
        """The ledger's local day, by the server's clock. The distance from UTC stands in entry 0, so it is read once."""
        if self._founded is None:
            self._founded = await self.reader.ask(_founded)
        return local_day(self._founded, self._clock())

    def close(self) -> None:
        """End the streams and let go of the files. What is asked later opens them again."""
        self.streams.end()
        self.shelf.close()
        self.reader.close()
        self.bundles.close()


def _founded(view: View) -> Books:
    """Books that know what entry 0 says of the ledger, and no more."""
    books = Books()
    ledger = view.at().books.ledger.get("")
    if ledger is not None:
        books.ledger.load("", ledger)
    return books


def window_of(request: Request) -> Window:
    """The window of the app that a request came to."""
    return request.app.state.window
