"""The last signed checkpoint, kept outside the ledger's directory (formats §4).

Who restores the whole directory from a copy puts back entries and checkpoint together; only what was kept elsewhere can tell.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

from .store.durable import write_durably


def anchor_path(vkey: str) -> Path:
    """Where the last checkpoint of the log with this verifier key is kept: `GIVETRAIL_STATE`, else the user's state directory."""
    folder = os.environ.get("GIVETRAIL_STATE") or platformdirs.user_state_dir("givetrail")
    return Path(folder) / f"{hashlib.sha256(vkey.encode()).hexdigest()}.checkpoint"


def recall(vkey: str) -> bytes | None:
    """The signed note that was kept; None where this machine never signed for the log."""
    try:
        return anchor_path(vkey).read_bytes()
    except FileNotFoundError:
        return None


def remember(vkey: str, note: bytes) -> None:
    """Keep a signed note. Raises StorageError."""
    path = anchor_path(vkey)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, note)
