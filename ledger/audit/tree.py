"""Integrity: the entries give the tiles, and the tiles give the root that was signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import FormatError, Unverifiable
from ..log.checkpoint import Checkpoint
from ..log.merkle import Stack, root_of
from ..log.tile import FULL_WIDTH, tile_path
from .earlier import Earlier, other_root
from .finding import WHOLE, Finding
from .report import Note
from .source import Source


class TreeCheck:
    """Takes leaf hashes in order and compares every tile as soon as it is full. Memory: one tile a level."""

    def __init__(self, source: Source, earlier: Sequence[Earlier] = ()) -> None:
        self._source = source
        self._earlier: dict[int, list[Earlier]] = {}
        for one in earlier:
            self._earlier.setdefault(one.checkpoint.tree_size, []).append(one)
        self._stack = Stack()
        self._levels: list[list[bytes]] = []
        self._indexes: list[int] = []
        self.tiles = 0
        self.findings: list[Finding] = []
        self.evidence: list[Note] = []

    def append(self, leaf: bytes) -> None:
        """Take the next leaf hash."""
        self._stack.append(leaf)
        for one in self._earlier.pop(self._stack.size, ()):
            if one.checkpoint.root != self._stack.root():
                self.findings.append(other_root(one))
                self.evidence.append(one.evidence())
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

    def save(self) -> dict[str, Any]:
        """What is known of the tree so far, as JSON; `resume` takes it."""
        return {
            "levels": [[one.hex() for one in hashes] for hashes in self._levels],
            "indexes": self._indexes,
            "tiles": self.tiles,
            "findings": [list(finding) for finding in self.findings],
            "evidence": [list(note) for note in self.evidence],
        }

    def resume(self, saved: dict[str, Any], tree_size: int) -> None:
        """Go on after `tree_size` leaves, where `save` was called. Earlier checkpoints of that size and below are not compared."""
        self._levels = [[bytes.fromhex(one) for one in hashes] for hashes in saved["levels"]]
        self._indexes = saved["indexes"]
        self._stack = Stack.resume(tree_size, self._node)
        self.tiles = saved["tiles"]
        self.findings = [Finding(*finding) for finding in saved["findings"]]
        self.evidence = [Note(*note) for note in saved["evidence"]]
        self._earlier = {size: seen for size, seen in self._earlier.items() if size > tree_size}

    def _node(self, level: int, index: int) -> bytes:
        """A complete subtree within the tiles that are not full yet."""
        stored, height = divmod(level, 8)
        first = (index << height) - self._indexes[stored] * FULL_WIDTH
        return root_of(self._levels[stored][first : first + (1 << height)])

    @property
    def root(self) -> bytes:
        """The root over the leaves so far."""
        return self._stack.root()

    def finish(self, checkpoint: Checkpoint) -> None:
        """Compare the partial tiles and the root. Finding: `root`."""
        for level, hashes in enumerate(self._levels):
            if hashes:
                self._compare(level)
        if self._stack.size == checkpoint.tree_size and self._stack.root() != checkpoint.root:
            message = f"root at {checkpoint.tree_size}: signed {checkpoint.root.hex()}, the entries give {self._stack.root().hex()}"
            self.findings.append(Finding(WHOLE, WHOLE, "root", message))
