"""A flipped bit in the header of the database file: all goes on, or what is said of it helps, done to the letter."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory.opening import open_reader
from ledger.directory.rebuild import rebuild
from ledger.directory.scrub import scrub
from ledger.directory.source import DirectorySource
from ledger.errors import GiveTrailError, StorageError
from ledger.recovery.backup import back_up
from ledger.recovery.restore import restore
from ledger.store.sqlite import SqliteStore
from ledger.store.sqlite_header import HEADER_BYTES
from tests.recovery.disk import contents
from tests.writer.on_disk import TRUST, OnDisk, a_gift, a_town

DATABASE = "ledger.sqlite"
NOW = "2026-09-07T10:00:00Z"
READ_AND_WRITE_VERSION = (18, 19)
QUICK = [*READ_AND_WRITE_VERSION, 0, 16, 20, 23, 31, 39, 44, 47, 55, 59, 63, 67, 68, 71, 91, 99]


@pytest.fixture
def backed_up(tmp_path: Path, state: Path) -> OnDisk:
    """A small ledger, closed, and a backup B of it."""
    town = a_town(tmp_path / "ledger")
    town.sequencer.submit([a_gift(town, minor) for minor in range(1000, 1020)])
    back_up(town.directory, tmp_path / "B", NOW)
    town.close()
    return town


def flip_bit(directory: Path, at: int, bit: int) -> None:
    raw = bytearray((directory / DATABASE).read_bytes())
    raw[at] ^= 1 << bit
    (directory / DATABASE).write_bytes(raw)


def told(town: OnDisk) -> str:
    """What verifying or recording says against going on; "" where both are done."""
    try:
        with closing(DirectorySource(town.directory)) as source:
            report = verify(source, TRUST)
        if report.exit_code:
            return report.findings[0].message
        town.reopen().sequencer.submit_one(a_gift(town))
    except GiveTrailError as error:
        return error.message
    finally:
        town.close()
    return ""


def follow(advice: str, town: OnDisk, aside: Path) -> OnDisk:
    """Do what the message says; the ledger to go on with."""
    if "givetrail rebuild" in advice:
        rebuild(town.directory)
        return town
    here = re.search(r"`givetrail restore (\S+) NEW`", advice)
    assert here or "newest backup with `givetrail restore COPY DIR`" in advice, advice
    restore(Path(here[1]) if here else aside / "B", aside / "N")
    return town.moved_to(aside / "N")


def check_flips(town: OnDisk, tmp_path: Path, places: list[int], bits: range) -> int:
    """How many flips were told."""
    count = 0
    for kept in (town.directory, tmp_path / "state"):
        shutil.copytree(kept, tmp_path / "good" / kept.name)
    for at, bit in ((at, bit) for at in places for bit in bits):
        flip_bit(town.directory, at, bit)
        advice = told(town)
        if advice:
            count += 1
            assert told(follow(advice, town, tmp_path)) == "", (at, bit, advice)
        for kept in (town.directory, tmp_path / "state"):
            shutil.rmtree(kept)
            shutil.copytree(tmp_path / "good" / kept.name, kept)
        shutil.rmtree(tmp_path / "N", ignore_errors=True)
    return count


def test_after_a_flip_in_the_header_the_advice_works(backed_up: OnDisk, tmp_path: Path):
    assert check_flips(backed_up, tmp_path, QUICK, range(2, 3)) > 12


@pytest.mark.long
def test_after_every_flip_in_the_header_the_advice_works(backed_up: OnDisk, tmp_path: Path):
    assert check_flips(backed_up, tmp_path, list(range(HEADER_BYTES)), range(8)) > 500


@pytest.mark.parametrize("at", READ_AND_WRITE_VERSION)
def test_a_damaged_header_is_told_by_everyone_and_costs_no_entry(backed_up: OnDisk, tmp_path: Path, at: int):
    """Nobody calls it a matter of rights, or of where the disk is."""
    flip_bit(backed_up.directory, at, 0)
    before = contents(backed_up.directory)
    for step in (
        lambda: DirectorySource(backed_up.directory), lambda: open_reader(backed_up.directory), backed_up.reopen,
        lambda: scrub(backed_up.directory), lambda: back_up(backed_up.directory, tmp_path / "C", NOW),
    ):  # fmt: skip
        with pytest.raises(StorageError, match=f"the head of the file is damaged .byte {at} is 3, but must be 2") as refused:
            step()
        assert refused.value.rule == "database" and "givetrail rebuild" in refused.value.message
    assert contents(backed_up.directory) == before
    assert rebuild(backed_up.directory).differing == {}
    assert told(backed_up) == ""


@pytest.mark.parametrize("at", range(28, 32))
def test_a_wrong_count_of_pages_costs_no_entry(backed_up: OnDisk, at: int):
    flip_bit(backed_up.directory, at, 4)
    assert "run `givetrail rebuild`" in told(backed_up)
    assert rebuild(backed_up.directory).differing == {}
    assert told(backed_up) == ""


def test_a_file_that_lost_its_end_is_not_mended_by_counting_what_is_left(backed_up: OnDisk):
    path = backed_up.directory / DATABASE
    path.write_bytes(path.read_bytes()[: -4 * 4096])
    assert "or its end is lost" in told(backed_up) and "run `givetrail rebuild`" in told(backed_up)
    with pytest.raises(GiveTrailError) as refused:
        rebuild(backed_up.directory)
    assert "givetrail restore" in refused.value.message


def test_a_file_of_another_program_is_not_written(tmp_path: Path):
    """Its header differs from ours in more than a few bits."""
    with closing(sqlite3.connect(tmp_path / DATABASE)) as other:
        other.execute("PRAGMA journal_mode=wal")
        other.execute("CREATE TABLE things (thing)")
    before = contents(tmp_path)
    with pytest.raises(GiveTrailError) as refused:
        rebuild(tmp_path)
    assert refused.value.rule == "not-a-ledger" and contents(tmp_path) == before


LOCKED = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
    except OSError:
        sys.exit(7)
"""


def is_locked(path: Path) -> bool:
    """Whether SQLite holds its shared lock on a database, as another process sees it."""
    return subprocess.run([sys.executable, "-c", LOCKED, str(path)], check=False).returncode == 7


def test_reading_the_header_gives_up_no_lock(backed_up: OnDisk):
    """A process loses all of its locks on a file when it closes it anywhere, and another one may then remove what it reads."""
    path, descriptors = backed_up.directory / DATABASE, Path("/proc/self/fd")
    before = len(os.listdir(descriptors)) if descriptors.exists() else 0
    with SqliteStore.open(backed_up.directory, write=False) as first:
        assert first.tree_size and is_locked(path)
        with SqliteStore.open(backed_up.directory, write=False) as second:
            assert second.tree_size
        assert is_locked(path)
    assert not is_locked(path)
    assert before == (len(os.listdir(descriptors)) if descriptors.exists() else 0)
