"""A file that is read once: its bytes are hashed as they are read, and what was checked is set aside on disk.

Nothing is signed before the whole file was checked. Only what was set aside is entered, so changing the file meanwhile has no
effect.
"""

from __future__ import annotations

import hashlib
import io
import marshal
import struct
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..disk.regular import unreadable
from ..entries.file_salt import FileSalt
from ..errors import StorageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK_BYTES = 1 << 20
CHUNK = 4096
LENGTH = struct.Struct("<Q")
Kept = tuple[Any, ...]


class SummedFile(io.RawIOBase):
    """The bytes of a file, from its start; `size` counts them, and `digest` is salted. Raises UsageError if the file cannot be
    opened."""

    def __init__(self, path: Path, salt: FileSalt | None = None) -> None:
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise unreadable(path, error, "name the file", "file") from None
        self._path = path
        self._salt, self._sum = salt, hashlib.sha256(salt.salt if salt else b"")
        self.size = 0

    def readable(self) -> bool:
        """True; the buffered reader above asks this."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """The next bytes; 0 at the end. Raises StorageError."""
        try:
            count = self._file.readinto(buffer) or 0
        except OSError as error:
            raise unreadable(self._path, error) from None
        self.size += count
        self._sum.update(memoryview(buffer)[:count])
        return count

    def digest(self) -> str:
        """The SHA-256 of the salt, which is stored, and what was read, in hex; "" without a salt."""
        if self._salt is None:
            return ""
        self._salt.keep()
        return self._sum.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class SetAside:
    """Tuples of numbers and texts, written to an unnamed temporary file and returned in order."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (`close` closes it)

    def add(self, items: list[Kept]) -> None:
        """Add items, about CHUNK of them at a time. Raises StorageError if the disk cannot store them."""
        try:
            chunk = marshal.dumps(items)
            self._file.write(LENGTH.pack(len(chunk)) + chunk)
            self._file.flush()
        except OSError as error:
            raise StorageError(
                f"temporary file: cannot be written: {error.strerror}; free space in {tempfile.gettempdir()}", rule="storage"
            ) from None

    def __iter__(self) -> Iterator[Kept]:
        return chain.from_iterable(self._chunks())

    def _chunks(self) -> Iterator[list[Kept]]:
        self._file.seek(0)
        while length := self._file.read(LENGTH.size):
            yield marshal.loads(self._file.read(*LENGTH.unpack(length)))

    def close(self) -> None:
        """Close the temporary file."""
        self._file.close()
