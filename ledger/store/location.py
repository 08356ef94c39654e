"""Where a store is in its directory, for code that must know before a store is opened."""

from __future__ import annotations

import os
from pathlib import Path

FILE_NAME = "ledger.sqlite"


def holds_store(directory: Path | str) -> bool:
    """Whether a directory has the file of a store, whatever its content."""
    return os.path.lexists(Path(directory) / FILE_NAME)
