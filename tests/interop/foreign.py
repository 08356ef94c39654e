"""An export as somebody reads it who has the specifications and none of our code: standard library only."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any, NamedTuple

WIDTH = 256
HASH_BYTES = 32


class Export(NamedTuple):
    """Entries in order, hashes of every level, and the three lines of the checkpoint."""

    note: str
    origin: str
    size: int
    root: bytes
    entries: list[bytes]
    hashes: list[list[bytes]]

    def values(self) -> list[dict[str, Any]]:
        """The entries, decoded."""
        return [json.loads(raw) for raw in self.entries]

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree, from the tiles of the level below it that is stored."""
        stored, height = divmod(level, 8)
        hashes = self.hashes[stored][index << height : (index + 1) << height]
        while len(hashes) > 1:
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        return hashes[0]


def read_export(folder: Path) -> Export:
    """Read every file that C2SP tlog-tiles and tlog-checkpoint speak of."""
    note = (folder / "checkpoint").read_text(encoding="utf-8")
    origin, size, root, *_ = note.split("\n")
    entries: list[bytes] = []
    for raw in tiles(folder / "tile" / "entries", int(size)):
        while raw:
            end = 2 + int.from_bytes(raw[:2])
            entries.append(raw[2:end])
            raw = raw[end:]
    hashes, level, width = [], 0, int(size)
    while width:
        raw = b"".join(tiles(folder / "tile" / str(level), width))
        hashes.append([raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)])
        level, width = level + 1, width // WIDTH
    return Export(note, origin, int(size), b64decode(root), entries, hashes)


def tiles(folder: Path, width: int) -> list[bytes]:
    """The content of every tile of a level that holds so many; levels here are below a thousand tiles."""
    full, partial = divmod(width, WIDTH)
    paths = [folder / f"{index:03}" for index in range(full)]
    return [path.read_bytes() for path in [*paths, *([folder / f"{full:03}.p" / str(partial)] if partial else [])]]
