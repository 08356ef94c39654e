"""Logs that grow, roll back and fork, and a monitor that follows them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from ledger.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.note import COSIGNATURE, VerifierKey, format_note, parse_note
from ledger.log.policy import Policy, Witness
from ledger.monitoring.monitor import Monitor, Monitored
from ledger.monitoring.monitor_folder import MonitorFolder
from tests.log_files.tileserver import put_log
from tests.writer.on_disk import TRUST

NORTH_KEY = SigningKey.from_seed(bytes(32))
NORTH = Witness("north", VerifierKey("witness.example.org/north", NORTH_KEY.public, COSIGNATURE))
WITNESSED = Policy(TRUST.logs, (NORTH,), (), "north")
At = Callable[..., Path]


class Watch:
    """A monitor of whatever is in the folder `log`, with a clock that a test moves."""

    def __init__(self, home: Path) -> None:
        self.log, self.path = home / "log", home / "M"
        self.now = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
        self.policy = TRUST
        self.address = str(self.log)
        self.silent_after = 3600

    def later(self, seconds: int) -> None:
        self.now += datetime.timedelta(seconds=seconds)

    def clock(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def show(self, folder: Path) -> None:
        """From now on, the log is what is in that folder."""
        if self.log.is_symlink():
            self.log.unlink()
        self.log.symlink_to(folder)

    def round(self, *places: object) -> Monitored:
        """A round of a monitor that has just started, a second after the last."""
        self.later(1)
        monitor = Monitor(self.address, MonitorFolder(self.path), self.policy, self.silent_after, self.clock)
        try:
            return monitor.round(list(map(str, places)))
        finally:
            monitor.close()

    def rules(self, *places: object) -> list[str]:
        return [alarm.rule for alarm in self.round(*places).alarms]

    def names(self, folder: str = "checkpoints") -> set[str]:
        return {path.name for path in (self.path / folder).glob("*.checkpoint")}


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    return Watch(tmp_path)


@pytest.fixture
def at(tmp_path: Path) -> At:
    """The export of the log at a size, made once; from an entry on, that of another history."""
    return cache(lambda size, other_from=None: put_log(size, tmp_path / f"log-{size}-{other_from}", other_from))


def head(folder: Path) -> Checkpoint:
    return parse_checkpoint(parse_note((folder / "checkpoint").read_bytes()).text)


def name(folder: Path) -> str:
    """The name under which a monitor keeps the checkpoint of a folder."""
    return f"{head(folder).tree_size}-{head(folder).root.hex()[:16]}.checkpoint"


def cosigned(folder: Path, seconds: int = 1_800_000_000) -> bytes:
    """The note of a folder with a cosignature of the witness north."""
    note = parse_note((folder / "checkpoint").read_bytes())
    return format_note(note.text, [*note.signatures, cosign(head(folder), seconds, NORTH.vkey.name, NORTH_KEY)])
