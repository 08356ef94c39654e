"""A log as files (C2SP tlog-tiles): which file holds an entry or a hash, and whether it is complete."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from ..errors import Unverifiable
from ..log.checkpoint import parse_checkpoint
from ..log.merkle import HASH_BYTES, Node
from ..log.note import parse_note
from ..log.tile import (
    FULL_WIDTH,
    HEIGHT,
    MAX_ENTRY_BYTES,
    TOKEN_BYTES,
    decode_entries,
    entries_path,
    node_reader,
    tile_path,
    token_path,
)

TILE_BYTES = FULL_WIDTH * HASH_BYTES
BUNDLE_BYTES = FULL_WIDTH * (2 + MAX_ENTRY_BYTES)


class Opener(NamedTuple):
    """Call it to open a source again, also in another process. It can be pickled, compared and hashed."""

    kind: Callable[..., Any]
    values: tuple[object, ...]

    def __call__(self) -> Any:
        return self.kind(*self.values)


class TiledSource(ABC):
    """What a folder and a server have in common. `name` is how messages refer to it."""

    @property
    def refused_tls(self) -> bool:
        """See `Source`."""
        return False

    def __init__(self, name: str) -> None:
        self.name = name
        self._cached: tuple[int, list[bytes]] = (-1, [])

    @abstractmethod
    def checkpoint(self) -> bytes:
        """The signed note. Raises Unverifiable if there is none."""

    @abstractmethod
    def read(self, path: str, limit: int) -> bytes:
        """The file at a tlog-tiles path, of at most `limit` bytes if it comes from a stranger. Raises Unverifiable, rule "missing",
        if there is none."""

    @cached_property
    def tree_size(self) -> int:
        """How many entries the checkpoint claims. Raises FormatError, Unverifiable."""
        return parse_checkpoint(parse_note(self.checkpoint()).text).tree_size

    def durable_size(self) -> int:
        """See `Source`. A copy does not have entries beyond its checkpoint."""
        return self.tree_size

    def width(self, level: int, index: int) -> int:
        """How many hashes or entries of this tile are in the checkpoint's tree."""
        return width_in(self.tree_size, level, index)

    def faults_beside(self, size: int, rows: object) -> list[tuple[str, str]]:
        """Always empty: there is nothing here but entries and hashes."""
        return []

    def stamped(self) -> list[int]:
        """See `Source`."""
        return []

    def stamp(self, size: int) -> bytes | None:
        """See `Source`."""
        try:
            return self.read(token_path(size), TOKEN_BYTES)
        except Unverifiable as error:
            if error.rule != "missing":
                raise
            return None

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the entries start … end-1, one bundle at a time. Raises Unverifiable if some are missing, FormatError."""
        first = start // FULL_WIDTH
        for index, bundle in enumerate(self._bundles(first, -(-end // FULL_WIDTH)), first):
            at = index * FULL_WIDTH
            part = bundle[max(start - at, 0) : end - at]
            yield from part
            found = max(start, at) + len(part)
            if found < min(end, at + FULL_WIDTH):
                raise missing(f"entry {found} of {self.name}")

    def _bundles(self, first: int, end: int) -> Iterator[list[bytes]]:
        """Bundles first … end-1. The last one is cached for callers that read entry by entry."""
        if first < end and self._cached[0] == first:
            yield self._cached[1]
            first += 1
        with closing(self.bundle_files(first, end)) as files:
            for index, (path, raw) in enumerate(files, first):
                stored = FULL_WIDTH if path == entries_path(index) else self.width(0, index)
                self._cached = (index, whole_entries(raw, stored, f"{path} in {self.name}")[: self.width(0, index)])
                yield self._cached[1]

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile, or whatever else the file holds. Raises Unverifiable if it is missing."""
        path, raw = self.tile_file(level, index, width)
        if path == tile_path(level, index) and len(raw) == TILE_BYTES:
            return raw[: width * HASH_BYTES]
        return raw

    def bundle_files(self, first: int, end: int) -> Generator[tuple[str, bytes], None, None]:
        """The path and content of the bundles first … end-1, each read when it is asked for."""
        for index in range(first, end):
            yield self.bundle_file(index)

    def bundle_file(self, index: int) -> tuple[str, bytes]:
        """The path and content of one bundle."""
        return self._first_of(BUNDLE_BYTES, entries_path(index, self.width(0, index)), entries_path(index))

    def tile_file(self, level: int, index: int, width: int) -> tuple[str, bytes]:
        """The path and content of one tile of hashes."""
        return self._first_of(TILE_BYTES, tile_path(level, index, width), tile_path(level, index))

    def _first_of(self, limit: int, *paths: str) -> tuple[str, bytes]:
        """The first of these files that exists, and its content. A partial tile may have been deleted once a larger tree's full
        tile existed (tlog-tiles)."""
        lacking: Unverifiable | None = None
        for path in dict.fromkeys(paths):
            try:
                return path, self.read(path, limit)
            except Unverifiable as error:
                if error.rule != "missing":
                    raise
                lacking = lacking or error
        raise lacking or missing(f"{paths[0]} in {self.name}")


def width_in(tree_size: int, level: int, index: int) -> int:
    """How many hashes a tile has in a tree of that size; 0 or less if the tree does not have that tile."""
    return min(FULL_WIDTH, (tree_size >> HEIGHT * level) - index * FULL_WIDTH)


class Tiles(Protocol):
    """Anything that gives hashes by their tiles."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The hashes of a tile."""


def nodes(log: Tiles, tree_size: int) -> Node:
    """The nodes of the tree of that size, read from a log's tiles, for merkle's roots and proofs."""
    return node_reader(lambda level, index: log.tile(level, index, width_in(tree_size, level, index)))


def whole_entries(raw: bytes, width: int, path: str) -> list[bytes]:
    """Exactly `width` entries. Raises Unverifiable if the bundle was cut off, FormatError if it holds more."""
    count, at = 0, 0
    while at < len(raw) and count <= width:
        at += 2 + int.from_bytes(raw[at : at + 2])
        count += 1
    if count < width or (count == width and at > len(raw)):
        raise missing(f"the end of {path}")
    return decode_entries(raw, width)


def missing(what: str) -> Unverifiable:
    """The error for something that is missing."""
    return Unverifiable(f"{what}: is missing; get a complete copy", rule="missing", where=what)
