"""Integrity: the entries give the tiles, and the tiles give the root that was signed."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import FormatError, Unverifiable
from ..log.checkpoint import Checkpoint
from ..log.merkle import Stack, root_of
from ..log.tile import FULL_WIDTH, tile_path
from .finding import WHOLE, Finding
from .source import Source

# A name to call it by, and a checkpoint of the log that was seen before.
Earlier = tuple[str, Checkpoint]


class TreeCheck:
    """Takes leaf hashes in order and compares every tile as soon as it is full. Memory: one tile a level."""

    def __init__(self, source: Source, earlier: Sequence[Earlier] = ()) -> None:
        self._source = source
        self._earlier: dict[int, list[Earlier]] = {}
        for name, checkpoint in earlier:
            self._earlier.setdefault(checkpoint.tree_size, []).append((name, checkpoint))
        self._stack = Stack()
        self._levels: list[list[bytes]] = []
        self._indexes: list[int] = []
        self.tiles = 0
        self.findings: list[Finding] = []

    def append(self, leaf: bytes) -> None:
        """Take the next leaf hash."""
        self._stack.append(leaf)
        for name, checkpoint in self._earlier.pop(self._stack.size, ()):
            if checkpoint.root != self._stack.root():
                message = f"{name}: at {checkpoint.tree_size} entries the log has another root: it is not the log seen then"
                self.findings.append(Finding(WHOLE, WHOLE, "consistency", message))
        level = 0
        while True:
            if level == len(self._levels):
                self._levels.append([])
                self._indexes.append(0)
            hashes = self._levels[level]
            hashes.append(leaf)
            if len(hashes) < FULL_WIDTH:
                return
            self._compare(level)
            leaf = root_of(hashes)
            hashes.clear()
            self._indexes[level] += 1
            level += 1

    def _compare(self, level: int) -> None:
        hashes, index = self._levels[level], self._indexes[level]
        path = tile_path(level, index, len(hashes))
        self.tiles += 1
        given = b"".join(hashes)
        try:
            stored = self._source.tile(level, index, len(hashes))
        except Unverifiable as error:
            self.findings.append(Finding(WHOLE, WHOLE, error.rule, error.message))
            return
        except FormatError as error:
            stored = error.message.encode()
        if stored != given and given.startswith(stored):
            self.findings.append(Finding(WHOLE, WHOLE, "missing", f"{path}: is cut off; get a complete copy"))
        elif stored != given:
            self.findings.append(Finding(WHOLE, WHOLE, "tile", f"{path}: is not what the entries give"))

    def finish(self, checkpoint: Checkpoint) -> None:
        """Compare the partial tiles and the root, and see that the log has grown. Findings: `root`, `consistency`."""
        for size, seen in self._earlier.items():
            for name, _ in seen if size else ():
                message = f"{name}: had {size} entries, the log has {checkpoint.tree_size} now; entries were taken away"
                self.findings.append(Finding(WHOLE, WHOLE, "consistency", message))
        for level, hashes in enumerate(self._levels):
            if hashes:
                self._compare(level)
        if self._stack.size == checkpoint.tree_size and self._stack.root() != checkpoint.root:
            message = f"root at {checkpoint.tree_size}: signed {checkpoint.root.hex()}, the entries give {self._stack.root().hex()}"
            self.findings.append(Finding(WHOLE, WHOLE, "root", message))
