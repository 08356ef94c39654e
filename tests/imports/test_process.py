"""Imports in processes of their own: killed, without room on the disk, and how much memory they take."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.imports.gifts import GiftImport, import_gifts
from ledger.imports.mapping import Mapping

ROWS = 3000
AMOUNTS = [1 + number % 700 for number in range(ROWS)]
CHILD = """
import os, resource, signal, sys, uuid
from pathlib import Path
from ledger.writer.author import Author
from ledger.directory.opening import open_writer
from ledger.errors import StorageError
from ledger.imports.gifts import import_gifts
from ledger.imports.mapping import read_mapping
from ledger.log.key import SigningKey
from ledger.entries.channel_reference import NewKey, ReferenceKeys

directory, path, mapping, batches, file_bytes, dry_run = sys.argv[1:]
clock = lambda: "2026-03-01T20:00:00Z"
author = Author("ledger.example.org/2026", "hope", (SigningKey.from_seed(bytes([3]) * 32),), clock, lambda: str(uuid.uuid4()))
sequencer = open_writer(Path(directory), clock=clock)
keys = ReferenceKeys(Path(directory), "hope", sequencer.books, lambda label: NewKey(b"hope".ljust(32, b"k"), "2036-12-31"))
if int(file_bytes):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_bytes), int(file_bytes)))
heard = []

def progress(*said):
    heard.append(said)
    if len(heard) == int(batches):
        os.kill(os.getpid(), signal.SIGKILL)

try:
    mapping = read_mapping(Path(mapping))
    import_gifts(sequencer, author, Path(path), mapping, keys, records=2, dry_run=dry_run == "True", progress=progress)
    if sys.platform == "linux":
        print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")))
except StorageError as error:
    print(error.message)
    sys.exit(33)
"""
MAPPING = """
[gifts]
fund = "relief"
unit = "VND"
channel = "bank"
amount = "sum"
amount_form = "minor"
received = "at"
received_form = "day"
list = "the-list"
"""


@pytest.fixture
def gifts(tmp_path: Path) -> Path:
    path = tmp_path / "gifts.csv"
    path.write_text("at,sum\n" + "".join(f"2024-09-10,{amount}\n" for amount in AMOUNTS))
    (tmp_path / "bank.toml").write_text(MAPPING)
    return path


def child(world, gifts: Path, batches: int = 0, file_bytes: int = 0, dry_run: bool = False) -> tuple[int, str]:
    """Exit code and output of an import in a process of its own."""
    arguments = [world.directory, gifts, gifts.with_name("bank.toml"), batches, file_bytes, dry_run]
    command = [sys.executable, "-c", CHILD, *map(str, arguments)]
    ended = subprocess.run(command, check=False, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    return ended.returncode, ended.stdout


def finish(world, gifts: Path, mapping: Mapping) -> GiftImport:
    done = import_gifts(world.sequencer, world.charity, gifts, mapping, world.keys())
    donations = world.records("donation")
    assert Counter(gift.amount for gift in donations) == Counter(AMOUNTS)
    assert len({gift.channel_ref for gift in donations}) == len(donations) == done.rows == ROWS
    assert [(one.rows, one.entered) for one in world.records("source")] == [(ROWS, done.entered)]
    size = world.sequencer.tree_size
    assert import_gifts(world.sequencer, world.charity, gifts, mapping, world.keys()).entered == 0
    assert world.sequencer.tree_size == size
    return done


def test_killed_import_is_finished_by_the_next(world, gifts: Path, mapped, reopened: Callable):
    world.sequencer.store.close()
    assert child(world, gifts, batches=2)[0] == -9
    assert child(world, gifts, batches=5)[0] == -9
    done = finish(reopened(), gifts, mapped())
    assert (done.entered, done.known) == (ROWS - 1280 + 2, 1280 - 2)


@pytest.mark.parametrize("file_bytes", [300_000, 700_000, 1_000_000])
def test_import_on_a_full_disk_is_finished_when_there_is_room(world, gifts: Path, mapped, reopened: Callable, file_bytes: int):
    world.sequencer.store.close()
    code, said = child(world, gifts, file_bytes=file_bytes)
    assert (code, "\n" in said) == (33, True)
    assert finish(reopened(), gifts, mapped()).entered > 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads the highest memory use of a process from /proc")
def test_memory_does_not_grow_with_the_file(world, gifts: Path):
    world.sequencer.store.close()
    kib = []
    for rows in (20_000, 300_000):
        gifts.write_text("at,sum\n" + "".join(f"2024-09-10,{1 + number % 250_000}\n" for number in range(rows)))
        code, said = child(world, gifts, dry_run=True)
        assert code == 0
        kib.append(int(said))
    # The difference is what a full page of digests and full caches take.
    assert kib[1] - kib[0] < 8 * 1024, kib
