"""The state of an audit, kept in a folder, so that an interrupted audit can continue, and the next one can start where this one
ended.

The folder has the files that the pass writes anyway (`spill`), and `state.json`: how far it came, the books, and the length and
SHA-256 of every file. All are compared when the folder is opened. That finds damage but not forgery, because anyone who can write
to the folder can write the state. The tree ties the state to the log: the leaves that follow must lead from its root to the signed
root.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from .. import __version__
from ..canonical import JsonObject, encode, parse
from ..disk.durable import make_folder, write_durably
from ..disk.regular import check_regular, open_regular, read_regular
from ..errors import CanonicalError, Conflict, StorageError
from ..log.checkpoint import Checkpoint
from .consistency import KnownCheckpoint
from .replay import Replay

MANIFEST = "state.json"
FILES = ("leaves", "keys-*", "claims")
NAME = "the saved state"
BLOCK = 2**20
STATE_BYTES = 2**32
# The version of the files that the pass writes and of `Replay.save`. Change the number whenever one of them changes.
LAYOUT = 7


class SavedAudit:
    """A folder for the state of one log's audit. It covers `size` entries; 0 if it is new."""

    def __init__(self, folder: Path, origin: str) -> None:
        """Open the folder, or make it. Raises Conflict if it belongs to another log or program version, or differs from what was
        saved; StorageError."""
        self.folder, self._origin = folder, origin
        self._hashed: dict[str, tuple[Any, int]] = {}
        self._state: JsonObject = {}
        make_folder(folder)
        try:
            self._open()
        except OSError as error:
            raise StorageError(
                f"{folder}: the state cannot be saved here: {error.strerror}", rule="file", where=str(folder),
            ) from None

    @property
    def size(self) -> int:
        """How many entries were judged."""
        size: int = self._state.get("size", 0)
        return size

    def seen(self) -> list[KnownCheckpoint]:
        """The tree that was read then: the log must extend it."""
        if not self.size:
            return []
        return [KnownCheckpoint(NAME, Checkpoint(self._origin, self.size, bytes.fromhex(self._state["root"])))]

    def resume(self, replay: Replay) -> None:
        """Bring a new replay over this folder to the saved state."""
        if self._state:
            replay.resume(self._state)

    def save(self, replay: Replay) -> None:
        """Save the state of a replay over this folder. Raises StorageError."""
        state = {"origin": self._origin, "program": __version__, "layout": LAYOUT, **replay.save()}
        state["files"] = {path.name: self._digest(path) for path in self._files()}
        body = encode(state)
        write_durably(self.folder / MANIFEST, encode({"sha256": hashlib.sha256(body).hexdigest()}) + b"\n" + body)

    def _files(self) -> list[Path]:
        return sorted(path for pattern in FILES for path in self.folder.glob(pattern))

    def _digest(self, path: Path) -> list[object]:
        """[length, SHA-256 in hex] of a file that only grows; what was hashed before is not read again."""
        digest, length = self._hashed.get(path.name, (hashlib.sha256(), 0))
        with open_regular(path) as file:
            file.seek(length)
            while block := file.read(BLOCK):
                digest.update(block)
                length += len(block)
        self._hashed[path.name] = (digest, length)
        return [length, digest.hexdigest()]

    def _open(self) -> None:
        manifest = self.folder / MANIFEST
        if not os.path.lexists(manifest):
            if any(path.name not in {name.name for name in self._files()} for path in self.folder.iterdir()):
                raise Conflict(
                    f"{self.folder}: contains other files; give an empty folder, or one with a saved state", rule="state",
                )
            self._clear()
            return
        self._state = self._read(manifest)
        for path in self._files():
            check_regular(path)
        for path in self._files():
            if path.name not in self._state["files"]:
                path.unlink()
        for name, (length, digest) in self._state["files"].items():
            self._take_up(self.folder / name, length, digest)

    def _read(self, manifest: Path) -> JsonObject:
        head, _, body = read_regular(manifest, STATE_BYTES).partition(b"\n")
        try:
            state: JsonObject = parse(body, MANIFEST)
            sound = parse(head, MANIFEST) == {"sha256": hashlib.sha256(body).hexdigest()}
        except CanonicalError:
            sound = False
        if not sound:
            raise self._damaged(MANIFEST)
        for name, mine in (("origin", self._origin), ("program", __version__), ("layout", LAYOUT)):
            if state.get(name) != mine:
                raise Conflict(f"{self.folder}: {name} {state.get(name)!r}, not {mine!r}; give another folder", rule="state")
        return state

    def _take_up(self, path: Path, length: int, digest: str) -> None:
        """Truncate what was written after the state was saved, and check that the rest is unchanged."""
        if not path.is_file() or path.stat().st_size < length:
            raise self._damaged(path.name)
        with path.open("r+b") as file:
            file.truncate(length)
        if self._digest(path) != [length, digest]:
            raise self._damaged(path.name)

    def _damaged(self, name: str) -> Conflict:
        return Conflict(
            f"{self.folder / name}: it was changed since it was saved; remove the folder, and verify from the start", rule="state",
        )

    def _clear(self) -> None:
        for path in self._files():
            path.unlink()
