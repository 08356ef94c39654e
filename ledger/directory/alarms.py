"""What witnesses have said against a ledger, kept as evidence in its directory, and whether it must stop.

    witnesses/<id>.json          what is known of a witness: the size that it cosigned last, and when it was asked
    witnesses/alarms/<id>.json   the newest alarm of a witness that nobody has looked at
    witnesses/looked-at/…        alarms that somebody has looked at
    witnesses/shown/…            checkpoints under the log's key that contradict this ledger
    witnesses/stopped            why nothing more may be recorded
    witnesses/hold               there if no answer is given before a checkpoint is published

A witness that has cosigned more than this ledger holds, or another tree of the same size, is an alarm: the directory may be an
older copy, or somebody else signs for this log. But the witness may lie, and a single one must not be able to stop a ledger. So
recording stops when as many witnesses say so as the policy's quorum has, and at least two; or when a checkpoint under the log's own
key shows it, which no witness can forge.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from ..canonical import encode, parse
from ..disk.durable import make_folder, sync_folder, unwritable, write_durably
from ..disk.regular import read_regular
from ..errors import CanonicalError
from ..log.checkpoint import Checkpoint
from ..log.policy import ENOUGH, Policy, Witness

FOLDER = "witnesses"
STOPPED, HOLD = f"{FOLDER}/stopped", f"{FOLDER}/hold"
ALARMS, LOOKED_AT, SHOWN = f"{FOLDER}/alarms", f"{FOLDER}/looked-at", f"{FOLDER}/shown"
MAX_BYTES = 262_144
NEXT = "docs/how-to/name-witnesses.md says what to do; `givetrail witness --resume` goes on. Reading and verifying still work"

Kind = Literal["ahead", "fork"]


class Known(NamedTuple):
    """What a ledger knows of a witness: the tree size that it cosigned last, and when it was asked, in seconds since 1970."""

    size: int = 0
    asked_at: float = 0.0


class Alarm(NamedTuple):
    """A witness says that it has cosigned `size` entries, which is more than there were (`ahead`), or another tree of `size`
    entries (`fork`). It was asked at a time (UTC) about `tree_size` entries with this `root` (hex), in `note`."""

    witness: str
    kind: Kind
    size: int
    tree_size: int
    root: str
    at: str
    note: str

    @property
    def words(self) -> str:
        """The alarm in a sentence without its full stop."""
        if self.kind == "ahead":
            return f"witness {self.witness} has cosigned {self.size} entries of this log, but only {self.tree_size} are here"
        return f"witness {self.witness} has cosigned another history of this log than that of the {self.tree_size} entries here"


def known_of(directory: Path, witness: Witness) -> Known:
    """What is known of a witness; nothing if the file is missing or damaged, because the witness itself says it again."""
    with suppress(OSError, CanonicalError, TypeError, KeyError, ValueError):
        row = parse(read_regular(_path(directory, FOLDER, witness), MAX_BYTES))
        return Known(int(row["size"]), float(row["asked_at"]))
    return Known()


def remember(directory: Path, witness: Witness, known: Known) -> None:
    """Keep what is known of a witness. Raises StorageError."""
    path = _path(directory, FOLDER, witness)
    make_folder(path.parent)
    write_durably(path, encode({"asked_at": int(known.asked_at), "size": known.size, "witness": witness.name}))


def raise_alarm(directory: Path, witness: Witness, alarm: Alarm) -> None:
    """Keep an alarm, unless somebody has looked at the same one. Raises StorageError."""
    if any(_said(one) == _said(alarm) for one in alarms(directory, LOOKED_AT)):
        return
    path = _path(directory, ALARMS, witness)
    make_folder(path.parent)
    write_durably(path, encode(alarm._asdict()))


def settle_alarm(directory: Path, witness: Witness) -> None:
    """Put the alarm of a witness aside, because it has cosigned what is here since. Raises StorageError."""
    path = _path(directory, ALARMS, witness)
    if os.path.lexists(path):
        make_folder(directory / LOOKED_AT)
        _move(path, directory / LOOKED_AT / f"settled-{path.name}")


def alarms(directory: Path, folder: str = ALARMS) -> list[Alarm]:
    """The alarms in force, or those that somebody has looked at."""
    return sorted(_read(directory / folder))


def hold(directory: Path) -> None:
    """Let commands give no answer before what they recorded is published. Raises StorageError."""
    make_folder(directory / FOLDER)
    write_durably(directory / HOLD, b"")


def holds(directory: Path) -> bool:
    """Whether they do."""
    return os.path.lexists(directory / HOLD)


def stop_if_enough(directory: Path, policy: Policy) -> None:
    """Stop the ledger if enough witnesses raised an alarm. Raises StorageError."""
    raised = alarms(directory)
    names = {one.witness for one in raised}
    if len(names) >= ENOUGH and policy.relies_on(names):
        stop(directory, "; ".join(one.words for one in raised))


def stop_by_checkpoint(directory: Path, here: Checkpoint, shown: Checkpoint, note: bytes) -> None:
    """Stop the ledger, because a checkpoint under its own key contradicts it; the note is kept. Raises StorageError."""
    path = directory / SHOWN / f"{shown.tree_size}-{shown.root.hex()[:16]}.checkpoint"
    make_folder(path.parent)
    write_durably(path, note)
    stop(directory, f"the log's key has signed {shown.tree_size} entries, which the {here.tree_size} entries here contradict")


def stop(directory: Path, why: str) -> None:
    """Let nothing more be recorded until somebody has looked. Raises StorageError."""
    make_folder(directory / FOLDER)
    write_durably(directory / STOPPED, why.encode() + b"\n")


def why_stopped(directory: Path) -> str:
    """Why nothing may be recorded; "" if it may. A file that cannot be read stops the ledger too."""
    path = directory / STOPPED
    if not os.path.lexists(path):
        return ""
    why = f"{path} cannot be read"
    with suppress(OSError):
        why = read_regular(path, MAX_BYTES).decode(errors="replace").strip()
    return f"{why}. {NEXT}"


def resume(directory: Path, at: str) -> list[Alarm]:
    """Let records be entered again, and put the alarms aside: somebody has looked at them. The same alarm does not stop the ledger
    a second time. Returns them. Raises StorageError."""
    raised = alarms(directory)
    for path in sorted((directory / ALARMS).glob("*.json")):
        kept = directory / LOOKED_AT / f"{at.replace(':', '')}-{path.name}"
        make_folder(kept.parent)
        _move(path, kept)
    if os.path.lexists(directory / STOPPED):
        make_folder(directory / LOOKED_AT)
        _move(directory / STOPPED, directory / LOOKED_AT / f"{at.replace(':', '')}-stopped")
    return raised


def _said(alarm: Alarm) -> tuple[str, str, int]:
    """What makes two alarms the same: a fork at another size is another alarm, because the ledger went on."""
    return alarm.witness, alarm.kind, alarm.size


def _read(folder: Path) -> Iterator[Alarm]:
    for path in folder.glob("*.json"):
        with suppress(OSError, CanonicalError, TypeError):
            yield Alarm(**parse(read_regular(path, MAX_BYTES)))


def _path(directory: Path, folder: str, witness: Witness) -> Path:
    """A file of a witness. Its name may hold any character, so the file is named by its key."""
    return directory / folder / f"{hashlib.sha256(witness.vkey.format().encode()).hexdigest()[:16]}.json"


def _move(path: Path, target: Path) -> None:
    try:
        os.replace(path, target)
        sync_folder(target.parent)
        sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
