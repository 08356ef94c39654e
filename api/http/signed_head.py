"""The published checkpoint. The server answers only for what it signs; entries that are not signed yet do not exist here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from ledger.directory.publication import why_missing
from ledger.disk.regular import read_regular
from ledger.errors import InputError, StorageError
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.note import MAX_NOTE_BYTES, parse_note
from ledger.log.tile import CHECKPOINT


class Head(NamedTuple):
    """The published checkpoint: the signed note, and its content."""

    note: bytes
    origin: str
    tree_size: int
    root: bytes


class SignedHead:
    """Reads the checkpoint in a ledger's directory, and reads it again when the file is replaced."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / CHECKPOINT
        self._seen: tuple[int, int, int] | None = None
        self._head: Head | None = None

    def head(self) -> Head:
        """The current checkpoint. Raises StorageError if it is missing or damaged."""
        try:
            now = os.stat(self._path)
            mark = (now.st_ino, now.st_mtime_ns, now.st_size)
            if self._head is None or mark != self._seen:
                self._head, self._seen = _read(read_regular(self._path, MAX_NOTE_BYTES)), mark
        except FileNotFoundError:
            raise StorageError(f"{self._path}: {why_missing(self._path.parent)}", rule="storage") from None
        except (OSError, InputError) as error:
            why = error.message if isinstance(error, InputError) else error.strerror
            raise StorageError(
                f"{self._path}: cannot be read: {why}; open the ledger for writing once, which signs it again", rule="storage"
            ) from None
        return self._head


def _read(note: bytes) -> Head:
    checkpoint = parse_checkpoint(parse_note(note).text)
    return Head(note, checkpoint.origin, checkpoint.tree_size, checkpoint.root)
