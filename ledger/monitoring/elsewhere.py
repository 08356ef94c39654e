"""Checkpoints from elsewhere: from another monitor, a copy of the log, a server, or a file that somebody kept."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ..audit.target import is_url
from ..bundle.kept_checkpoint import KEPT_BYTES, note_kept
from ..clock import Clock
from ..disk.regular import read_regular
from ..errors import GiveTrailError, NotFound, SizeError, Unverifiable
from ..log.note import MAX_NOTE_BYTES
from ..log.tile import CHECKPOINT
from ..log_files.source import note_in
from .monitor_folder import CHECKPOINTS, INDEX, INDEX_BYTES, NAME, read_index

MAX_NOTES = 1000
PLACE_S = 600.0
_SUFFIX = re.compile(r"\.(checkpoint|json|proof|tlog-proof|txt|note)$", re.IGNORECASE)
Read = Callable[[str, int], bytes]


class NoteElsewhere(NamedTuple):
    """A note with its name: a path or an address. Nothing about it is verified."""

    name: str
    note: bytes


class NotesElsewhere(NamedTuple):
    """What one place shows: at most `MAX_NOTES` notes, of the largest trees, as far as they came within `PLACE_S` seconds; how many
    were left out; and why any could not be read."""

    place: str
    notes: tuple[NoteElsewhere, ...] = ()
    left_out: int = 0
    unread: tuple[str, ...] = ()


def notes_at(place: str, clock: Clock) -> NotesElsewhere:
    """The notes at a place: a file with a note, a trace bundle or a proof; the folder of a monitor, an export, a mirror or a
    ledger; or the address of one of these, or of a log. What cannot be read is said, and never raised.

    Raises UsageError, rule "url", for an address that is not http or https.
    """
    try:
        return _on_server(place, clock) if is_url(place) else _on_disk(Path(place), place, clock)
    except (NotFound, Unverifiable) as error:
        return NotesElsewhere(place, unread=(error.message,))


def _on_disk(path: Path, place: str, clock: Clock) -> NotesElsewhere:
    if not path.is_dir():
        return _gathered(place, [path.name], lambda name, limit: _bytes(path, limit), KEPT_BYTES, clock)
    if (path / CHECKPOINTS).is_dir():
        try:
            names = [name for name in os.listdir(path / CHECKPOINTS) if NAME.fullmatch(name)]
        except OSError as error:
            raise Unverifiable(f"{path / CHECKPOINTS}: cannot be read ({error.strerror})", rule="missing") from None
        return _gathered(place, names, lambda name, limit: _bytes(path / CHECKPOINTS / name, limit), MAX_NOTE_BYTES, clock)
    if os.path.lexists(path / CHECKPOINT):
        return NotesElsewhere(place, (NoteElsewhere(f"{place}/{CHECKPOINT}", note_in(path)),))
    raise NotFound(f"{place}: holds no checkpoints; give a file, or the folder of a monitor or an export", rule="target")


def _bytes(path: Path, limit: int) -> bytes:
    try:
        raw = read_regular(path, limit)
    except OSError as error:
        raise Unverifiable(f"{path}: cannot be read ({error.strerror})", rule="missing", where=str(path)) from None
    if len(raw) > limit:
        raise SizeError(f"{path}: larger than {limit} bytes", rule="size-limit", where=str(path))
    return raw


def _on_server(place: str, clock: Clock) -> NotesElsewhere:
    above, _, last = place.rstrip("/").rpartition("/")
    if last == CHECKPOINT or _SUFFIX.search(last):
        with _reading_at(above) as read:
            return _gathered(place, [last], read, KEPT_BYTES, clock)
    with _reading_at(place) as read:
        try:
            index = read(INDEX, INDEX_BYTES)
        except Unverifiable as error:
            if error.rule != "missing":
                raise
            return _gathered(place, [CHECKPOINT], read, MAX_NOTE_BYTES, clock)
        except SizeError as error:
            raise Unverifiable(error.message, rule="missing") from None
        names = [name for name, _ in read_index(index)]
        return _gathered(place, names, lambda name, limit: read(f"{CHECKPOINTS}/{name}", limit), MAX_NOTE_BYTES, clock)


@contextmanager
def _reading_at(url: str) -> Iterator[Read]:
    from ..network.fetch import Fetcher  # importing HTTP takes longer than comparing files

    with closing(Fetcher(url)) as fetcher:
        yield lambda path, limit: fetcher.result(fetcher.start(fetcher.get, path, limit, True))


def _gathered(place: str, names: list[str], read: Read, limit: int, clock: Clock) -> NotesElsewhere:
    """The notes under these names; of many, the largest trees."""
    chosen = sorted(set(names), key=_size, reverse=True)
    notes, unread, begun, tried = [], [], clock(), 0
    if not names:
        unread.append(f"{place}: holds no checkpoints")
    for name in chosen[:MAX_NOTES]:
        if seconds_between(begun, clock()) > PLACE_S:
            break
        tried += 1
        shown = place if len(chosen) == 1 and not NAME.fullmatch(name) else f"{place.rstrip('/')}/{CHECKPOINTS}/{name}"
        try:
            notes.append(NoteElsewhere(shown, note_kept(read(name, limit))))
        except GiveTrailError as error:
            unread.append(error.message if error.message.startswith(shown) else f"{shown}: {error.message}")
            if error.rule == "unreachable":
                break
    return NotesElsewhere(place, tuple(notes), len(chosen) - tried, tuple(unread))


def seconds_between(since: str, until: str) -> float:
    """Seconds from one time of a clock to another."""
    begin, end = map(datetime.datetime.fromisoformat, (since, until))
    return (end - begin).total_seconds()


def _size(name: str) -> int:
    return int(name.partition("-")[0]) if NAME.fullmatch(name) else 0
