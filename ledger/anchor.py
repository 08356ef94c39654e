"""The last signed checkpoint, kept outside the ledger's directory (formats §4).

Who restores the whole directory from a copy puts back entries and checkpoint together; only what was kept elsewhere can tell.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

from .errors import StorageError
from .log.note import MAX_NOTE_BYTES
from .regular import read_regular
from .store.durable import unwritable, write_durably


def anchor_path(vkey: str) -> Path:
    """Where the last checkpoint of the log with this verifier key is kept: `GIVETRAIL_STATE`, else the user's state directory."""
    folder = os.environ.get("GIVETRAIL_STATE") or platformdirs.user_state_dir("givetrail")
    return Path(folder) / f"{hashlib.sha256(vkey.encode()).hexdigest()}.checkpoint"


def recall(vkey: str) -> bytes | None:
    """The signed note that was kept; None where this machine never signed for the log. Raises StorageError."""
    return read_note(anchor_path(vkey))


def read_note(path: Path) -> bytes | None:
    """What lies at a path, of which no more is read than whoever parses it needs to refuse it; None where there is nothing.

    Raises StorageError.
    """
    try:
        return read_regular(path, MAX_NOTE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}; see to it", rule="storage", where=str(path)) from None


def remember(vkey: str, note: bytes) -> None:
    """Keep a signed note. Raises StorageError."""
    path = anchor_path(vkey)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from None
    write_durably(path, note)
