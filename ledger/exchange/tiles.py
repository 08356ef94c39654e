"""The export: a log as a folder of static files (C2SP tlog-tiles), which is mirror, backup and audit input in one.

Run again, it writes what is new. Tiles come before the checkpoint that covers them, so a crash leaves the older export whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Protocol

from ..anchor import read_note
from ..audit.tiled import nodes
from ..errors import Conflict, FormatError, InputError, StorageError, UsageError, shown
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.merkle import HASH_BYTES, leaf_hash, subtree_root
from ..log.note import parse_note, with_cosignatures
from ..log.tile import FULL_WIDTH, encode_entries, entries_path, new_tiles, parse_path, tile_path
from ..store.durable import make_folder, unwritable, write_durably

CHECKPOINT, TILES, KEYS = "checkpoint", "tile", "keys"
UNFINISHED = re.compile(r"\..+\.[0-9]+\.new")  # what write_durably leaves when its process is killed


class Log(Protocol):
    """What is exported: a signed checkpoint, entries, tiles."""

    def checkpoint(self) -> bytes:
        """The signed note."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entry bytes start … end-1."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile."""


class Exported(NamedTuple):
    """The export of `origin` stands at `tree_size`, and stood at `before`; `files` were written and `removed` outdated partial
    tiles taken away. Its checkpoint has so many `signatures`, that of before had `signatures_before`, the log's own among them."""

    origin: str
    tree_size: int
    before: int
    files: int
    removed: int
    signatures: int
    signatures_before: int


def export_tiles(log: Log, folder: Path) -> Exported:
    """Bring a folder up to the log's checkpoint. What witnesses have added to the same checkpoint there stays; files that are gone
    or cut off are written again, and what is in the others is not read: an audit does that.

    Raises UsageError where the folder holds other files than an export, or is not a folder; Conflict where it contains the export
    of another log, or of another history of this one; StorageError when a file cannot be written: run it again then; StorageError
    (`entry-hash`) where what would be published is not what was signed.
    """
    note = log.checkpoint()
    checkpoint = parse_checkpoint(parse_note(note).text)
    check_own(folder, "export")
    old, before = _before(folder, checkpoint, log)
    _check_root(log, checkpoint)
    files = 0
    for level, index, width in chain(_lost(folder, before), new_tiles(before, checkpoint.tree_size)):
        hashes = log.tile(level, index, width)
        entries = _entries(log, index, hashes) if level == 0 else []
        put_file(folder / tile_path(level, index, width), hashes)
        files += 1
        if level == 0:
            put_file(folder / entries_path(index, width), encode_entries(entries))
            files += 1
    whole = with_cosignatures(note, old)
    if whole != old:
        put_file(folder / CHECKPOINT, whole)
        files += 1
    removed = remove_outdated(folder, before, checkpoint.tree_size)
    signatures = [len(parse_note(one).signatures) if one else 0 for one in (whole, old)]
    return Exported(checkpoint.origin, checkpoint.tree_size, before, files, removed, *signatures)


def _check_root(log: Log, checkpoint: Checkpoint) -> None:
    """What is published for ever is what was signed. Raises StorageError (`entry-hash`)."""
    size = checkpoint.tree_size
    if size and subtree_root(0, size, nodes(log, size)) != checkpoint.root:
        raise _rotten("the tree of the ledger is not the one that its checkpoint signs", "")


def _entries(log: Log, index: int, hashes: bytes) -> list[bytes]:
    """The entries of a tile of leaf hashes, which are those that were entered. Raises StorageError (`entry-hash`)."""
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
    """(level, index, width) of the tiles of the export at a size whose hashes, or whose entries, are gone or cut off."""
    for level, index, width in new_tiles(0, size):
        hashes, entries = folder / tile_path(level, index, width), folder / entries_path(index, width)
        if _bytes_in(hashes) != width * HASH_BYTES or (level == 0 and not _bytes_in(entries)):
            yield level, index, width


def _bytes_in(path: Path) -> int:
    """How long a file is; -1 where there is none."""
    return path.stat().st_size if path.is_file() else -1


def check_own(folder: Path, what: str, *more: str) -> None:
    """Refuse a folder that holds other files than a `what`, an export or a mirror; `more` are other names that one has. One that
    was broken off has tiles and no checkpoint yet. Raises UsageError, StorageError."""
    here = folder.absolute()
    if any(path.name == KEYS and (path.parent / "ledger.sqlite").exists() for path in (here, *here.parents)):
        words = f"{folder}: is a folder where a ledger keeps its secret keys; give another folder"
        raise UsageError(words, rule="export", where=str(folder))
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder; give a new or an empty folder", rule="export", where=str(folder))
    try:
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        others = [name for name in names if name not in (CHECKPOINT, TILES, *more) and not UNFINISHED.fullmatch(name)]
        if (folder / TILES).is_symlink():
            others.append(f"{TILES}, which is a link")
        if CHECKPOINT not in names:
            others += [f"{TILES}/…/{path.name}" for path in _foreign(folder)]
    except OSError as error:
        raise unwritable(folder, error) from None
    if others:
        rest = f" and {len(others) - 1} more" if len(others) > 1 else ""
        words = f"{folder}: contains other files ({shown(others[0])}{rest}) beside the {what}; give a new or an empty folder"
        raise UsageError(words, rule="export", where=str(folder))


def _foreign(folder: Path) -> Iterator[Path]:
    """What lies among the tiles of a folder and is not one."""
    for path in (folder / TILES).rglob("*"):
        try:
            if not path.is_dir() and not UNFINISHED.fullmatch(path.name):
                parse_path(path.relative_to(folder).as_posix())
        except FormatError:
            yield path


def _before(folder: Path, checkpoint: Checkpoint, log: Log) -> tuple[bytes | None, int]:
    """The note and the size of the export that is there, known to be of this log and of this history."""
    head = head_of(folder, checkpoint.origin)
    if head is None:
        return None, 0
    note, old = head
    if old.tree_size > checkpoint.tree_size:
        raise Conflict(
            f"{folder}: has {old.tree_size} entries, but the ledger has only {checkpoint.tree_size}, so the ledger is behind",
            rule="export",
        )
    if old.tree_size and subtree_root(0, old.tree_size, nodes(log, checkpoint.tree_size)) != old.root:
        raise Conflict(
            f"{folder}: holds another history of this log, which others may hold too. Nothing was changed; record nothing, and "
            "keep both as evidence. docs/how-to/after-a-loss.md, Two histories, says which one continues",
            rule="fork",
        )
    return note, old.tree_size


def head_of(folder: Path, origin: str) -> tuple[bytes, Checkpoint] | None:
    """The checkpoint that a folder stands at, as a note whose signatures nobody has looked at, and read; None where there is none.

    Raises Conflict where it is damaged or another log's, StorageError.
    """
    note = read_note(folder / CHECKPOINT)
    if note is None:
        return None
    try:
        old = parse_checkpoint(parse_note(note).text)
    except InputError as error:
        raise Conflict(f"{folder / CHECKPOINT}: is damaged ({error.message}); give another folder", rule="export") from None
    if old.origin != origin:
        raise Conflict(f"{folder}: contains the export of {old.origin!r}; give another folder", rule="export")
    return note, old


def put_file(path: Path, raw: bytes) -> None:
    """Write a file durably, whole or not at all, and its folders where there are none. Raises StorageError."""
    make_folder(path.parent)
    write_durably(path, raw)


def remove_outdated(folder: Path, before: int, now: int) -> int:
    """Take away the partial tiles that are wider now: those of the tree of `before` entries, and of any tree between, which a
    process that was broken off has left. How many files that were. Raises StorageError."""
    removed = 0
    for level, index, width in new_tiles(before, now):
        for path in [tile_path(level, index)] + ([entries_path(index)] if level == 0 else []):
            removed += _remove_partial(folder / f"{path}.p", width)
    return removed


def _remove_partial(partials: Path, width: int) -> int:
    """Take the widths of a partial tile away that are not `width`, and the folder when that is empty; how many files that were."""
    if not partials.is_dir():
        return 0
    outdated = [path for path in partials.iterdir() if path.name.isdecimal() and int(path.name) != width]
    try:
        for path in outdated:
            path.unlink()
        if not any(partials.iterdir()):
            partials.rmdir()
    except OSError as error:
        raise unwritable(partials, error) from None
    return len(outdated)
