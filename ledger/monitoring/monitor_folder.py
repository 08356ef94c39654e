"""The folder of a monitor.

    checkpoints/<size>-<16 hex digits of the root>.checkpoint    every checkpoint that was found true
    checkpoints/index                                            their names, each with the time at which it was first seen
    refused/…                                                    notes that raised an alarm: the evidence
    monitor.json                                                 which log, when it last answered, and all alarms
    feed.atom, index.html                                        made from the above after every round

Every file is written whole or not at all, and a note is written before what names it. So a monitor that was killed continues from
what is there: a note that the index does not name is added to it with the time of its file.
"""

from __future__ import annotations

import datetime
import json
import re
from bisect import bisect_left, bisect_right
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ..disk.durable import make_folder, unwritable
from ..disk.lock import FolderLock
from ..disk.regular import read_regular, unreadable
from ..errors import CanonicalError, Conflict, FormatError, UsageError
from ..jsontext import read_json
from ..log.checkpoint import Checkpoint
from ..log.note import with_cosignatures
from ..log.tile import CHECKPOINT, TILES
from ..log_files.folder import UNFINISHED, Folder, read_note
from ..store.location import holds_store
from .alarm import Alarm

CHECKPOINTS, INDEX, REFUSED = "checkpoints", "checkpoints/index", "refused"
STATE, FEED, PAGE = "monitor.json", "feed.atom", "index.html"
NAME = re.compile(r"(0|[1-9][0-9]{0,15})-[0-9a-f]{16}\.checkpoint")
STATE_BYTES = 1 << 24
INDEX_BYTES = 1 << 26
MAX_UNSIGNED = 1000


class KeptNote(NamedTuple):
    """A checkpoint of `size` entries that the folder keeps under `name`, first seen at `seen_at`."""

    size: int
    name: str
    seen_at: str


class MonitorState(NamedTuple):
    """Which log the folder follows ("" at first) and from which address; when the last round was, when the log last answered, and
    since when it has not ("" if it did in the last round); all alarms, oldest first."""

    log: str = ""
    address: str = ""
    round_at: str = ""
    answered_at: str = ""
    silent_since: str = ""
    alarms: tuple[Alarm, ...] = ()


class MonitorFolder:
    """A monitor's folder, which one process may use at a time, from `hold` to `close`."""

    def __init__(self, path: Path) -> None:
        self.path, self._files = path, Folder(path)
        self._lock: FolderLock | None = None
        self.state = MonitorState()
        self.notes: list[KeptNote] = []
        """What is kept, smallest first; of one size, in the order in which it was seen."""

    def hold(self) -> None:
        """Lock the folder, which is made if it is missing, and read what it keeps.

        Raises UsageError if it holds a ledger or other files; Conflict if another process has it or its files are damaged;
        StorageError.
        """
        if self._lock is not None:
            return
        if holds_store(self.path):
            raise UsageError(f"{self.path}: contains a ledger; a monitor needs its own folder", rule="export")
        self._files.check_own("monitor", CHECKPOINTS, REFUSED, STATE, FEED, PAGE)
        if any((self.path / name).exists() for name in (CHECKPOINT, TILES)):
            raise UsageError(f"{self.path}: contains a copy of a log; a monitor needs its own folder", rule="export")
        make_folder(self.path / CHECKPOINTS)
        self._lock = FolderLock(self.path, "monitoring with")
        self._tidy()
        self.state = self._read_state()
        self.notes = self._read_notes()

    def close(self) -> None:
        """Let another process use the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def note(self, name: str) -> bytes | None:
        """A note by its path in the folder, None if it is not there. Raises StorageError."""
        return read_note(self.path / name)

    def newest(self) -> bytes | None:
        """The kept note of the largest size, None if nothing is kept yet."""
        return self.note(f"{CHECKPOINTS}/{self.notes[-1].name}") if self.notes else None

    def at_size(self, size: int) -> list[str]:
        """The paths of the kept notes of a size."""
        first, end = (cut(self.notes, size, key=lambda one: one.size) for cut in (bisect_left, bisect_right))
        return [f"{CHECKPOINTS}/{one.name}" for one in self.notes[first:end]]

    def keep(self, note: bytes, checkpoint: Checkpoint, now: str) -> bool:
        """Keep a checkpoint that was found true. If its text is kept already, only its new cosignatures are added. Says whether it
        is new. Raises StorageError."""
        name = name_of(checkpoint)
        path = f"{CHECKPOINTS}/{name}"
        before = self.note(path)
        whole = with_cosignatures(note, before)
        if whole != before:
            self._files.put(path, whole)
        if before is not None:
            return False
        self.notes.append(KeptNote(checkpoint.tree_size, name, now))
        self.notes.sort(key=lambda one: one.size)
        self._write_index()
        return True

    def refuse(self, note: bytes, checkpoint: Checkpoint | None) -> str:
        """Keep a note as evidence, and return its path in the folder. `checkpoint` is None if the log did not sign it; of such
        notes at most 1000 are kept, and "" is returned for one more. Raises StorageError."""
        if checkpoint is not None:
            path = f"{REFUSED}/{name_of(checkpoint)}"
        else:
            path = f"{REFUSED}/unsigned-{sha256(note).hexdigest()[:16]}.checkpoint"
            if not (self.path / path).exists() and len(list((self.path / REFUSED).glob("unsigned-*"))) >= MAX_UNSIGNED:
                return ""
        whole = with_cosignatures(note, self.note(path))
        self._files.put(path, whole)
        return path

    def save(self, state: MonitorState) -> None:
        """Replace the state. Raises StorageError."""
        value = {**state._asdict(), "alarms": [alarm.kept() for alarm in state.alarms]}
        self._files.put(STATE, json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n")
        self.state = state

    def publish(self, name: str, raw: bytes) -> None:
        """Write the feed or the page. Raises StorageError."""
        self._files.put(name, raw)

    def _read_state(self) -> MonitorState:
        path = self.path / STATE
        try:
            value = read_json(read_regular(path, STATE_BYTES), STATE)
            value["alarms"] = tuple(map(Alarm.read, value["alarms"]))
            state = MonitorState(**value)
            if all(isinstance(word, str) for word in state[:-1]):
                return state
            why = "it does not have its members"
        except FileNotFoundError:
            return MonitorState()
        except OSError as error:
            raise unreadable(path, error) from None
        except (CanonicalError, FormatError, TypeError, KeyError) as error:
            why = str(error)
        raise Conflict(
            f"{path}: is damaged ({why}); move it away, and run the same command again: only the list of alarms is lost",
            rule="monitor", where=str(path),
        )  # fmt: skip

    def _read_notes(self) -> list[KeptNote]:
        try:
            seen = dict(read_index(read_regular(self.path / INDEX, INDEX_BYTES)))
        except FileNotFoundError:
            seen = {}
        except OSError as error:
            raise unreadable(self.path / INDEX, error) from None
        try:
            paths = [path for path in (self.path / CHECKPOINTS).iterdir() if NAME.fullmatch(path.name)]
            notes = [KeptNote(_size(path.name), path.name, seen.get(path.name) or _written_at(path)) for path in paths]
        except OSError as error:
            raise unreadable(self.path / CHECKPOINTS, error) from None
        self.notes = sorted(notes, key=lambda one: (one.size, one.seen_at))
        if {one.name for one in notes} != set(seen):
            self._write_index()
        return self.notes

    def _write_index(self) -> None:
        self._files.put(INDEX, "".join(f"{one.name} {one.seen_at}\n" for one in self.notes).encode())

    def _tidy(self) -> None:
        """Delete unfinished files of a process that was killed."""
        try:
            for folder in (self.path, self.path / CHECKPOINTS, self.path / REFUSED):
                for path in folder.glob(".*"):
                    if UNFINISHED.fullmatch(path.name):
                        path.unlink()
        except OSError as error:
            raise unwritable(self.path, error) from None


def name_of(checkpoint: Checkpoint) -> str:
    """The name of the file of a checkpoint."""
    return f"{checkpoint.tree_size}-{checkpoint.root.hex()[:16]}.checkpoint"


def read_index(raw: bytes) -> list[tuple[str, str]]:
    """The names in an index, each with its time. Lines that do not have that form, such as one that was cut off, are left out."""
    lines = [line.split(" ") for line in raw.decode("ascii", "replace").splitlines()]
    return [(words[0], words[1]) for words in lines if len(words) == 2 and NAME.fullmatch(words[0]) and _is_time(words[1])]


def _is_time(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text) is not None


def _size(name: str) -> int:
    return int(name.partition("-")[0])


def _written_at(path: Path) -> str:
    return datetime.datetime.fromtimestamp(int(path.stat().st_mtime), datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
