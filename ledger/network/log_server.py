"""A log on a server, read over HTTP by its tiles. Files are fetched ahead of who reads them in order, for there the round trips are
what takes the time."""

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
    """A log at `http(s)://…`. At most `at_once` files are on their way at a time, so at most that many bundles are held.

    The checkpoint is fetched when it is first asked for, and once.
    """

    def __init__(self, url: str, note: bytes | None = None, patience: Patience = PATIENCE, at_once: int = AT_ONCE) -> None:
        """With `note`, that is the checkpoint. Nothing is fetched yet. Raises UsageError, rule "url"."""
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
        self._fetcher.rest()  # a process that is forked before anything is read takes no thread's locks with it
        return note

    @property
    def refused_tls(self) -> bool:
        """See `Source`."""
        return self._fetcher.refused_tls

    def opener(self) -> Opener:
        """See `Source`."""
        return Opener(UrlSource, (self.name, self.checkpoint(), self._patience, self._at_once))

    def checkpoint(self) -> bytes:
        """The signed note. Raises Unverifiable, rule "missing" where there is none, rule "unreachable"; SizeError."""
        if self._note is None:
            self._note = self._fetched_note()
        return self._note

    def read(self, path: str, limit: int) -> bytes:
        """See `TiledSource`. Raises FormatError where more than `limit` bytes are sent, Unverifiable, rule "unreachable"."""
        try:
            return self._fetcher.get(path, limit)
        except SizeError as error:
            raise FormatError(error.message, rule=error.rule, where=error.where) from None

    def bundle_files(self, first: int, end: int) -> Generator[File, None, None]:
        """See `TiledSource`; those that follow are on their way meanwhile."""
        self.checkpoint()  # here, and not by the threads that ask how large the tree is
        ahead = _Ahead(self._fetcher, self.bundle_file, self._at_once)
        try:
            for index in range(first, end):
                yield ahead.take(index, end)
        finally:
            ahead.drop()

    def tile_file(self, level: int, index: int, width: int) -> File:
        """See `TiledSource`. Who reads leaf hashes tile by tile gets them ahead too."""
        if level > 0 or width != self.width(0, index):
            return self._fetcher.result(self._fetcher.start(super().tile_file, level, index, width))
        end = -(-self.tree_size // FULL_WIDTH) if index == self._next_tile else index + 1
        self._next_tile = index + 1
        return self._tiles.take(index, end)

    def _level_0(self, index: int) -> File:
        return super().tile_file(0, index, self.width(0, index))

    def close(self) -> None:
        """Let go of connections, also of what is being fetched."""
        self._fetcher.close()


class _Ahead:
    """Numbered files, taken in order, of which the next ones are on their way already."""

    def __init__(self, fetcher: Fetcher, work: Callable[[int], File], window: int) -> None:
        self._fetcher, self._work, self._window = fetcher, work, window
        self._started: dict[int, Future[File]] = {}

    def take(self, number: int, end: int) -> File:
        """File `number`; those after it, to `end` at most, are started."""
        for other in [other for other in self._started if not number <= other < number + self._window]:
            self._started.pop(other).cancel()
        for coming in range(number, min(number + self._window, end)):
            if coming not in self._started:
                self._started[coming] = self._fetcher.start(self._work, coming)
        return self._fetcher.result(self._started.pop(number))

    def drop(self) -> None:
        """Let go of what was started and not taken."""
        for started in self._started.values():
            started.cancel()
        self._started.clear()
