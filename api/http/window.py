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
    """What the routes need to read the ledger in a directory.

    `signed_head` and `bundle_cache` belong to the thread of the event loop. `reader` keeps the views that answers are read from:
    `await window.reader.ask(lambda view: view.at(size).gift("1834.0"))`. `bundles` keeps a store for bundles of entries.
    `last_audit` belongs to the threads of `reader`. All of them open their files when they are first needed, so an app can be made
    before a server starts its processes.
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
        """End the streams and close the files. A later request opens them again."""
        self.streams.end()
        self.bundle_cache.close()
        self.reader.close()
        self.bundles.close()


def window_of(request: Request) -> Window:
    """The window of the app that received the request."""
    window: Window = request.app.state.window
    return window


class Reading:
    """A request that reads the ledger at a tree size: what `/v1` and the pages have in common. The ETag depends on everything that
    the answer depends on, so a client that already has the answer is told so before anything is read."""

    def __init__(self, request: Request, at_size: int | None, as_of: str = "") -> None:
        """`as_of` is the day that was asked for, to judge what is overdue; "" for the last entry's, or if nothing is judged."""
        self.request, self.window, self.at_size, self.as_of = request, window_of(request), at_size, as_of

    @property
    def is_pinned(self) -> bool:
        """Whether the request names the tree size. The log's content at a given size never changes."""
        return self.at_size is not None

    def size(self) -> int:
        """The tree size that the request names, or else the one that is signed now. Raises NotFound (`tree-size`) if it is larger
        than that."""
        signed = self.window.signed_head.head().tree_size
        if self.at_size is not None and self.at_size > signed:
            why = f"at_size is {self.at_size}, but only {signed} entries are signed; use {signed} or less"
            raise NotFound(why, rule="tree-size", where="at_size")
        return self.at_size or signed

    def tag(self, size: int, *made_of: object) -> str:
        """The entity tag of an answer at a tree size. It depends on `made_of` and on the version of this program."""
        text = " ".join(map(str, (*made_of, __version__)))
        return f'"{size}-{hashlib.sha256(text.encode()).hexdigest()[:TAG_DIGITS]}"'

    def is_known(self, tag: str) -> bool:
        """Whether the client already has the answer. Weak tags are compared like strong ones (RFC 9110 §13.1.2)."""
        given = self.request.headers.get("if-none-match", "").split(",")
        return tag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in given}

    async def ask(self, size: int, question: Callable[[Snapshot], Read], kind: Hashable) -> Read:
        """The answer to a question about the ledger at that size. `kind` groups questions that take about as long. Raises what the
        question raises, and Unavailable."""
        return await self.window.reader.ask(lambda view: question(view.at(size)), kind)
