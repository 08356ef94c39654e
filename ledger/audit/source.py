"""Where an audit reads: a ledger's directory or an exported folder, through one narrow protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ..directory import CHECKPOINT
from ..errors import NotFound, StorageError, Unverifiable
from ..log.checkpoint import parse_checkpoint
from ..log.note import parse_note
from ..log.tile import FULL_WIDTH, decode_entries, entries_path, tile_path
from ..store.sqlite import SqliteStore

HASH_BYTES = 32


class Source(Protocol):
    """A log as files: a signed checkpoint, entries in order, tiles of hashes."""

    name: str

    def checkpoint(self) -> bytes:
        """The signed note. Raises Unverifiable where there is none."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entry bytes start … end-1, in bounded memory. Raises Unverifiable where some are missing, FormatError."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The hashes of a tile. Raises Unverifiable where it is missing."""

    def close(self) -> None:
        """Let go of files."""


class DirectorySource:
    """A ledger's own directory, read beside the process that writes it. Nothing derived is read but the tiles, which are judged."""

    def __init__(self, directory: Path) -> None:
        self.name = str(directory)
        self._note = _read(directory / CHECKPOINT)
        self._store = SqliteStore.open(directory, write=False)
        with ExitStack() as on_failure:
            on_failure.callback(self._store.close)
            self._store.check()
            on_failure.pop_all()

    def checkpoint(self) -> bytes:
        return self._note

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        found = start
        for raw in self._store.entries(start, min(end, self._store.tree_size)):
            found += 1
            yield raw
        if found < end:
            raise _missing(f"entry {found} of {self.name}")

    def tile(self, level: int, index: int, width: int) -> bytes:
        hashes = self._store.tile(level, index)[: width * HASH_BYTES]
        if len(hashes) < width * HASH_BYTES:
            raise _missing(f"{tile_path(level, index, width)} of {self.name}")
        return hashes

    def close(self) -> None:
        self._store.close()


class FolderSource:
    """A folder laid out as C2SP tlog-tiles says: an export, a mirror, a backup."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder
        self._cached: tuple[int, list[bytes]] = (-1, [])

    def checkpoint(self) -> bytes:
        return self._note

    @cached_property
    def _note(self) -> bytes:
        return _read(self._folder / CHECKPOINT)

    @cached_property
    def _size(self) -> int:
        return parse_checkpoint(parse_note(self._note).text).tree_size

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            index, first = divmod(start, FULL_WIDTH)
            bundle = self._bundle(index)[first : first + end - start]
            if not bundle:
                raise _missing(f"entry {start} of {self.name}")
            yield from bundle
            start += len(bundle)

    def _bundle(self, index: int) -> list[bytes]:
        if self._cached[0] != index:
            width = min(FULL_WIDTH, self._size - index * FULL_WIDTH)
            path, raw = self._first_of(entries_path(index, width), entries_path(index))
            stored = FULL_WIDTH if path == entries_path(index) else width
            self._cached = (index, _entries(raw, stored, f"{path} in {self.name}")[:width])
        return self._cached[1]

    def tile(self, level: int, index: int, width: int) -> bytes:
        path, raw = self._first_of(tile_path(level, index, width), tile_path(level, index))
        if path == tile_path(level, index) and len(raw) == FULL_WIDTH * HASH_BYTES:
            return raw[: width * HASH_BYTES]
        return raw

    def _first_of(self, *paths: str) -> tuple[str, bytes]:
        """Which file there is, and what it holds. A partial tile may have been removed once the full one, of a larger tree, was
        there (tlog-tiles)."""
        for path in dict.fromkeys(paths):
            if (self._folder / path).is_file():
                return path, _read(self._folder / path)
        raise _missing(f"{paths[0]} in {self.name}")

    def close(self) -> None:
        return None


def _entries(raw: bytes, width: int, path: str) -> list[bytes]:
    """Exactly `width` entries. Raises Unverifiable where the bundle was cut off, FormatError where it holds more."""
    count, at = 0, 0
    while at < len(raw):
        at += 2 + int.from_bytes(raw[at : at + 2])
        count += 1
    if count < width or (count == width and at > len(raw)):
        raise _missing(f"the end of {path}")
    return decode_entries(raw, width)


def open_source(target: Path) -> DirectorySource | FolderSource:
    """A ledger's directory or an exported folder. Raises NotFound for anything else, Unverifiable without a checkpoint."""
    if (target / "ledger.sqlite").exists():
        return DirectorySource(target)
    if target.is_dir() and ((target / CHECKPOINT).exists() or (target / "tile").exists()):
        return FolderSource(target)
    raise NotFound(f"{target}: is no ledger, exported folder or trace bundle; name one", rule="target")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _missing(str(path)) from None
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}", rule="file") from None


def _missing(what: str) -> Unverifiable:
    return Unverifiable(f"{what}: is missing; get a complete copy", rule="missing", where=what)
