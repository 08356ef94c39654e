"""The salt of the files that a party imports (formats §5): 32 secret bytes, one for all of them, beside its reference keys.

The ledger holds SHA-256(salt ‖ file). A file of few gifts could be guessed from a bare hash; with the salt, only the party can tell
that a file is the one that was imported, and can tell it again each time, because the salt stays. Whoever deletes it can never
again show which files were imported.

    keys/<party>/reference-files.salt
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from ..disk.durable import make_folder, write_durably
from ..disk.regular import unreadable
from ..errors import UsageError
from ..log.key import read_secret

SALT_BYTES = 32
SALT, SALT_FILE = "files", "reference-files.salt"


class FileSalt:
    """The salt of a party's files; `new`, which `keep` stores, if there is none. Raises UsageError if its file is damaged, or
    others may read it; StorageError."""

    def __init__(self, directory: Path, party: str, new: Callable[[], bytes]) -> None:
        self._path = directory / "keys" / party / SALT_FILE
        self._kept = _read(self._path)
        self.salt = self._kept or new()

    def keep(self) -> None:
        """Store it, if it is new. Raises StorageError."""
        if not self._kept:
            make_folder(self._path.parent)
            write_durably(self._path, self.salt, mode=0o600)
            self._kept = self.salt


def digest_of_file(salt: FileSalt, content: bytes) -> str:
    """SHA-256 of the salt, which is stored, and a file, in hex."""
    salt.keep()
    return hashlib.sha256(salt.salt + content).hexdigest()


def _read(path: Path) -> bytes:
    try:
        salt = read_secret(path)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise unreadable(path, error, "restore it from a copy", "reference-key") from None
    if len(salt) != SALT_BYTES:
        raise UsageError(f"{path}: has {len(salt)} bytes, not {SALT_BYTES}; restore it from a copy", rule="reference-key")
    return salt
