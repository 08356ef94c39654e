"""The tokens of timestamps among the files of a log: `timestamps/<size>.tsr` (formats §4). Nothing here verifies them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from ..disk.regular import read_regular, unreadable
from ..errors import StorageError
from ..log.tile import TIMESTAMPS, TOKEN_BYTES, token_path
from .folder import Folder

_NAME = re.compile(r"([1-9][0-9]{0,15})\.tsr")


class Stamped(Protocol):
    """A log that may have tokens."""

    def stamp(self, size: int) -> bytes | None:
        """The token of a size; None if there is none."""


def stamped_in(folder: Path) -> list[int]:
    """The sizes of which a folder has a token, ascending. Raises StorageError."""
    try:
        names = os.listdir(folder / TIMESTAMPS)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(folder / TIMESTAMPS, error) from None
    return sorted(int(found[1]) for found in map(_NAME.fullmatch, names) if found)


def stamp_in(folder: Path, size: int) -> bytes | None:
    """The token of a size in a folder, or as much of it as is needed to see that it is too large; None if there is none. Raises
    StorageError."""
    path = folder / token_path(size)
    try:
        return read_regular(path, TOKEN_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unreadable(path, error) from None


def copy_stamps(source: Stamped, folder: Path, sizes: Iterable[int]) -> int:
    """Copy the tokens of these sizes from a source, where it has them, into a folder. How many files were written. Raises
    StorageError, and what the source raises."""
    target, written = Folder(folder), 0
    for size in sizes:
        raw = source.stamp(size)
        if raw is not None and raw != _lying(folder, size):
            target.put(token_path(size), raw)
            written += 1
    return written


def _lying(folder: Path, size: int) -> bytes | None:
    try:
        return stamp_in(folder, size)
    except StorageError:
        return None
