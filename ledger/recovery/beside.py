"""A directory that is made beside its place and put there whole: what was broken off leaves nothing that looks finished."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import UsageError
from ..store.durable import make_folder, sync_file, sync_folder, unwritable

PRIVATE = 0o700


@contextmanager
def made_beside(directory: Path) -> Iterator[Path]:
    """A folder `.<name>.<process id>.new` beside `directory`, of mode 0700. When the block ends, all that is in it is synced, and
    it takes the place of `directory`, which is new or empty; when the block raises, it is taken away.

    A process that was killed leaves that folder; the next one for the same directory takes it away. Raises UsageError, rule
    "directory", where `directory` holds something; StorageError.
    """
    target = Path(os.path.realpath(directory))
    check_free(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    make_folder(target.parent)
    try:
        _clear_left(target)
    except OSError as error:
        raise unwritable(target, error) from None
    make_folder(beside, PRIVATE)
    try:
        yield beside
        _put_in_place(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_free(directory: Path) -> None:
    """Refuse a path that holds anything. Raises UsageError, StorageError."""
    try:
        if os.path.lexists(directory) and (not directory.is_dir() or any(directory.iterdir())):
            words = f"{directory}: is not an empty directory; name a new one, and keep what is there until you need it no more"
            raise UsageError(words, rule="directory", where=str(directory))
    except OSError as error:
        raise unwritable(directory, error) from None


def _clear_left(target: Path) -> None:
    """Take away what processes that are no more have left."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.([0-9]+)\.new")
    for path in target.parent.iterdir():
        found = pattern.fullmatch(path.name)
        if found and (int(found[1]) == os.getpid() or not _lives(int(found[1]))):
            shutil.rmtree(path)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _put_in_place(beside: Path, target: Path) -> None:
    is_there = False
    try:
        _sync_all(beside)
        os.rename(beside, target)
        is_there = True
        sync_folder(target.parent)
    except OSError as error:
        if is_there:  # and may be gone after a power cut: what was refused is not there
            shutil.rmtree(target, ignore_errors=True)
        raise unwritable(target, error) from None


def _sync_all(folder: Path) -> None:
    for here, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(here, name), os.O_RDONLY)
            try:
                sync_file(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(here))
