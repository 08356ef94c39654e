"""One writer: an exclusive lock on the file `lock` of the ledger's directory."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ..errors import Conflict
from .durable import unwritable

FILE_NAME = "lock"


class WriterLock:
    """Held from its making until `close`, or until the process ends, however it ends. The file itself stays."""

    def __init__(self, directory: Path) -> None:
        """Raises Conflict, rule "locked", when another process has it."""
        path = directory / FILE_NAME
        self._descriptor = -1
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, b"%d\n" % os.getpid(), 0)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
            self.close()
            raise _locked(directory, holder) from None
        except OSError as error:
            self.close()
            raise unwritable(path, error) from error

    def close(self) -> None:
        """Let another process write; closing twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _locked(directory: Path, holder: str) -> Conflict:
    process = f"process {holder}" if holder.isdecimal() else "another process"
    return Conflict(
        f"{directory}: {process} writes to this ledger; wait for it to end, or end it, and run the same command again",
        rule="locked",
        where=str(directory),
    )
