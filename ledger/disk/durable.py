"""Writes bytes so that they are on the disk when the call returns."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import StorageError


def write_durably(path: Path | str, content: bytes, mode: int = 0o644) -> None:
    """Put `content` at `path`, whole or not at all: a reader sees either the old file or the new one.

    A temporary file in the same folder is written, synced and renamed, then the folder is synced. A crash leaves at most that file,
    `.<name>.<process id>.new`. Raises StorageError; then the file at `path` is the old or the new one.
    """
    target = Path(path)
    temporary = _temporary(target)
    try:
        try:
            _write_new(temporary, content, mode)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        raise unwritable(target, error) from error


def write_once(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put `content` at a path that does not exist yet, whole or not at all; a missing folder is made.

    A crash leaves at most a temporary file, as `write_durably` does. Raises FileExistsError if the path exists, and does not change
    it; StorageError, and then the path does not exist, unless the disk also refuses to remove the file.
    """
    make_folder(path.parent)
    temporary, is_there = _temporary(path), False
    try:
        try:
            _write_new(temporary, content, mode)
            os.link(temporary, path)  # unlike rename, this never replaces a file
            is_there = True
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        take_away([path] if is_there else [])
        raise unwritable(path, error) from error


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder with this mode, and missing folders above it, each synced into its parent. Raises StorageError."""
    try:
        _make_missing(path, mode)
    except OSError as error:
        raise unwritable(path, error) from error


def _make_missing(path: Path, mode: int = 0o777) -> None:
    if path.is_dir():
        return
    _make_missing(path.parent)
    try:
        os.mkdir(path, mode)
    except FileExistsError:
        if not path.is_dir():
            raise
    try:
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):  # so that the next call makes it and syncs it
            os.rmdir(path)
        raise


def let_go(descriptor: int) -> None:
    """Close a file that has nothing left to write, so errors do not matter; nor does it matter whether it is open."""
    with suppress(OSError):
        os.close(descriptor)


def take_away(paths: Iterable[Path]) -> None:
    """Remove files and empty folders in this order; skip those that do not exist or cannot be removed."""
    for path in paths:
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()


def take_away_all(folder: Path) -> None:
    """Remove a folder with everything in it, as far as possible."""
    with suppress(OSError):  # rmtree raises for a folder that cannot be closed, even with ignore_errors
        shutil.rmtree(folder, ignore_errors=True)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def _write_new(path: Path, content: bytes, mode: int) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        sync_file(descriptor)
    finally:
        os.close(descriptor)


def sync_file(descriptor: int) -> None:
    """Return when the file's bytes have left the drive's cache too (on macOS only F_FULLFSYNC waits for that)."""
    full_sync = getattr(fcntl, "F_FULLFSYNC", None)
    if full_sync is None:
        os.fsync(descriptor)
    else:
        fcntl.fcntl(descriptor, full_sync)


def sync_folder(path: Path) -> None:
    """Return when the names in the folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def refusing(path: Path | str) -> Iterator[None]:
    """Raise what the system refuses inside the block as a StorageError, for temporary files of `path`."""
    try:
        yield
    except OSError as error:
        raise unwritable(Path(path), error) from error


def unwritable(path: Path, error: OSError) -> StorageError:
    """The StorageError for a file that the system could not write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        rule, what = "disk-full", "disk full; free space"
    else:
        rule, what = "storage", f"{error.strerror}; correct that"
    return StorageError(f"{path}: cannot be written: {what}", rule=rule, where=str(path))
