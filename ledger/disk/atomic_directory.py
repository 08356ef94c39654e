"""Makes a directory beside its final place and moves it there whole, so that an interrupted run never leaves one that looks
finished."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

from ..errors import StorageError, UsageError
from .durable import make_folder, sync_file, sync_folder, take_away, take_away_all, unwritable

PRIVATE = 0o700


@contextmanager
def made_beside(directory: Path, mode: int = PRIVATE, last: str = "") -> Iterator[Path]:
    """A folder `.<name>.<process id>.new` beside `directory`. When the block ends, everything in it is synced, and it is renamed to
    `directory`. If `directory` exists and is empty, the contents are moved into it instead, because a shell may be open there; it
    then keeps its mode, without the bits that `mode` does not allow. The file `last` is moved last, because its presence marks the
    directory as complete. If the block raises, everything that was made is removed.

    A process that is killed leaves its folder behind; the next one for the same directory removes it. Raises UsageError, rule
    "directory", if `directory` is not empty; StorageError.
    """
    check_free(directory)
    target = Path(os.path.realpath(directory))
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    coming = [folder for folder in target.parents if not os.path.lexists(folder)]
    try:
        _make(beside, mode, directory)
        yield beside
        _put_in_place(beside, target, last)
        coming = []
    finally:
        take_away_all(beside)
        take_away(coming)


def _make(beside: Path, mode: int, directory: Path) -> None:
    try:
        make_folder(beside.parent)
        _clear_left(beside)
        make_folder(beside, mode)
    except OSError as error:
        raise unwritable(directory, error) from None
    except StorageError as error:
        if not isinstance(error.__cause__, FileExistsError | NotADirectoryError | PermissionError):
            raise
        why = error.__cause__.strerror
        raise UsageError(f"{directory}: cannot be made ({why}); give another directory", rule="directory") from None


def check_free(directory: Path) -> None:
    """Refuse a path unless it is free or an empty directory. Raises UsageError, StorageError."""
    try:
        if os.path.lexists(directory) and (not directory.is_dir() or any(directory.iterdir())):
            words = f"{directory}: is not an empty directory; give a new one, and keep what is there until you no longer need it"
            raise UsageError(words, rule="directory", where=str(directory))
    except OSError as error:
        raise unwritable(directory, error) from None


def _clear_left(beside: Path) -> None:
    """Remove the folders of processes that have ended."""
    pattern = re.compile(rf"{re.escape(beside.name.rsplit('.', 2)[0])}\.([0-9]+)\.new")
    for path in beside.parent.iterdir():
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


def _put_in_place(beside: Path, target: Path, last: str) -> None:
    put: list[Path] = []
    try:
        _sync_all(beside)
        check_free(target)
        if target.is_dir():
            os.chmod(target, S_IMODE(target.stat().st_mode) & S_IMODE(beside.stat().st_mode))
        for source, place in _moves(beside, target, last):
            os.rename(source, place)
            put.append(place)
        sync_folder(target)
        sync_folder(target.parent)
    except OSError as error:
        _remove(put)  # even the refused file may be missing after a power cut, so nothing is left behind
        if any(os.path.lexists(path) for path in put):
            words = f"{target}: cannot be written ({error.strerror}), or removed; check the disk, and remove {target}"
            raise StorageError(words, rule="storage", where=str(target)) from None
        raise unwritable(target, error) from None


def _moves(beside: Path, target: Path, last: str) -> list[tuple[Path, Path]]:
    """The (from, to) moves: the folder itself; or, if `target` exists, its contents, with the file `last` at the end."""
    if not target.is_dir():
        return [(beside, target)]
    return [(beside / name, target / name) for name in sorted(os.listdir(beside), key=last.__eq__)]


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            take_away_all(path)
        else:
            take_away([path])


def _sync_all(folder: Path) -> None:
    for here, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(here, name), os.O_RDONLY)
            try:
                sync_file(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(here))
