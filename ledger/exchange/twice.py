"""A file that is read twice: once to check every row, once to enter them.

The first reading notes the SHA-256 at every block; the second compares before it hands a block on. So no row is entered of a file
that is not, up to that row, the file that was checked.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from ..errors import Conflict, StorageError, UsageError

BLOCK_BYTES = 1 << 20


class TwiceRead(io.RawIOBase):
    """The bytes of a file, from its start; `again` starts the second reading. Raises UsageError where the file cannot be opened."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}; name the file", rule="file") from None
        self._path = path
        self._seen: list[tuple[int, bytes]] = []
        self._second = False
        self._start()

    def _start(self) -> None:
        self._sum = hashlib.sha256()
        self._blocks = 0
        self.size = 0

    def again(self) -> None:
        """Read from the start again, and compare."""
        self._file.seek(0)
        self._second = True
        self._start()

    def readable(self) -> bool:
        """It is; this is what the reader above asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:
        """The next bytes; 0 at the end. Raises Conflict where the second reading differs from the first, StorageError."""
        try:
            count = self._file.readinto(buffer) or 0
        except OSError as error:
            raise StorageError(f"{self._path}: cannot be read: {error.strerror}", rule="storage") from None
        self.size += count
        self._sum.update(memoryview(buffer)[:count])
        state = (self.size, self._sum.digest())
        if not self._second:
            self._seen += [state] if count else []
        elif self._seen[self._blocks : self._blocks + 1] != ([state] if count else []):
            raise Conflict(
                f"{self._path}: has changed while it was imported; import it again when it is whole", rule="file-changed"
            )
        self._blocks += 1
        return count

    def sha256(self) -> str:
        """The SHA-256 of what was read, in hex."""
        return self._sum.hexdigest()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()
