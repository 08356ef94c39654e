"""One writer: an exclusive lock on a file, such as `lock` in the ledger's directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from ..errors import Conflict
from .durable import let_go, unwritable

FILE_NAME = "lock"
MOST_BYTES = 8192


class FileLock:
    """Held from its creation until `close` or until the process ends, however it ends. The file itself stays."""

    def __init__(self, path: Path, says: bytes, refused: Callable[[str], Conflict]) -> None:
        """Writes `says` into the file; another process that fails to lock it passes that text to its `refused`. Raises the Conflict
        that `refused` returns; StorageError."""
        self._descriptor = -1
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, says, 0)
        except BlockingIOError:
            holder = os.fsdecode(os.pread(self._descriptor, MOST_BYTES, 0)).strip()
            self.close()
            raise refused(holder) from None
        except OSError as error:
            self.close()
            raise unwritable(path, error) from error

    def close(self) -> None:
        """Let another process write; closing twice does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        let_go(descriptor)


class WriterLock(FileLock):
    """The lock of a directory."""

    def __init__(self, directory: Path) -> None:
        """Raises Conflict, rule "locked", if another process has it; StorageError."""
        super().__init__(directory / FILE_NAME, b"%d\n" % os.getpid(), lambda holder: _locked(directory, holder))


def _locked(directory: Path, holder: str) -> Conflict:
    process = f"process {holder}" if holder.isdecimal() else "another process"
    return Conflict(
        f"{directory}: {process} writes to this ledger; wait for it to end, or end it, and run the same command again",
        rule="locked",
        where=str(directory),
    )


class FolderLock:
    """A lock on a folder itself, so that no file is added to it. Held from its creation until `close` or until the process ends."""

    def __init__(self, folder: Path, does: str) -> None:
        """The folder must exist. `does` says in the message what another process is doing. Raises Conflict, rule "locked", if it
        has the folder; StorageError."""
        self._descriptor = -1
        try:
            self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            message = f"{folder}: another process is {does} it; wait for it to end"
            raise Conflict(message, rule="locked") from None
        except OSError as error:
            self.close()
            raise unwritable(folder, error) from None

    def close(self) -> None:
        """Let another process have the folder; closing twice does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        let_go(descriptor)
