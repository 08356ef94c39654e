"""What can be audited, distinguished by its name: a ledger's directory, a folder of a log's files, or the address of a log."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ..errors import NotFound
from ..log.tile import CHECKPOINT
from ..log_files.source import FolderSource, Source
from ..store.location import holds_store

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_url(target: str | Path) -> bool:
    """Whether this names a server and not a file: it begins with a scheme and `://`."""
    return isinstance(target, str) and _URL.match(target) is not None


def open_source(target: str | Path, note: bytes | None = None) -> Source:
    """Open a ledger's directory, an exported folder, or the address of a log. `note` is its checkpoint, if given, whatever the log
    shows now.

    Raises NotFound for anything else; Unverifiable if there is no checkpoint; UsageError, rule "url", for an address that is not
    http or https; Unverifiable, rule "unreachable", if its server does not answer.
    """
    if isinstance(target, str) and is_url(target):
        from ..network.log_server import UrlSource  # importing HTTP takes longer than verifying a small log

        return UrlSource(target, note)
    folder = Path(target)
    if holds_store(folder):
        from ..directory.source import DirectorySource  # importing SQLite, and all that a writer needs, takes longer than HTTP

        return DirectorySource(folder, note)
    if os.path.lexists(folder / CHECKPOINT) or os.path.lexists(folder / "tile"):
        return FolderSource(folder, note)
    raise NotFound(f"{target}: is not a ledger, an exported folder or a trace bundle; give one", rule="target")
