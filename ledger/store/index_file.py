"""The file of the unique index: blocks of 1,024 bytes, the first of which says how much of the ledger the others cover.

    0   magic     16 bytes, "GiveTrail uniq 1"
    16  covered   8 bytes, the number of entries whose keys are all in the file
    24  mark      32 bytes that identify the history of these entries
    56  checksum  4 bytes, CRC-32 of everything before it; then zeros
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from ..disk.durable import let_go, sync_file, unwritable, write_durably
from ..disk.regular import check_regular
from ..errors import StorageError
from .index_bucket import BUCKET_BYTES, blank, seal

DAMAGED = "unique-index"
NO_MARK = bytes(32)
READ_BLOCKS = 1024

_COVER = struct.Struct(">16sQ32s")
_MAGIC = b"GiveTrail uniq 1"


class IndexFile:
    """The open file, block by block. Every method may raise StorageError; rule "unique-index" means that the file is damaged."""

    def __init__(self, path: Path, write: bool) -> None:
        self.path = path
        self._sync_failed = False
        try:
            check_regular(path)
            self._descriptor = os.open(path, (os.O_RDWR if write else os.O_RDONLY) | os.O_NONBLOCK)
        except FileNotFoundError:
            raise self.damage("is missing") from None
        except OSError as error:
            raise unwritable(path, error) from error

    @staticmethod
    def make(path: Path) -> None:
        """Make a file with one empty bucket at `path`. A process that has an older file open keeps that one."""
        write_durably(path, _cover_block(0, NO_MARK) + seal(blank(0, 0)))

    def is_replaced(self) -> bool:
        """Whether there is another file at the path now, or this one is closed."""
        if self._descriptor < 0:
            return True
        try:
            there, here = os.stat(self.path), os.fstat(self._descriptor)
        except FileNotFoundError:
            raise self.damage("is missing") from None
        except OSError as error:
            raise self._unreadable(error) from error
        return (there.st_ino, there.st_dev) != (here.st_ino, here.st_dev)

    def block_count(self) -> int:
        """How many whole blocks there are, counting the first, which is not a bucket."""
        return os.fstat(self._descriptor).st_size // BUCKET_BYTES

    def read(self, number: int) -> bytes:
        """One bucket."""
        try:
            block = os.pread(self._descriptor, BUCKET_BYTES, number * BUCKET_BYTES)
        except OSError as error:
            raise self._unreadable(error) from error
        if len(block) < BUCKET_BYTES:
            raise self.damage(f"ends before bucket {number}")
        return block

    def read_from(self, first: int, count: int) -> Iterator[memoryview]:
        """The blocks from `first` on, before `count`, in order, a megabyte at a time."""
        for at in range(first, count, READ_BLOCKS):
            wanted = min(READ_BLOCKS, count - at) * BUCKET_BYTES
            try:
                chunk = memoryview(os.pread(self._descriptor, wanted, at * BUCKET_BYTES))
            except OSError as error:
                raise self._unreadable(error) from error
            if len(chunk) < wanted:
                raise self.damage(f"ends before bucket {count - 1}")
            for offset in range(0, wanted, BUCKET_BYTES):
                yield chunk[offset : offset + BUCKET_BYTES]

    def write(self, number: int, block: bytes | bytearray) -> None:
        """Write a whole block to the system's cache, where every other process sees it."""
        try:
            if os.pwrite(self._descriptor, block, number * BUCKET_BYTES) < BUCKET_BYTES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise unwritable(self.path, error) from error

    def cover(self) -> tuple[int, bytes]:
        """How many entries are covered, and the mark of their history."""
        block = self.read(0)
        magic, covered, mark = _COVER.unpack_from(block)
        if magic != _MAGIC or block != _cover_block(covered, mark):
            raise self.damage("does not begin as it should")
        return covered, mark

    def sync(self, covered: int, mark: bytes) -> None:
        """Write every bucket to the disk, then the first block.

        After a failed sync the system may have dropped what it could not write and report the next sync as a success. So after one
        failure every sync is refused until the file is opened again.
        """
        if self._sync_failed:
            raise self.damage("could not be synced")
        self._sync_failed = True
        try:
            sync_file(self._descriptor)
            self.write(0, _cover_block(covered, mark))
            sync_file(self._descriptor)
        except OSError as error:
            raise unwritable(self.path, error) from error
        self._sync_failed = False

    def hold(self) -> None:
        """Tell readers, while this process has the file open, that it holds every committed key."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise unwritable(self.path, error) from error

    def is_held(self) -> bool:
        """Whether a live process says so."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError as error:
            raise self._unreadable(error) from error
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        return False

    def close(self) -> None:
        """Close it; closing twice does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        let_go(descriptor)

    def _unreadable(self, error: OSError) -> StorageError:
        return StorageError(
            f"{self.path}: cannot be read: {error.strerror}; check the disk",
            rule="storage",
            where=str(self.path),
        )

    def damage(self, what: str) -> StorageError:
        """The error for a damaged file."""
        return StorageError(
            f"{self.path} {what}; open the ledger for writing once, which makes the file again from the entries",
            rule=DAMAGED,
            where=str(self.path),
        )


def _cover_block(covered: int, mark: bytes) -> bytes:
    cover = _COVER.pack(_MAGIC, covered, mark)
    return (cover + zlib.crc32(cover).to_bytes(4, "big")).ljust(BUCKET_BYTES, b"\0")
