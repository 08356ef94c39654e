"""A log copied from a source into a folder of tiles, where nothing is written that was not checked.

What lies in the folder already, from a copy that was broken off, is used where the source's hashes say that it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from ..disk.regular import read_regular, unreadable
from ..errors import FormatError, VerificationError
from ..log.checkpoint import Checkpoint
from ..log.merkle import HASH_BYTES, Stack, leaf_hash
from ..log.tile import FULL_WIDTH, decode_entries, encode_entries, entries_path, grow, tile_path
from .folder import Folder
from .source import FolderSource, Source
from .tiled import BUNDLE_BYTES, TILE_BYTES, missing, nodes, width_in

Bundle = tuple[list[bytes], list[bytes]]
"""Entries, and their leaf hashes."""


class Copy:
    """What the tree `new` has and the tree `old`, which lies in the folder, has not.

    Memory: a bundle, a tile a level, and what the source reads ahead. `resumed_root` is what the tiles in the folder give for the
    full bundles of `old`: the caller judges it before `run`, which goes on from there. `files` were written.
    """

    def __init__(
        self, source: Source, folder: Folder, old: Checkpoint, new: Checkpoint, progress: Callable[[int, int], None]
    ) -> None:
        """Raises Unverifiable, FormatError where the tiles to go on from are missing or cut off."""
        self._source, self._folder, self._progress = source, folder, progress
        self._old, self._new = old, new
        self._here = FolderSource(folder.path)
        self._first, self._end = old.tree_size // FULL_WIDTH, -(-new.tree_size // FULL_WIDTH)
        self._stack = Stack.resume(self._first * FULL_WIDTH, nodes(self._here, old.tree_size))
        self._upper: dict[tuple[int, int], bytes] = {}
        self._coming: Iterator[bytes] = iter(())
        self._comes_next = -1
        self.resumed_root = self._stack.root()
        self.files = 0

    def run(self) -> None:
        """Copy bundles and tiles. The tree of `new` is whole in the folder when it returns.

        Raises VerificationError, rule "tile" or "root"; what the source raises; StorageError.
        """
        if 0 < self._new.tree_size == self._old.tree_size:
            return
        for index in range(self._first, self._end):
            self._copy(index)
            self._progress(self._stack.size, self._new.tree_size)
        if self._stack.root() != self._new.root:
            raise VerificationError(
                f"{self._source.name}: root {self._new.root.hex()} is signed over {self._new.tree_size} entries, which give "
                f"{self._stack.root().hex()}; keep a copy of the files as evidence, and ask the operator to explain", rule="root",
            )  # fmt: skip
        for (level, index), hashes in self._upper.items():
            self._put_upper(level, index, hashes)

    def _copy(self, index: int) -> None:
        """One bundle, its hashes, and the tiles above that it fills."""
        width = width_in(self._new.tree_size, 0, index)
        entries, leaves = self._bundle(index, width)
        self._stack.extend(leaves)
        self._put(entries_path(index, width), encode_entries(entries))
        self._put(tile_path(0, index, width), b"".join(leaves))
        for level, number, hashes in grow(index * FULL_WIDTH, leaves, self._partial):
            if level > 0 and len(hashes) < TILE_BYTES:
                self._upper[level, number] = hashes
            elif level > 0:
                self._upper.pop((level, number), None)
                self._put_upper(level, number, hashes)

    def _partial(self, level: int, index: int) -> bytes:
        """What a tile above the leaves holds so far."""
        hashes = self._upper.get((level, index))
        return self._here.tile(level, index, width_in(self._old.tree_size, level, index)) if hashes is None else hashes

    def _bundle(self, index: int, width: int) -> Bundle:
        """A bundle that gives the source's tile of hashes: the one that lies here, or else the source's."""
        path, hashes = tile_path(0, index, width), self._source.tile(0, index, width)
        entries, leaves = self._lying(index, width)
        if b"".join(leaves) != hashes:
            entries = self._fetched(index, width)
            leaves = [leaf_hash(raw) for raw in entries]
            self._compare(path, hashes, b"".join(leaves))
        return entries, leaves

    def _lying(self, index: int, width: int) -> Bundle:
        """The bundle in the folder; nothing where there is none, or one that is cut off."""
        raw = _content(self._folder.path / entries_path(index, width))
        try:
            entries = decode_entries(raw, width) if raw else []
        except FormatError:
            return [], []
        return entries, [leaf_hash(raw) for raw in entries]

    def _fetched(self, index: int, width: int) -> list[bytes]:
        """The source's bundle. It is asked for all at once as far as the folder has none, so that it can read ahead."""
        if index != self._comes_next:
            end = next((other for other in range(index + 1, self._end) if self._lies(other)), self._end)
            self._coming = self._source.entries(index * FULL_WIDTH, min(end * FULL_WIDTH, self._new.tree_size))
        self._comes_next = index + 1
        return list(islice(self._coming, width))

    def _lies(self, index: int) -> bool:
        return (self._folder.path / entries_path(index, width_in(self._new.tree_size, 0, index))).exists()

    def _put_upper(self, level: int, index: int, hashes: bytes) -> None:
        width = len(hashes) // HASH_BYTES
        path = tile_path(level, index, width)
        self._compare(path, self._source.tile(level, index, width), hashes)
        self._put(path, hashes)

    def _compare(self, path: str, stored: bytes, given: bytes) -> None:
        """Refuse a tile of the source that does not match the entries."""
        if stored != given and given.startswith(stored):
            raise missing(f"the end of {path} in {self._source.name}")
        if stored != given:
            what = f"{path} in {self._source.name}"
            raise VerificationError(
                f"{what}: does not match the entries; get both again; if that does not help, ask the operator", rule="tile",
            )

    def _put(self, path: str, raw: bytes) -> None:
        if _content(self._folder.path / path) != raw:
            self._folder.put(path, raw)
            self.files += 1


def _content(path: Path) -> bytes:
    """What a file holds, as much of it as a bundle can be; b"" where there is none."""
    try:
        return read_regular(path, BUNDLE_BYTES)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise unreadable(path, error) from None
