"""Where an audit reads, through one narrow protocol. A folder of files is here, a server in `ledger/network/log_server.py`, a
ledger's own directory in `ledger/directory/source.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ..disk.regular import DISK, read_regular
from ..errors import FormatError, Unverifiable
from ..log.note import MAX_NOTE_BYTES
from ..log.tile import CHECKPOINT
from .stamps import stamped_in
from .tiled import Opener, TiledSource, missing

Rows = Iterable[tuple[str, str, bytes]]
"""(table, key, row) of the books, as a store keeps them."""


class Source(Protocol):
    """A log as files: a signed checkpoint, entries in order, tiles of hashes. Use it in one thread of one process."""

    name: str
    @property
    def refused_tls(self) -> bool: ...
    """Whether a server was reached but did not answer over TLS."""

    def checkpoint(self) -> bytes:
        """The signed note, the same at every call. Raises Unverifiable if there is none."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the entries start … end-1, in bounded memory. Raises Unverifiable if some are missing, FormatError."""

    def durable_size(self) -> int:
        """How many entries there are in fact. It is more than the checkpoint says if some are not published yet."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The hashes of a tile. Raises Unverifiable if it is missing, FormatError."""

    def faults_beside(self, size: int, rows: Rows | None) -> list[tuple[str, str]]:
        """(rule, sentence) for each fault outside the entries: in the file that holds them, or in what is derived from them, except
        hashes. `rows` are those of the books of the first `size` entries, if known."""

    def stamped(self) -> list[int]:
        """The sizes of which there is a timestamp token, ascending; a server does not list them, so [] there."""

    def stamp(self, size: int) -> bytes | None:
        """The token of a size, at most one byte more than a token can have; None if there is none. Nothing in it was checked."""

    def opener(self) -> Opener:
        """Opens the same log under the same checkpoint, also in a worker process. It holds nothing open, and the same source gives
        an equal opener at every call. Raises Unverifiable as `checkpoint` does."""

    def close(self) -> None:
        """Close its files."""


class FolderSource(TiledSource):
    """A folder with the layout of C2SP tlog-tiles: an export, a mirror, a backup."""

    def __init__(self, folder: Path, note: bytes | None = None) -> None:
        """`note` is the checkpoint, if given, whatever is in the folder now."""
        super().__init__(str(folder))
        self._folder, self._given = folder, note

    def checkpoint(self) -> bytes:
        return self._note

    @cached_property
    def _note(self) -> bytes:
        return note_in(self._folder) if self._given is None else self._given

    def stamped(self) -> list[int]:
        return stamped_in(self._folder)

    def read(self, path: str, limit: int) -> bytes:
        return _read(self._folder / path, limit, f"{path} in {self.name}")

    def opener(self) -> Opener:
        """See `Source`."""
        return Opener(FolderSource, (self._folder, self._note))

    def close(self) -> None:
        return None


def note_in(folder: Path) -> bytes:
    """The checkpoint in a folder, read only as far as a parser needs to refuse it. Raises Unverifiable."""
    path = folder / CHECKPOINT
    with _named(path, str(path)):
        return read_regular(path, MAX_NOTE_BYTES)


def _read(path: Path, limit: int, name: str) -> bytes:
    """A file of at most `limit` bytes. Raises Unverifiable if it is missing or not a file, FormatError if it is larger."""
    with _named(path, name):
        raw = read_regular(path, limit)
    if len(raw) > limit:
        raise FormatError(f"{path}: the file is larger than {limit} bytes; get another copy", rule="size-limit")
    return raw


@contextmanager
def _named(path: Path, name: str) -> Iterator[None]:
    """Turn an error of the system into one that names the file. Raises Unverifiable, because without the file nothing can be
    verified."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise missing(name) from None
    except OSError as error:
        remedy = "check the disk, and run the same command again" if error.errno in DISK else "get a complete copy"
        words = f"{path}: cannot be read ({error.strerror}); {remedy}"
        raise Unverifiable(words, rule="missing", where=str(path)) from None
