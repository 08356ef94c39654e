"""The last signed checkpoint, kept outside the ledger's directory (formats §4).

Restoring the whole directory from a copy restores entries and checkpoint together. So only a checkpoint that was kept elsewhere can
show that entries are missing.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import platformdirs

from ..disk.durable import make_folder, write_durably
from ..disk.lock import MOST_BYTES, FileLock
from ..disk.regular import read_regular
from ..errors import Conflict, InputError, ReadOnly, StorageError, Unverifiable, VerificationError
from ..log.checkpoint import open_checkpoint
from ..log.note import VerifierKey
from ..log_files.folder import read_note

SUCCESSOR = ".successor"
SUFFIXES = (".checkpoint", ".directory", ".lock")
DIGITS = 16


def anchor_path(vkey: str) -> Path:
    """Where the last checkpoint of the log with this verifier key is kept: in `GIVETRAIL_STATE`, or else in the user's state
    directory."""
    folder = os.environ.get("GIVETRAIL_STATE") or platformdirs.user_state_dir("givetrail")
    return Path(folder) / f"{hashlib.sha256(vkey.encode()).hexdigest()}.checkpoint"


def recall(vkey: str) -> bytes | None:
    """The signed note that was kept; None if this machine never signed for the log. Raises StorageError."""
    return read_note(anchor_path(vkey))


class Damaged(NamedTuple):
    """A damaged checkpoint that was kept outside: where it is, why it does not count, and how many entries its legible part says
    there were, None if that is not a number."""

    path: Path
    why: str
    size: int | None

    @property
    def words(self) -> str:
        """What is wrong, in a sentence without its full stop."""
        left = "none of it can be read" if self.size is None else f"the readable part says {self.size} entries"
        why = self.why.partition("; ")[0]  # the rest is advice for a note that someone has sent
        return f"{self.path} is damaged ({why}); {left}"


def damaged(vkey: VerifierKey) -> Damaged | None:
    """What is wrong with the checkpoint kept outside; None if it is whole or none is kept. Raises StorageError."""
    path = anchor_path(vkey.format())
    note = read_note(path)
    try:
        if note is not None:
            open_checkpoint(note, vkey)
    except (InputError, Unverifiable, VerificationError) as error:
        return Damaged(path, error.message, size_line(note or b""))
    return None


def size_line(note: bytes) -> int | None:
    """The number on the second line of a checkpoint, whatever the rest of it is; None if that is not a number."""
    line = note.split(b"\n", 2)[1:2]
    return int(line[0]) if line and line[0].isdigit() and len(line[0]) <= DIGITS else None


def successor_of(vkey: str) -> str:
    """The verifier key of the log that continues this one, if it was made on this machine; otherwise "". Raises StorageError."""
    return (read_note(anchor_path(vkey).with_suffix(SUCCESSOR)) or b"").decode(errors="replace").strip()


def ended(origin: str, successor: str) -> str:
    """Why nothing more may be signed for a log that has a successor."""
    return (
        f"{origin} has ended: {successor.partition('+')[0]} continues it, so nothing more can be recorded here. Use the "
        "directory of its successor; reading and verifying still work"
    )


class Anchor:
    """The checkpoint kept outside. One process at a time holds it and may sign for the log, whichever copy of the directory it
    writes.

        <digest>.checkpoint   the last signed checkpoint
        <digest>.directory    where it was signed, to tell copies of one directory apart
        <digest>.lock         locked by the process that writes
        <digest>.successor    the verifier key of the log that continues this one; this log must not sign again
    """

    def __init__(self, vkey: str, directory: Path) -> None:
        """If this place cannot be written, nothing is locked yet, because then nothing can be signed either.

        Raises Conflict, rule "locked", if another copy of the directory is open for writing; StorageError.
        """
        self._vkey, self._path, self._here = vkey, anchor_path(vkey), os.path.abspath(directory)
        self._named = False
        self._coming = b""
        self._lock: FileLock | None = None
        with suppress(StorageError):
            self._hold()
        self._mark = _mark(self._path)  # before it is read, so that a later note is never mistaken for this one
        self._seen = read_note(self._path) if self._mark else None

    @property
    def path(self) -> Path:
        """Where the checkpoint is kept."""
        return self._path

    def check(self) -> None:
        """Refuse to go on if the log has ended or another process signed meanwhile. Raises ReadOnly, StorageError."""
        successor = ""
        with suppress(StorageError):  # if it cannot be read, nothing can be signed either
            successor = successor_of(self._vkey)
        if successor:
            raise ReadOnly(ended(self._vkey.partition("+")[0], successor), rule="ended", where=str(self._path))
        if _mark(self._path) in (self._mark, None):
            return
        found = read_note(self._path)
        if found is not None and found not in (self._seen, self._coming):
            raise ReadOnly(
                f"{self._path}: another process has signed for this log meanwhile, in {signed_in(self._path) or 'another copy'}; "
                "so nothing more is signed here. Work with only one copy of the directory, and open it again",
                rule="read-only", where=str(self._path),
            )  # fmt: skip

    def remember(self, note: bytes) -> None:
        """Keep a note that was signed here, unless another process signed meanwhile, or the kept note is damaged and speaks of more
        entries. A kept note that is whole needs no comparison here: it was compared with the log when the log was opened, or its
        log is being made again with the same key, as the demonstration does. Raises ReadOnly, StorageError."""
        # A note that this process wrote is whole.
        self._begin(note, none_above=not self._named and damaged(VerifierKey.parse(self._vkey)) is not None)
        if not self._named:
            write_durably(self._path.with_suffix(".directory"), os.fsencode(self._here))
            self._named = True
        self._write(note)

    def keep(self, note: bytes) -> None:
        """Keep a signed note that was found, whoever signed it. It does not name a directory, and it does not replace a note of
        more entries. Raises what `remember` raises."""
        self._begin(note, none_above=True)
        self._path.with_suffix(".directory").unlink(missing_ok=True)
        self._named = False
        self._write(note)

    def _begin(self, note: bytes, none_above: bool) -> None:
        self._hold()
        self.check()
        kept, new = size_line(self._seen or b""), size_line(note)
        if none_above and kept is not None and (new is None or new < kept):
            words = (
                f"{self._path}: names {kept} entries, so a checkpoint of {new} cannot replace it; find out which of the two is "
                "right"
            )
            raise ReadOnly(words, rule="read-only", where=str(self._path))
        self._coming = note  # set before the file is written, in case this is interrupted

    def _write(self, note: bytes) -> None:
        write_durably(self._path, note)
        self._seen, self._mark = note, _mark(self._path)

    def end(self, successor: str) -> None:
        """Record that the log signs nothing more, because the log with the verifier key `successor` continues it. An earlier
        successor that has never signed here is replaced. Raises Conflict, StorageError."""
        self._hold()
        before = successor_of(self._vkey)
        if before and recall(before) is not None:
            raise Conflict(ended(self._vkey.partition("+")[0], before), rule="ended", where=str(self._path))
        write_durably(self._path.with_suffix(SUCCESSOR), successor.encode() + b"\n")

    def close(self) -> None:
        """Let another process write."""
        if self._lock is not None:
            self._lock.close()

    def _hold(self) -> None:
        make_folder(self._path.parent)
        if self._lock is None:
            says = b"%d\n%s\n" % (os.getpid(), os.fsencode(self._here))
            self._lock = FileLock(self._path.with_suffix(".lock"), says, lambda holder: _copy_is_open(self._here, holder))


def signed_in(path: Path) -> str:
    """The directory in which the checkpoint kept at a path was signed; "" if it is not known."""
    try:
        return os.fsdecode(read_regular(path.with_suffix(".directory"), MOST_BYTES))
    except OSError:
        return ""


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Identifies a version of the file at a path; None if there is no file. A note is replaced, never changed in place."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _copy_is_open(directory: str, holder: str) -> Conflict:
    process, _, other = holder.partition("\n")
    where = f"{other}, a copy of this directory" if other and other != directory else "a copy of this directory"
    return Conflict(
        f"{directory}: process {process} writes to {where}, but a log can have only one writer; end that process, and continue in "
        "one of the two. "
        "To try things out, make a copy with `givetrail copy DIR --trial`",
        rule="locked", where=str(directory),
    )  # fmt: skip
