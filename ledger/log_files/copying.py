"""Copies a log from a source into a folder of tiles. Nothing is written before it is checked.

Files that an interrupted copy left in the folder are used again if the source's hashes say that they are right.
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
"""Entries and their leaf hashes."""


class Copy:
    """Copies what the tree `new` has beyond the tree `old`, which is already in the folder.

    Memory: a bundle, a tile per level, and what the source reads ahead. `resumed_root` is the root that the tiles in the folder
    give for the full bundles of `old`: the caller must check it before `run`, which continues from there. `files` counts the files
    written.
    """

    def __init__(
        self, source: Source, folder: Folder, old: Checkpoint, new: Checkpoint, progress: Callable[[int, int], None]
    ) -> None:
        """Raises Unverifiable, or FormatError if the tiles to continue from are missing or cut off."""
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
        """Copy bundles and tiles. When it returns, the whole tree of `new` is in the folder.

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
        """Copy one bundle, its hashes, and the higher tiles that it fills."""
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
        """The content so far of a tile above the leaves."""
        hashes = self._upper.get((level, index))
        return self._here.tile(level, index, width_in(self._old.tree_size, level, index)) if hashes is None else hashes

    def _bundle(self, index: int, width: int) -> Bundle:
        """A bundle that matches the source's tile of hashes: the one in the folder if it does, otherwise the source's."""
        path, hashes = tile_path(0, index, width), self._source.tile(0, index, width)
        entries, leaves = self._lying(index, width)
        if b"".join(leaves) != hashes:
            entries = self._fetched(index, width)
            leaves = [leaf_hash(raw) for raw in entries]
            self._compare(path, hashes, b"".join(leaves))
        return entries, leaves

    def _lying(self, index: int, width: int) -> Bundle:
        """The bundle in the folder; empty if there is none or it is cut off."""
        raw = _content(self._folder.path / entries_path(index, width))
        try:
            entries = decode_entries(raw, width) if raw else []
        except FormatError:
            return [], []
        return entries, [leaf_hash(raw) for raw in entries]

    def _fetched(self, index: int, width: int) -> list[bytes]:
        """The source's bundle. The source is asked for the whole run of bundles that the folder lacks, so that it can read
        ahead."""
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
    """The content of a file, up to the largest size of a bundle; b"" if there is no file."""
    try:
        return read_regular(path, BUNDLE_BYTES)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise unreadable(path, error) from None
