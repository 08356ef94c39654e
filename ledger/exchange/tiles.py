"""The export: a log as a folder of static files (C2SP tlog-tiles), which is mirror, backup and audit input in one.

Run again, it writes what is new. Tiles come before the checkpoint that covers them, so a crash leaves the older export whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from ..errors import Conflict
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.merkle import subtree_root
from ..log.note import parse_note
from ..log.tile import FULL_WIDTH, encode_entries, entries_path, new_tiles, node_reader, tile_path, tiles_of
from ..store.durable import write_durably

CHECKPOINT = "checkpoint"


class Log(Protocol):
    """What is exported: a signed checkpoint, entries, tiles."""

    def checkpoint(self) -> bytes:
        """The signed note."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entry bytes start … end-1."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile."""


class Exported(NamedTuple):
    """The export stands at `tree_size`; `files` were written and `removed` outdated partial tiles taken away."""

    tree_size: int
    files: int
    removed: int


def export_tiles(log: Log, folder: Path) -> Exported:
    """Bring a folder up to the log's checkpoint.

    Raises Conflict where the folder holds the export of another log, or of another history of this one; StorageError when a file
    cannot be written: run it again then.
    """
    note = log.checkpoint()
    checkpoint = parse_checkpoint(parse_note(note).text)
    before = _before(folder, checkpoint, log)
    files = 0
    for level, index, width in new_tiles(before, checkpoint.tree_size):
        _write(folder / tile_path(level, index, width), log.tile(level, index, width))
        files += 1
        if level == 0:
            start = index * FULL_WIDTH
            _write(folder / entries_path(index, width), encode_entries(list(log.entries(start, start + width))))
            files += 1
    _write(folder / CHECKPOINT, note)
    return Exported(checkpoint.tree_size, files, _remove_outdated(folder, before, checkpoint.tree_size))


def _before(folder: Path, checkpoint: Checkpoint, log: Log) -> int:
    """The size of the export that is there, known to be of this log and of this history."""
    if not (folder / CHECKPOINT).exists():
        return 0
    old = parse_checkpoint(parse_note((folder / CHECKPOINT).read_bytes()).text)
    if old.origin != checkpoint.origin:
        raise Conflict(f"{folder}: holds the export of {old.origin!r}; name another folder", rule="export")
    if old.tree_size > checkpoint.tree_size:
        raise Conflict(f"{folder}: has {old.tree_size} entries, the ledger {checkpoint.tree_size}: it is behind", rule="export")
    node = node_reader(lambda level, index: log.tile(level, index, FULL_WIDTH))
    if old.tree_size and subtree_root(0, old.tree_size, node) != old.root:
        raise Conflict(f"{folder}: holds another history of this log; keep it as evidence and name another folder", rule="fork")
    return old.tree_size


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, raw)


def _remove_outdated(folder: Path, before: int, now: int) -> int:
    """Take away the partial tiles of the earlier export that are wider now."""
    current = set(tiles_of(now))
    removed = 0
    for level, index, width in tiles_of(before):
        if width == FULL_WIDTH or (level, index, width) in current:
            continue
        paths = [tile_path(level, index, width)] + ([entries_path(index, width)] if level == 0 else [])
        for path in paths:
            (folder / path).unlink(missing_ok=True)
            removed += 1
        if not any((folder / paths[0]).parent.iterdir()):
            for path in paths:
                (folder / path).parent.rmdir()
    return removed
