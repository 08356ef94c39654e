"""The export: a log as a folder of static files (C2SP tlog-tiles), which is mirror, backup and audit input in one.

A second run writes only what is new. Tiles are written before the checkpoint that covers them, so a crash leaves the older export
whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Protocol

from ..errors import Conflict, StorageError
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.merkle import HASH_BYTES, leaf_hash, subtree_root
from ..log.note import parse_note, with_cosignatures
from ..log.tile import CHECKPOINT, FULL_WIDTH, encode_entries, entries_path, new_tiles, tile_path
from .folder import Folder
from .tiled import nodes


class Log(Protocol):
    """What an export reads: a signed checkpoint, entries and tiles."""

    def checkpoint(self) -> bytes:
        """The signed note."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entry bytes start … end-1."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile."""


class Exported(NamedTuple):
    """The export of `origin` now has `tree_size` entries and had `before`. `files` were written and `removed` outdated partial
    tiles were deleted. Its checkpoint has `signatures` signatures, the earlier one had `signatures_before`; both counts include the
    log's own."""

    origin: str
    tree_size: int
    before: int
    files: int
    removed: int
    signatures: int
    signatures_before: int


def export_tiles(log: Log, folder: Path) -> Exported:
    """Bring a folder up to the log's checkpoint. Cosignatures that witnesses added to the same checkpoint there are kept. Files
    that are missing or cut off are written again; other files are not read, because an audit checks them.

    Raises UsageError if the path is not a folder, or the folder holds anything other than an export; Conflict if it contains the
    export of another log, or of another history of this one; StorageError if a file cannot be written (run it again then);
    StorageError (`entry-hash`) if the log's files are not what was signed.
    """
    note = log.checkpoint()
    checkpoint = parse_checkpoint(parse_note(note).text)
    target = Folder(folder)
    target.check_own("export")
    old, before = _before(target, checkpoint, log)
    _check_root(log, checkpoint)
    files = 0
    for level, index, width in chain(_lost(folder, before), new_tiles(before, checkpoint.tree_size)):
        hashes = log.tile(level, index, width)
        entries = _entries(log, index, hashes) if level == 0 else []
        target.put(tile_path(level, index, width), hashes)
        files += 1
        if level == 0:
            target.put(entries_path(index, width), encode_entries(entries))
            files += 1
    whole = with_cosignatures(note, old)
    if whole != old:
        target.put(CHECKPOINT, whole)
        files += 1
    removed = target.remove_outdated(before, checkpoint.tree_size)
    signatures = [len(parse_note(one).signatures) if one else 0 for one in (whole, old)]
    return Exported(checkpoint.origin, checkpoint.tree_size, before, files, removed, *signatures)


def _check_root(log: Log, checkpoint: Checkpoint) -> None:
    """Check that the log's files give the signed root, because an export publishes them for good. Raises StorageError
    (`entry-hash`)."""
    size = checkpoint.tree_size
    if size and subtree_root(0, size, nodes(log, size)) != checkpoint.root:
        raise _rotten("the tree of the ledger is not the one that its checkpoint signs", "")


def _entries(log: Log, index: int, hashes: bytes) -> list[bytes]:
    """The entries of a tile of leaf hashes, if they have these hashes. Raises StorageError (`entry-hash`)."""
    start = index * FULL_WIDTH
    entries = list(log.entries(start, start + len(hashes) // HASH_BYTES))
    for number, raw in enumerate(entries):
        if leaf_hash(raw) != hashes[number * HASH_BYTES :][:HASH_BYTES]:
            raise _rotten(f"entry {start + number} is not what was recorded", str(start + number))
    return entries


def _rotten(what: str, where: str) -> StorageError:
    remedy = "restore it with `givetrail repair --from COPY`, from a backup, another export or a mirror"
    return StorageError(f"{what}, so it was not published; {remedy}", rule="entry-hash", where=where)


def _lost(folder: Path, size: int) -> Iterator[tuple[int, int, int]]:
    """(level, index, width) of the export's tiles at a size, if their hashes or their entries are missing or cut off."""
    for level, index, width in new_tiles(0, size):
        hashes, entries = folder / tile_path(level, index, width), folder / entries_path(index, width)
        if _bytes_in(hashes) != width * HASH_BYTES or (level == 0 and not _bytes_in(entries)):
            yield level, index, width


def _bytes_in(path: Path) -> int:
    """The length of a file; -1 if there is none."""
    return path.stat().st_size if path.is_file() else -1


def _before(folder: Folder, checkpoint: Checkpoint, log: Log) -> tuple[bytes | None, int]:
    """The note and the tree size of the export in the folder, after checking that it is of this log and of this history."""
    head = folder.head(checkpoint.origin)
    if head is None:
        return None, 0
    note, old = head
    if old.tree_size > checkpoint.tree_size:
        words = f"{folder.path}: has {old.tree_size} entries, but the ledger has only {checkpoint.tree_size}, so "
        words += "the ledger is behind"
        raise Conflict(words, rule="export")
    if old.tree_size and subtree_root(0, old.tree_size, nodes(log, checkpoint.tree_size)) != old.root:
        raise Conflict(
            f"{folder.path}: holds another history of this log, which others may hold too. Nothing was changed; record nothing, "
            "and keep both as evidence. docs/how-to/after-a-loss.md, Two histories, says which one continues",
            rule="fork",
        )
    return note, old.tree_size
