"""The first 100 bytes of a ledger's database file (sqlite.org/fileformat2.html, section 1.3): most of them never change.

SQLite trusts some of them: one flipped bit can make a file read-only or give it another kind of journal.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock

from ..disk.durable import let_go, sync_file, unwritable
from ..errors import StorageError

APPLICATION = b"GvTr"
PAGE_BYTES = 4096
HEADER_BYTES = 100
MOST = 3
"""If more bytes than this are wrong, the header is not taken for one of ours: four are the id of another application."""

# The number of pages is at 28. It is valid if the change counter at 24 equals the one at 92.
_PAGES, _CHANGES, _COUNTED_AT, _WORD = 28, 24, 92, 4
# Byte 20 is left out, because some builds of SQLite reserve 12 bytes of every page.
_OF_THE_FILE = {0: b"SQLite format 3\0", 16: PAGE_BYTES.to_bytes(2), 18: b"\2\2", 21: b"\x40\x20\x20"}
# Set when the first tables are made: schema format, cache, vacuum, UTF-8, the application id, and unused bytes.
_OF_THE_TABLES = {44: b"\0\0\0\4" + bytes(11) + b"\1", 64: bytes(4) + APPLICATION + bytes(20)}
_FIXED = {at + n: byte for at, run in (_OF_THE_FILE | _OF_THE_TABLES).items() for n, byte in enumerate(run)}
_FROM, _TO = 44, 92


class Header:
    """The header of a database file, read without SQLite.

    When a process closes any descriptor of a file, it gives up all its locks on the file (POSIX), including SQLite's. So the
    descriptor stays open until the last Header of the same file is closed, and a Header must be closed after its connection.
    """

    _open: dict[tuple[int, int], tuple[int, int]] = {}  # noqa: RUF012 - shared by the process, as the locks are
    _lock = Lock()

    def __init__(self, path: Path) -> None:
        """Open the file, or share the open descriptor. Raises StorageError if the file is missing or unreadable."""
        self._path = path
        self._file: tuple[int, int] | None = None
        try:
            with self._lock:
                found = os.stat(path)
                file = (found.st_dev, found.st_ino)
                descriptor, users = self._open.get(file) or (os.open(path, os.O_RDONLY | os.O_CLOEXEC), 0)
                self._open[file], self._file = (descriptor, users + 1), file
            self._raw, self._pages = _read(path, descriptor)
        except OSError as error:
            self.close()
            words = f"{path} cannot be opened ({error.strerror}); check the disk and the file's permissions"
            raise StorageError(words, rule="storage", where=str(path)) from None

    def check(self) -> None:
        """Refuse a header of ours in which bytes are wrong. Raises StorageError."""
        for at, byte in _wrong(self._raw, self._pages).items():
            if _PAGES <= at < _PAGES + _WORD:
                counted = int.from_bytes(self._raw[_PAGES:][:_WORD])
                raise StorageError(
                    f"{self._path}: the head of the file is damaged, or its end is lost (it should have {counted} pages, but "
                    f"has {self._pages}); run `givetrail rebuild`, which says whether anything is lost",
                    rule="database", where=str(self._path),
                )  # fmt: skip
            raise StorageError(
                f"{self._path}: the head of the file is damaged (byte {at} is {self._raw[at]}, but must be {byte}); "
                "run `givetrail rebuild`, which writes it again",
                rule="database", where=str(self._path),
            )  # fmt: skip

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        file, self._file = self._file, None
        if file is None:
            return
        with self._lock:
            descriptor, users = self._open.pop(file)
            if users > 1:
                self._open[file] = descriptor, users - 1
            else:
                let_go(descriptor)


def mend_header(path: Path) -> None:
    """Write the wrong bytes of a header of ours again. This process must not have a connection to the file, and no other process
    may write. Raises StorageError."""
    try:
        with path.open("r+b", buffering=0) as file:
            wrong = _wrong(*_read(path, file.fileno()))
            for at, byte in wrong.items():
                os.pwrite(file.fileno(), bytes([byte]), at)
            if wrong:
                sync_file(file.fileno())
    except OSError as error:
        raise unwritable(path, error) from None


def _read(path: Path, descriptor: int) -> tuple[bytes, int]:
    """The header, and how many pages the file has. The count is 0 if it may differ from the header, because there is a write-ahead
    log, or because one was merged between the two reads. Raises OSError."""
    looks = []
    for _ in range(2):
        wal = path.with_name(f"{path.name}-wal")
        beside = wal.stat().st_size if wal.exists() else 0
        pages, rest = divmod(os.fstat(descriptor).st_size, PAGE_BYTES)
        looks.append((os.pread(descriptor, HEADER_BYTES, 0), 0 if beside or rest else pages))
    return looks[1][0], looks[1][1] if looks[0] == looks[1] else 0


def _wrong(raw: bytes, pages: int) -> dict[int, int]:
    """For each wrong byte in the header, what it must be. `pages` is how many pages the file has, 0 if not known. Empty if so many
    are wrong that the file is not ours."""
    fixed = dict(_FIXED) if len(raw) == HEADER_BYTES else {}
    if fixed and pages and raw[_CHANGES:][:_WORD] == raw[_COUNTED_AT:][:_WORD]:
        fixed |= dict(enumerate(pages.to_bytes(_WORD), _PAGES))
    if not any(raw[_FROM:_TO]):  # the first tables are still in the write-ahead log only
        fixed = {at: byte for at, byte in fixed.items() if at < _FROM}
    wrong = {at: byte for at, byte in fixed.items() if raw[at] != byte}
    return wrong if len(wrong) <= MOST else {}
