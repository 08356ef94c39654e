"""A folder of a log's files, as export and mirror write it. Only this module writes such files. To write to an object store, add a
class with the same methods in a file beside this one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ..disk.durable import make_folder, unwritable, write_durably
from ..disk.regular import read_regular, unreadable
from ..errors import Conflict, FormatError, InputError, UsageError, shown
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.note import MAX_NOTE_BYTES, parse_note
from ..log.tile import CHECKPOINT, TILES, TIMESTAMPS, entries_path, new_tiles, parse_path, tile_path
from ..store.location import holds_store

KEYS = "keys"
UNFINISHED = re.compile(r"\..+\.[0-9]+\.new")  # what write_durably leaves if its process is killed


class Folder:
    """A folder with the layout of C2SP tlog-tiles, open for writing. Files are written durably, whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, raw: bytes) -> None:
        """Write the file at this path in the folder, and make missing folders above it. Raises StorageError."""
        place = self.path / name
        make_folder(place.parent)
        write_durably(place, raw)

    def head(self, origin: str) -> tuple[bytes, Checkpoint] | None:
        """The folder's checkpoint, as a note with unverified signatures and parsed; None if there is none.

        Raises Conflict if it is damaged or another log's, StorageError.
        """
        note = read_note(self.path / CHECKPOINT)
        if note is None:
            return None
        try:
            old = parse_checkpoint(parse_note(note).text)
        except InputError as error:
            raise Conflict(f"{self.path / CHECKPOINT}: is damaged ({error.message}); give another folder", rule="export") from None
        if old.origin != origin:
            raise Conflict(f"{self.path}: contains the export of {old.origin!r}; give another folder", rule="export")
        return note, old

    def check_own(self, what: str, *more: str) -> None:
        """Refuse a folder that holds files that do not belong to a `what`, an export or a mirror; `more` are other names that one
        may have. An interrupted one has tiles and no checkpoint yet. Raises UsageError, StorageError."""
        here = self.path.absolute()
        if any(path.name == KEYS and holds_store(path.parent) for path in (here, *here.parents)):
            words = f"{self.path}: is a folder where a ledger keeps its secret keys; give another folder"
            raise UsageError(words, rule="export", where=str(self.path))
        if os.path.lexists(self.path) and not self.path.is_dir():
            raise UsageError(f"{self.path}: is not a folder; give a new or an empty folder", rule="export", where=str(self.path))
        try:
            names = sorted(path.name for path in self.path.iterdir()) if self.path.is_dir() else []
            own = (CHECKPOINT, TILES, TIMESTAMPS, *more)
            others = [name for name in names if name not in own and not UNFINISHED.fullmatch(name)]
            if (self.path / TILES).is_symlink():
                others.append(f"{TILES}, which is a link")
            if CHECKPOINT not in names:
                others += [f"{TILES}/…/{path.name}" for path in self._foreign()]
        except OSError as error:
            raise unwritable(self.path, error) from None
        if others:
            rest = f" and {len(others) - 1} more" if len(others) > 1 else ""
            words = f"{self.path}: contains other files ({shown(others[0])}{rest}) beside the {what}; give a new or an empty folder"
            raise UsageError(words, rule="export", where=str(self.path))

    def _foreign(self) -> Iterator[Path]:
        """Files among the tiles that are not tiles."""
        for path in (self.path / TILES).rglob("*"):
            try:
                if not path.is_dir() and not UNFINISHED.fullmatch(path.name):
                    parse_path(path.relative_to(self.path).as_posix())
            except FormatError:
                yield path

    def remove_outdated(self, before: int, now: int) -> int:
        """Delete the partial tiles for which there is a wider one now: those of the tree of `before` entries, and those of any tree
        between that an interrupted process left. Returns how many files were deleted. Raises StorageError."""
        removed = 0
        for level, index, width in new_tiles(before, now):
            for path in [tile_path(level, index)] + ([entries_path(index)] if level == 0 else []):
                removed += _remove_partial(self.path / f"{path}.p", width)
        return removed


def _remove_partial(partials: Path, width: int) -> int:
    """Delete the files of a partial tile except the one of `width`, and the folder if that leaves it empty. Returns how many files
    were deleted."""
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


def read_note(path: Path) -> bytes | None:
    """The file at a path, read only as far as a parser needs to refuse it; None if there is no file.

    Raises StorageError.
    """
    try:
        return read_regular(path, MAX_NOTE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from None
