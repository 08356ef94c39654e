"""Integrity: the entries must give the tiles, and the tiles must give the signed root."""

from __future__ import annotations

from collections.abc import Sequence

from ..canonical import JsonObject
from ..errors import FormatError, Unverifiable
from ..findings.finding import WHOLE, Finding
from ..findings.report import Note
from ..log.checkpoint import Checkpoint
from ..log.merkle import root_of
from ..log.tile import FULL_WIDTH, tile_path
from ..log_files.source import Source
from .consistency import KnownCheckpoint, other_root


class TreeCheck:
    """Takes leaf hashes in order and compares every tile as soon as it is full. It keeps one tile per level in memory."""

    def __init__(self, source: Source, earlier: Sequence[KnownCheckpoint] = ()) -> None:
        self._source = source
        self._earlier: dict[int, list[KnownCheckpoint]] = {}
        for one in earlier:
            self._earlier.setdefault(one.checkpoint.tree_size, []).append(one)
        self._sizes = sorted(self._earlier, reverse=True)
        self._levels: list[list[bytes]] = [[]]
        self._indexes: list[int] = [0]
        self.tiles = 0
        self.findings: list[Finding] = []
        self.evidence: list[Note] = []

    @property
    def size(self) -> int:
        """How many leaves were taken."""
        return self._indexes[0] * FULL_WIDTH + len(self._levels[0])

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Take the next leaf hashes."""
        at = 0
        while at < len(leaves):
            stop = self._next_stop(at + FULL_WIDTH - len(self._levels[0]), at, len(leaves))
            self._levels[0].extend(leaves[at:stop])
            at = stop
            for one in self._earlier.pop(self.size, ()):
                if one.checkpoint.root != self.root:
                    self.findings.append(other_root(one))
                    self.evidence.append(one.evidence())
            self._close_full()

    def _next_stop(self, full: int, at: int, end: int) -> int:
        """How far leaves can be taken at once: to the end of a tile, or to the size of an earlier tree."""
        while self._sizes and self._sizes[-1] <= self.size:
            self._sizes.pop()
        stop = min(full, end)
        return min(stop, at + self._sizes[-1] - self.size) if self._sizes else stop

    def _close_full(self) -> None:
        """Compare the full tiles, each with its hash in the level above."""
        level = 0
        while len(self._levels[level]) == FULL_WIDTH:
            self._compare(level)
            if level + 1 == len(self._levels):
                self._levels.append([])
                self._indexes.append(0)
            self._levels[level + 1].append(root_of(self._levels[level]))
            self._levels[level].clear()
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
            self.findings.append(Finding(WHOLE, WHOLE, "missing", f"{path}: the file is cut off; get a complete copy"))
        elif stored != given:
            self.findings.append(Finding(WHOLE, WHOLE, "tile", f"{path}: does not match the entries"))

    def save(self) -> JsonObject:
        """The state of the tree so far, as JSON for `resume`."""
        return {
            "levels": [[one.hex() for one in hashes] for hashes in self._levels],
            "indexes": self._indexes,
            "tiles": self.tiles,
            "findings": [list(finding) for finding in self.findings],
            "evidence": [list(note) for note in self.evidence],
        }

    def resume(self, saved: JsonObject) -> None:
        """Continue from what `save` returned. Earlier checkpoints of that size or below are not compared."""
        self._levels = [[bytes.fromhex(one) for one in hashes] for hashes in saved["levels"]]
        self._indexes = saved["indexes"]
        self.tiles = saved["tiles"]
        self.findings = [Finding(*finding) for finding in saved["findings"]]
        self.evidence = [Note(*note) for note in saved["evidence"]]

    @property
    def root(self) -> bytes:
        """The root over the leaves so far. A partial tile's hash is the last leaf of the level above, because the tree is split
        there."""
        last: list[bytes] = []
        for hashes in self._levels:
            if hashes or last:
                last = [root_of([*hashes, *last])]
        return root_of(last)

    def finish(self, checkpoint: Checkpoint) -> None:
        """Compare the partial tiles and the root. Finding: `root`."""
        for level, hashes in enumerate(self._levels):
            if hashes:
                self._compare(level)
        if self.size == checkpoint.tree_size and self.root != checkpoint.root:
            message = f"root at {checkpoint.tree_size}: signed {checkpoint.root.hex()}, but the entries have root {self.root.hex()}"
            self.findings.append(Finding(WHOLE, WHOLE, "root", message))
