"""A log on a server, read over HTTP by its tiles. Files that a reader will ask for next are fetched ahead, because the round trips
take most of the time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import ExitStack

from ..errors import FormatError, SizeError
from ..log.note import MAX_NOTE_BYTES
from ..log.tile import CHECKPOINT, FULL_WIDTH
from ..log_files.tiled import Opener, TiledSource
from .fetch import AT_ONCE, Fetcher
from .retry import PATIENCE, Patience

File = tuple[str, bytes]


class UrlSource(TiledSource):
    """A log at `http(s)://…`. It fetches at most `at_once` files at a time, so it holds at most that many bundles.

    The checkpoint is fetched only once, when it is first asked for.
    """

    def __init__(self, url: str, note: bytes | None = None, patience: Patience = PATIENCE, at_once: int = AT_ONCE) -> None:
        """`note` is the checkpoint, if given. Nothing is fetched yet. Raises UsageError, rule "url"."""
        self._fetcher = Fetcher(url, patience, at_once)
        super().__init__(self._fetcher.base.removesuffix("/"))
        self._patience, self._at_once = patience, at_once
        self._tiles = _Ahead(self._fetcher, self._level_0, at_once)
        self._next_tile = 0
        self._note = note

    def _fetched_note(self) -> bytes:
        with ExitStack() as on_failure:
            on_failure.callback(self._fetcher.close)
            note = self._fetcher.result(self._fetcher.start(self._fetcher.get, CHECKPOINT, MAX_NOTE_BYTES, True))
            on_failure.pop_all()
        self._fetcher.rest()  # so that a process forked before the first read does not inherit a thread's locks
        return note

    @property
    def refused_tls(self) -> bool:
        """See `Source`."""
        return self._fetcher.refused_tls

    def opener(self) -> Opener:
        """See `Source`."""
        return Opener(UrlSource, (self.name, self.checkpoint(), self._patience, self._at_once))

    def checkpoint(self) -> bytes:
        """The signed note. Raises Unverifiable, rule "missing" if there is none or rule "unreachable"; SizeError."""
        if self._note is None:
            self._note = self._fetched_note()
        return self._note

    def read(self, path: str, limit: int) -> bytes:
        """See `TiledSource`. Raises FormatError if more than `limit` bytes are sent; Unverifiable, rule "unreachable"."""
        try:
            return self._fetcher.get(path, limit)
        except SizeError as error:
            raise FormatError(error.message, rule=error.rule, where=error.where) from None

    def bundle_files(self, first: int, end: int) -> Generator[File, None, None]:
        """See `TiledSource`. The files that follow are fetched meanwhile."""
        self.checkpoint()  # here, because the other threads need its tree size
        ahead = _Ahead(self._fetcher, self.bundle_file, self._at_once)
        try:
            for index in range(first, end):
                yield ahead.take(index, end)
        finally:
            ahead.drop()

    def tile_file(self, level: int, index: int, width: int) -> File:
        """See `TiledSource`. Leaf hashes that are read tile by tile are fetched ahead too."""
        if level > 0 or width != self.width(0, index):
            return self._fetcher.result(self._fetcher.start(super().tile_file, level, index, width))
        end = -(-self.tree_size // FULL_WIDTH) if index == self._next_tile else index + 1
        self._next_tile = index + 1
        return self._tiles.take(index, end)

    def _level_0(self, index: int) -> File:
        return super().tile_file(0, index, self.width(0, index))

    def close(self) -> None:
        """Close connections, including those of fetches in progress."""
        self._fetcher.close()


class _Ahead:
    """Numbered files, taken in order; the next ones are already being fetched."""

    def __init__(self, fetcher: Fetcher, work: Callable[[int], File], window: int) -> None:
        self._fetcher, self._work, self._window = fetcher, work, window
        self._started: dict[int, Future[File]] = {}

    def take(self, number: int, end: int) -> File:
        """File `number`. The fetches of those after it, at most up to `end`, are started."""
        for other in [other for other in self._started if not number <= other < number + self._window]:
            self._started.pop(other).cancel()
        for coming in range(number, min(number + self._window, end)):
            if coming not in self._started:
                self._started[coming] = self._fetcher.start(self._work, coming)
        return self._fetcher.result(self._started.pop(number))

    def drop(self) -> None:
        """Discard what was started and not taken."""
        for started in self._started.values():
            started.cancel()
        self._started.clear()
