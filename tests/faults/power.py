"""A model of power loss: which disks can be left behind, by strict POSIX, when the power fails at some moment of a recording.

What the shim recorded is played on a `Disk`. Of a file, what was written since its last sync may be there, be missing, or be
torn at a sector, each write by itself. Of a folder, each name that was made, renamed or taken away since the folder's last sync
may be as it was or as it became; the sync of a file says nothing of its name. A renamed name moves whole.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CALL = struct.Struct("=6q")
SECTOR = 512
UNKEPT = "-shm"  # memory that processes share; SQLite makes it anew after a crash


class Call(NamedTuple):
    """One call that succeeded, as shim.c wrote it: create, truncate, write, fsync, unlink or rmdir, mkdir, rename, link, said."""

    what: str
    inode: int
    offset: int
    path: str
    other: str
    content: bytes


def read_log(path: Path) -> list[Call]:
    """Every call of a recording, in order."""
    raw, at, calls = path.read_bytes(), 0, []
    while at < len(raw):
        what, inode, offset, *lengths = CALL.unpack_from(raw, at)
        at += CALL.size
        parts = []
        for length in lengths:
            parts.append(raw[at : at + length])
            at += length
        calls.append(Call(chr(what), inode, offset, parts[0].decode(), parts[1].decode(), parts[2]))
    return calls


class File:
    """What is surely on the disk of a file, and what was done to it since: (offset, bytes), or (length, None) where it was cut."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.since: list[tuple[int, bytes | None]] = []

    def sync(self) -> None:
        for change in self.since:
            _apply(self.kept, *change)
        self.since = []

    def after_loss(self, chance: random.Random) -> bytes:
        """The content that a power cut may leave. Half of the time the disk was kind: all is there, or nothing."""
        content, mood = bytearray(self.kept), chance.random()
        for offset, written in self.since:
            fate = 0 if mood < 0.25 else 2 if mood < 0.5 else chance.randrange(3)
            if fate == 1 and written:
                written = written[: chance.randrange(0, len(written) + 1, SECTOR)]
            if fate:
                _apply(content, offset, written)
        return bytes(content)


def _apply(content: bytearray, offset: int, written: bytes | None) -> None:
    if written is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
    elif written:
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(written)] = written


class Folder:
    """The names that are surely in a folder, and what was done to them since: each change gives some names a new meaning."""

    def __init__(self) -> None:
        self.kept: dict[str, File | Folder] = {}
        self.now: dict[str, File | Folder] = {}
        self.since: list[dict[str, File | Folder | None]] = []

    def set(self, names: dict[str, File | Folder | None]) -> None:
        """Give names a meaning at once; None takes a name away."""
        self.since.append(names)
        _rename(self.now, names)

    def sync(self) -> None:
        self.kept, self.since = dict(self.now), []

    def after_loss(self, chance: random.Random) -> dict[str, File | Folder]:
        """The names that a power cut may leave. Half of the time the disk was kind."""
        names, mood = dict(self.kept), chance.random()
        for change in self.since:
            if mood >= 0.5 and chance.randrange(2) or 0.25 <= mood < 0.5:
                _rename(names, change)
        return names


def _rename(names: dict[str, File | Folder], change: dict[str, File | Folder | None]) -> None:
    for name, meaning in change.items():
        if meaning is None:
            names.pop(name, None)
        else:
            names[name] = meaning


class Disk:
    """The tree below `root`, an empty folder that is surely there when the recording begins."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._top = Folder()
        self._files: dict[int, File] = {}

    def play(self, call: Call) -> None:
        """Do what was done."""
        if call.what in "wtf":
            self._on_file(call)
        elif call.what in "rl":
            self._move(call)
        elif call.what in "cmu":
            folder, name = self._place(call.path)
            made = None if call.what == "u" else Folder() if call.what == "m" else File()
            if call.what == "c":
                self._files[call.inode] = made
            folder.set({name: made})

    def _on_file(self, call: Call) -> None:
        if call.what == "f" and (found := self._found(call.path)) is not None and isinstance(found, Folder):
            found.sync()
        elif call.inode in self._files:
            file = self._files[call.inode]
            if call.what == "f":
                file.sync()
            else:
                file.since.append((call.offset, call.content if call.what == "w" else None))

    def _move(self, call: Call) -> None:
        (folder, name), (to, new) = self._place(call.path), self._place(call.other)
        moved = folder.now[name]
        gone = {} if call.what == "l" else {name: None}
        if folder is to:
            folder.set({**gone, new: moved})
        else:
            to.set({new: moved})
            folder.set(gone)

    def _place(self, path: str) -> tuple[Folder, str]:
        folder = self._found(str(Path(path).parent))
        assert isinstance(folder, Folder), path
        return folder, Path(path).name

    def _found(self, path: str) -> File | Folder | None:
        found: File | Folder | None = self._top
        for part in Path(path).relative_to(self._root).parts:
            found = found.now.get(part) if isinstance(found, Folder) else None
        return found

    def files(self, folder: str) -> list[str]:
        """The files below a folder, as the program sees them, by their path from there."""
        found = self._found(str(self._root / folder))
        return list(_names(found)) if isinstance(found, Folder) else []

    def leave(self, folder: Path, chance: random.Random) -> None:
        """Write a disk that a power cut may leave now."""
        for path, content in _left(self._top, folder, chance):
            if content is None:
                path.mkdir(parents=True, exist_ok=True)
            elif not path.name.endswith(UNKEPT):
                path.write_bytes(content)
                path.chmod(0o600)


def _names(folder: Folder) -> Iterator[str]:
    for name, meaning in folder.now.items():
        if isinstance(meaning, Folder):
            yield from (f"{name}/{below}" for below in _names(meaning))
        else:
            yield name


def _left(folder: Folder, path: Path, chance: random.Random) -> Iterator[tuple[Path, bytes | None]]:
    yield path, None
    for name, meaning in folder.after_loss(chance).items():
        if isinstance(meaning, Folder):
            yield from _left(meaning, path / name, chance)
        else:
            yield path / name, meaning.after_loss(chance)
