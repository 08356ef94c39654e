"""Processes that are killed, and readers beside a process that writes."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.errors import Conflict, StorageError
from ledger.store import sqlite_connection as connection
from ledger.store.protocol import Batch
from ledger.store.sqlite import SqliteStore
from tests.store.sample import FOREVER, TAPE, check_exact, check_holds, fill, keys_of, row, write_again

ROOT = Path(__file__).resolve().parents[2]
SEED = 41


@contextmanager
def appending(directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that appends, killed at the end."""
    command = [sys.executable, "-m", "tests.store.appending", str(directory)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def acknowledged(process: subprocess.Popen[bytes]) -> int:
    """The last tree size that the process could print in full before it ended."""
    assert process.stdout
    lines = process.stdout.read().split(b"\n")[:-1]
    return int(lines[-1]) if lines else 0


def killed_after(directory: Path, seconds: float) -> int:
    """Let a process append for so long. The size that it was told is durable."""
    with appending(directory) as process:
        assert process.stdout
        first = int(process.stdout.readline())
        time.sleep(seconds)
        process.kill()
        return max(first, acknowledged(process))


def survive(directory: Path, kills: int) -> None:
    """Kill a writer at random moments: all it was told is there, nothing is there by half, all keys are exact."""
    chance = random.Random(SEED)
    for _ in range(kills):
        durable = killed_after(directory, chance.uniform(0, 0.15))
        with SqliteStore.open(directory, write=False) as reader:
            size = reader.tree_size
            assert size >= durable
            try:
                check_exact(reader, range(size))
            except StorageError as error:
                assert error.rule == "unique-index"
        with write_again(directory) as store:
            assert store.warnings == []
            check_holds(store, size)


def test_kill(tmp_path: Path):
    SqliteStore.create(tmp_path, keys_of=keys_of).close()
    survive(tmp_path, 15)


@pytest.mark.long
def test_kill_often(tmp_path: Path):
    SqliteStore.create(tmp_path, keys_of=keys_of).close()
    survive(tmp_path, 100)


def test_second_writer(tmp_path: Path):
    SqliteStore.create(tmp_path, keys_of=keys_of).close()
    with appending(tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(Conflict) as refused:
            write_again(tmp_path)
        assert refused.value.rule == "locked"
        assert f"process {process.pid}" in refused.value.message
    with write_again(tmp_path):
        with pytest.raises(Conflict):
            write_again(tmp_path)
        with pytest.raises(Conflict):
            SqliteStore.create(tmp_path)


def test_reader_beside_a_writer(tmp_path: Path):
    """Whatever is committed meanwhile, one snapshot agrees with itself, and every committed key is found."""
    SqliteStore.create(tmp_path, keys_of=keys_of).close()
    with appending(tmp_path) as process, SqliteStore.open(tmp_path, write=False) as reader:
        assert process.stdout
        process.stdout.readline()
        sizes = set()
        while len(sizes) < 50:
            with reader.one_commit():
                size = reader.tree_size
                assert len(reader.outflows(TAPE, 0, FOREVER)) == (size + 1) // 2
                assert dict(reader.rows("tape")) == ({TAPE: row(size)} if size else {})
            check_exact(reader, range(max(0, size - 200), size))
            sizes.add(size)


def _heavy(first: int, count: int) -> Batch:
    return Batch(first, [bytes([first % 256]) * 50_000] * count)


def _wal_bytes(directory: Path) -> int:
    return (directory / "ledger.sqlite-wal").stat().st_size


def _read_until(stop: threading.Event, directory: Path) -> None:
    with SqliteStore.open(directory, write=False) as reader:
        while not stop.is_set():
            with reader.one_commit():
                size = reader.tree_size
                assert len(list(reader.entries(max(0, size - 100), size))) == min(100, size)
                stop.wait(0.005)


def test_readers_do_not_let_the_log_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """60 MB go through a write-ahead log that never holds them all, beside readers of whom one is always at it.

    The writer waits for as long as a reader takes: what is shown is that those who come meanwhile do not prolong it. On a machine
    that is busy with other things an attempt may fail, and the log is longer by a step.
    """
    monkeypatch.setattr(connection, "CHECKPOINT_WAIT_MS", 5_000)
    stop = threading.Event()
    with SqliteStore.create(tmp_path) as store, ThreadPoolExecutor() as pool:
        readers = [pool.submit(_read_until, stop, tmp_path) for _ in range(3)]
        longest_bytes = 0
        for first in range(0, 1200, 20):
            store.append(_heavy(first, 20))
            longest_bytes = max(longest_bytes, _wal_bytes(tmp_path))
        stop.set()
        for reader in readers:
            reader.result()
        assert store.warnings == []
        assert longest_bytes < 58 << 20


def test_a_reader_that_does_not_end_only_makes_the_log_longer(tmp_path: Path):
    with SqliteStore.create(tmp_path) as store, SqliteStore.open(tmp_path, write=False) as reader:
        with reader.one_commit():
            for first in range(0, 400, 20):
                store.append(_heavy(first, 20))
            assert reader.tree_size == 0
            assert _wal_bytes(tmp_path) > 16 << 20
        for first in range(400, 700, 20):
            store.append(_heavy(first, 20))
        assert reader.tree_size == 700
        assert _wal_bytes(tmp_path) < 16 << 20
        assert store.warnings == []


def test_opening_takes_no_more_than_it_needs(tmp_path: Path):
    """A writer that did nothing leaves the files as they were."""
    with SqliteStore.create(tmp_path, keys_of=keys_of) as store:
        fill(store, 50)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_again(tmp_path).close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
