"""What the routes of one app share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import TypeVar

from fastapi import Request

from ledger import __version__
from ledger.errors import NotFound
from ledger.store.opening import open_store
from ledger.view.snapshot import Snapshot
from ledger.view.view import View

from .bundle_cache import BundleCache
from .last_audit import LastAudit
from .settings import Settings
from .signed_head import SignedHead
from .stream import Streams
from .worker_thread import WorkerThread

TAG_DIGITS = 24
Read = TypeVar("Read")


class Window:
    """The ledger in a directory, seen from outside.

    `published` and `shelf` belong to the thread of the event loop. `reader` keeps the views that answers are read from:
    `await window.reader.ask(lambda view: view.at(size).gift("1834.0"))`. `bundles` keeps a store for bundles of entries;
    `audited`, the report of the last audit, belongs to the threads of `reader`. All of them are opened when they are first needed,
    so an app can be made before a server starts its processes.
    """

    def __init__(self, directory: Path, settings: Settings) -> None:
        self.directory, self.settings = directory, settings
        self.signed_head = SignedHead(directory)
        self.bundle_cache = BundleCache(directory)
        self.reader = WorkerThread("reader", partial(View.open, directory), settings.waiting, settings.readers, settings.budget_s)
        self.bundles = WorkerThread("bundles", partial(open_store, directory, write=False), settings.waiting, 1, settings.budget_s)
        self.streams = Streams(self.signed_head, settings.streams)
        self.last_audit = LastAudit(settings.report)

    def close(self) -> None:
        """End the streams and let go of the files. What is asked later opens them again."""
        self.streams.end()
        self.bundle_cache.close()
        self.reader.close()
        self.bundles.close()


def window_of(request: Request) -> Window:
    """The window of the app that a request came to."""
    window: Window = request.app.state.window
    return window


class Reading:
    """A request that reads the ledger at a tree size: what is alike of `/v1` and of the pages. An answer follows from what its ETag
    is made of, so a client that has it already is told so before anything is read."""

    def __init__(self, request: Request, at_size: int | None, as_of: str = "") -> None:
        """`as_of` is the day on which something is overdue; "" for the day of the last entry, and where nothing is judged."""
        self.request, self.window, self.at_size, self.as_of = request, window_of(request), at_size, as_of

    @property
    def is_pinned(self) -> bool:
        """Whether the request names the tree size: what the log says then never changes."""
        return self.at_size is not None

    def size(self) -> int:
        """The tree size that is named, or else the one that is signed now. Raises NotFound (`tree-size`) beyond that."""
        signed = self.window.signed_head.head().tree_size
        if self.at_size is not None and self.at_size > signed:
            why = f"at_size is {self.at_size}, but only {signed} entries are signed; use {signed} or less"
            raise NotFound(why, rule="tree-size", where="at_size")
        return self.at_size or signed

    def tag(self, size: int, *made_of: object) -> str:
        """The entity tag of an answer at a tree size, by all else that it is made of; this program's version is."""
        text = " ".join(map(str, (*made_of, __version__)))
        return f'"{size}-{hashlib.sha256(text.encode()).hexdigest()[:TAG_DIGITS]}"'

    def is_known(self, tag: str) -> bool:
        """Whether the client has the answer: weak tags compare as the others (RFC 9110 §13.1.2)."""
        given = self.request.headers.get("if-none-match", "").split(",")
        return tag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in given}

    async def ask(self, size: int, question: Callable[[Snapshot], Read], kind: Hashable) -> Read:
        """What a question about the ledger at that size gives; `kind` tells how long such a question takes. Raises what it raises,
        and Unavailable."""
        return await self.window.reader.ask(lambda view: question(view.at(size)), kind)
