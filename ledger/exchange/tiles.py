"""The export: a log as a folder of static files (C2SP tlog-tiles), which is mirror, backup and audit input in one.

Run again, it writes what is new. Tiles come before the checkpoint that covers them, so a crash leaves the older export whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from ..anchor import read_note
from ..errors import Conflict, InputError
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.merkle import subtree_root
from ..log.note import parse_note
from ..log.tile import FULL_WIDTH, encode_entries, entries_path, new_tiles, node_reader, tile_path, tiles_of
from ..store.durable import unwritable, write_durably

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
    note = read_note(folder / CHECKPOINT)
    if note is None:
        return 0
    try:
        old = parse_checkpoint(parse_note(note).text)
    except InputError as error:
        raise Conflict(f"{folder / CHECKPOINT}: is damaged ({error.message}); name another folder", rule="export") from None
    if old.origin != checkpoint.origin:
        raise Conflict(f"{folder}: holds the export of {old.origin!r}; name another folder", rule="export")
    if old.tree_size > checkpoint.tree_size:
        raise Conflict(f"{folder}: has {old.tree_size} entries, the ledger {checkpoint.tree_size}: it is behind", rule="export")
    widths = {(level, index): width for level, index, width in tiles_of(checkpoint.tree_size)}
    node = node_reader(lambda level, index: log.tile(level, index, widths[level, index]))
    if old.tree_size and subtree_root(0, old.tree_size, node) != old.root:
        raise Conflict(f"{folder}: holds another history of this log; keep it as evidence and name another folder", rule="fork")
    return old.tree_size


def _write(path: Path, raw: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from None
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
            removed += _remove(folder / path)
    return removed


def _remove(path: Path) -> int:
    """Take a partial tile away, and its folder when that is empty; how many files that were."""
    if not path.is_file():
        return 0
    try:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    except OSError as error:
        raise unwritable(path, error) from None
    return 1
