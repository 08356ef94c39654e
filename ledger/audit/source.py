"""Where an audit reads: a ledger's directory, an exported folder, or a server of tiles, through one narrow protocol."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

from ..directory import CHECKPOINT
from ..errors import FormatError, NotFound, StorageError, Unverifiable
from ..log.merkle import HASH_BYTES
from ..log.note import MAX_NOTE_BYTES
from ..log.tile import FULL_WIDTH, tile_path
from ..regular import DISK, read_regular
from ..store.soundness import RULE as DERIVED
from ..store.sqlite import SqliteStore
from .tiled import Opener, TiledSource, missing

DATABASE = "database"
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


Rows = Iterable[tuple[str, str, bytes]]
"""(table, key, row) of the books, as a store keeps them."""


class Source(Protocol):
    """A log as files: a signed checkpoint, entries in order, tiles of hashes. Used by one thread of one process."""

    name: str

    def checkpoint(self) -> bytes:
        """The signed note, the same at every call. Raises Unverifiable where there is none."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entry bytes start … end-1, in bounded memory. Raises Unverifiable where some are missing, FormatError."""

    def durable_size(self) -> int:
        """How many entries there are, whatever the checkpoint says: more, where some are not published yet."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The hashes of a tile. Raises Unverifiable where it is missing, FormatError."""

    def faults_beside(self, size: int, rows: Rows | None) -> list[tuple[str, str]]:
        """(rule, sentence) for each thing that is wrong beside the entries: with the file that they are in, or with what is made
        from them, hashes left out. `rows` are those of the books of the first `size` entries, where they are known."""

    def opener(self) -> Opener:
        """What opens the same log under the same checkpoint, in a worker process too. Nothing is open in it, and the same source
        gives an equal one at every call. Raises Unverifiable as `checkpoint` does."""

    def close(self) -> None:
        """Let go of files."""


class DirectorySource:
    """A ledger's own directory, read beside the process that writes it. What is derived is judged, and nothing is judged by it."""

    def __init__(self, directory: Path, note: bytes | None = None) -> None:
        """With `note`, that is the checkpoint: of a source of this directory that was opened before. What the database gives is
        judged by its hashes, so it is not read through beforehand.

        Raises Unverifiable where the checkpoint is missing; what `SqliteStore.open` and its `check_length` raise.
        """
        self.name = str(directory)
        self._directory = directory
        self._note = _note_of(directory) if note is None else note
        self._opened: SqliteStore | None = None
        with ExitStack() as on_failure:
            on_failure.callback(self.close)
            self._store.check_length()
            on_failure.pop_all()

    @property
    def _store(self) -> SqliteStore:
        """The open database. It is closed when this process is forked, for SQLite's locks do not survive that."""
        if self._opened is None:
            self._opened = SqliteStore.open(self._directory, write=False, checked=False)
            _OPEN.add(self)
        return self._opened

    def checkpoint(self) -> bytes:
        return self._note

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        stop = min(end, self._store.tree_size)
        for at in range(start, stop, FULL_WIDTH):
            # A page is read at once, so the database may be closed, and opened again, between any two entries.
            yield from self._page(at, min(at + FULL_WIDTH, stop))
        if stop < end:
            raise missing(f"entry {max(start, stop)} of {self.name}")

    def _page(self, start: int, end: int) -> Iterator[bytes]:
        try:
            yield from self._store.entries(start, end)
        except StorageError as error:
            if not error.where.isdecimal():
                raise
            raise missing(f"entry {error.where} of {self.name}") from None

    def durable_size(self) -> int:
        """See `Source`. Where the last entries are lost, the tables made from them still count them."""
        return max(self._store.tree_size, self._store.derived_size)

    def tile(self, level: int, index: int, width: int) -> bytes:
        try:
            hashes = self._store.tile(level, index)[: width * HASH_BYTES]
        except StorageError as error:
            if error.rule != DERIVED:
                raise
            raise Unverifiable(error.message, rule=DERIVED, where=error.where) from None
        if len(hashes) < width * HASH_BYTES:
            words = f"{self.name}: table tiles does not have {tile_path(level, index, width)}; run `givetrail rebuild`"
            raise Unverifiable(words, rule=DERIVED)
        return hashes

    def faults_beside(self, size: int, rows: Rows | None) -> list[tuple[str, str]]:
        """See `Source`. Every page of the file is read, and where they are right, every row of every derived table."""
        with self._store.one_commit():
            try:
                self._store.check_pages()
            except StorageError as error:
                if error.rule != DATABASE:
                    raise
                return [(DATABASE, error.message)]
            return [(DERIVED, fault) for fault in self._store.faults(rows if self._store.tree_size == size else None)]

    def opener(self) -> Opener:
        """See `Source`."""
        return Opener(DirectorySource, (self._directory, self._note))

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


_OPEN: WeakSet[DirectorySource] = WeakSet()


def _close_all() -> None:
    for source in list(_OPEN):
        source.close()


os.register_at_fork(before=_close_all)


class FolderSource(TiledSource):
    """A folder laid out as C2SP tlog-tiles says: an export, a mirror, a backup."""

    def __init__(self, folder: Path, note: bytes | None = None) -> None:
        """With `note`, that is the checkpoint, whatever lies in the folder now."""
        super().__init__(str(folder))
        self._folder, self._given = folder, note

    def checkpoint(self) -> bytes:
        return self._note

    @cached_property
    def _note(self) -> bytes:
        return _note_of(self._folder) if self._given is None else self._given

    def read(self, path: str, limit: int) -> bytes:
        return _read(self._folder / path, limit, f"{path} in {self.name}")

    def opener(self) -> Opener:
        """See `Source`."""
        return Opener(FolderSource, (self._folder, self._note))

    def close(self) -> None:
        return None


def is_url(target: str | Path) -> bool:
    """Whether this names a server and no file: it begins with a scheme and `://`."""
    return isinstance(target, str) and _URL.match(target) is not None


def open_source(target: str | Path) -> Source:
    """A ledger's directory, an exported folder, or the address of a log.

    Raises NotFound for anything else; Unverifiable without a checkpoint; UsageError, rule "url", for an address that is not of
    http or https; Unverifiable, rule "unreachable", where its server does not answer.
    """
    if isinstance(target, str) and is_url(target):
        from .remote import UrlSource  # HTTP takes longer to import than a small log to verify

        return UrlSource(target)
    folder = Path(target)
    if os.path.lexists(folder / "ledger.sqlite"):
        return DirectorySource(folder)
    if os.path.lexists(folder / CHECKPOINT) or os.path.lexists(folder / "tile"):
        return FolderSource(folder)
    raise NotFound(f"{target}: is not a ledger, an exported folder or a trace bundle; give one", rule="target")


def _note_of(folder: Path) -> bytes:
    """The checkpoint, of which no more is read than whoever parses it needs to refuse it. Raises Unverifiable."""
    path = folder / CHECKPOINT
    with _named(path, str(path)):
        return read_regular(path, MAX_NOTE_BYTES)


def _read(path: Path, limit: int, name: str) -> bytes:
    """A file of at most `limit` bytes. Raises Unverifiable where it is missing, or no file, FormatError where it is larger."""
    with _named(path, name):
        raw = read_regular(path, limit)
    if len(raw) > limit:
        raise FormatError(f"{path}: the file is larger than {limit} bytes; get another copy", rule="size-limit")
    return raw


@contextmanager
def _named(path: Path, name: str) -> Iterator[None]:
    """What the system refuses, as an error that names the file: without the file nothing is verified. Raises Unverifiable."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise missing(name) from None
    except OSError as error:
        remedy = "check the disk, and run the same command again" if error.errno in DISK else "get a complete copy"
        words = f"{path}: cannot be read ({error.strerror}); {remedy}"
        raise Unverifiable(words, rule="missing", where=str(path)) from None
