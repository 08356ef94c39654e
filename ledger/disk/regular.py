"""The one place that opens files that someone else may have made.

A name in a directory from someone else can be a pipe, a device or a socket: opening one can block for ever, and reading one can
have no end. Only regular files, and links to them, are opened, and neither opening nor reading waits for another process.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from ..errors import StorageError, UsageError

DISK = frozenset({
    errno.EIO, errno.EREMOTEIO, errno.EBADMSG, errno.EUCLEAN, errno.ENODATA, errno.ESTALE, errno.ETIMEDOUT, errno.ENOMEM,
    errno.EMFILE, errno.ENFILE,
})  # fmt: skip
SHUT = frozenset({errno.EACCES, errno.EPERM})
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_KINDS = (
    (stat.S_ISDIR, errno.EISDIR, "it is a folder and not a file"),
    (stat.S_ISFIFO, errno.ESPIPE, "it is a pipe and not a file"),
    (stat.S_ISSOCK, errno.ENXIO, "it is a socket and not a file"),
    (stat.S_ISCHR, errno.ENODEV, "it is a device and not a file"),
    (stat.S_ISBLK, errno.ENODEV, "it is a device and not a file"),
)


def open_regular(path: Path | str) -> BinaryIO:
    """Open a regular file for reading. Raises OSError, whose `strerror` says what the path is instead."""
    _check(os.stat(path), path)  # first, because just opening a device can have an effect
    descriptor = os.open(path, _FLAGS)
    try:
        _check(os.fstat(descriptor), path)
        return os.fdopen(descriptor, "rb", buffering=0)
    except OSError:
        os.close(descriptor)
        raise


def read_regular(path: Path | str, limit: int) -> bytes:
    """The bytes of a regular file; if it is longer than `limit`, its first `limit` + 1 bytes. Raises OSError."""
    with open_regular(path) as file:
        parts, left = [], limit + 1
        while left and (part := os.read(file.fileno(), min(left, 1 << 20))):
            parts.append(part)
            left -= len(part)
    return b"".join(parts)


def check_regular(path: Path | str) -> None:
    """Refuse a path that exists and is not a regular file, for callers that open it by its name. Raises OSError."""
    _check(os.stat(path), path)


def unreadable(path: Path | str, error: OSError, remedy: str = "", rule: str = "storage") -> UsageError | StorageError:
    """The error for a file that cannot be read. If the disk fails, it is a StorageError, which may pass. If access is denied or the
    name is wrong, it is a UsageError with this `rule`, provided there is a `remedy`; files that the ledger itself keeps do not have
    one."""
    words = f"{path}: cannot be read ({error.strerror})"
    rights = "check its permissions" if error.errno in SHUT else ""
    if remedy and error.errno not in DISK:
        return UsageError(f"{words}; {', or '.join(filter(None, (rights, remedy)))}", rule=rule, where=str(path))
    return StorageError(f"{words}; {rights or 'check the disk'}", rule="storage", where=str(path))


def check_disk(path: Path | str, error: OSError) -> None:
    """Raise StorageError if the disk itself failed: a file that it cannot read is not proven damaged."""
    if error.errno in DISK:
        raise unreadable(path, error) from None


def _check(found: os.stat_result, path: Path | str) -> None:
    for is_kind, number, words in _KINDS:
        if is_kind(found.st_mode):
            raise OSError(number, words, str(path))
