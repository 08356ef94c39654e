"""What a store warns of is seen: from every command that opens one for writing, also where it arises at closing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.errors import StorageError
from ledger.store.sqlite_connection import Connection
from tests.cli.transcript import Ended
from tests.faults.life import MAPPING

Run = Callable[..., Ended]
GIFT = ("record", "donation", "--party", "hope", "--officer", "ana", "--fund", "desk", "--unit", "CNY", "--amount", "1.00")
COMMANDS = [
    (*GIFT, "--channel", "cash"),
    ("party", "add", "river", "--name", "River", "--role", "charity", "--officer", "xu"),
    ("import", "gifts", "gifts.csv", "--mapping", "mapping.toml", "--party", "hope", "--officer", "ana"),
    ("init", "M", "--origin", "ledger.example/other"),
    ("rebuild",),
    ("copy", "T", "--trial"),
    ("demo", "D", "--gifts", "10"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_what_the_disk_refuses_at_closing_is_told(words: tuple[str, ...], ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    Path("gifts.csv").write_text("no,day,amount\n1,2026-09-02,1.00\n")
    Path("mapping.toml").write_text(MAPPING.replace("school", "desk"))

    def refuse(self: Connection) -> bool:
        raise StorageError("the disk refuses", rule="storage", where=str(self.path))

    monkeypatch.setattr(Connection, "checkpoint", refuse)
    ended = run(*words)
    assert ended.exit_code == 0, ended
    assert "everything is there; only tidying up was put off (storage), and the next opening does it" in ended.stderr
    told = [line for line in ended.stderr.splitlines() if line.startswith("warning: ")]
    assert len(set(told)) == len(told)


def test_without_a_fault_nothing_is_told(ledger: Path, run: Run):
    assert "warning" not in run(*GIFT, "--channel", "cash").stderr
