"""The cost of one key in the unique index, from the first to the twenty-millionth, and in a UNIQUE index of SQLite.

    python benchmarks/unique.py [FOLDER] [--keys 20000000] [--sqlite-keys 2000000]

Every batch of 8,192 random keys is first searched, then entered, as a commit does it. The file is synced every 2^20 keys, as the
store does it, and SQLite commits every batch with synchronous=FULL; both are in the figures. Each line is about the keys since the
line before it: wall-clock time and processor time. Keys are made from a fixed seed, outside the measured time. Peak memory is that
of a process that does nothing else; the first line is its start.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.machine import machine
from ledger.store.hash_index import HashIndex
from ledger.store.index_file import NO_MARK
from ledger.store.unique_keys import SYNC_EVERY

BATCH = 8192
MILLION = 1_000_000
MILESTONES = [n * MILLION for n in (1, 2, 5, 10, 20, 50)]
SEED = 20260907

Step = Callable[[list[bytes], int], None]


def main() -> None:
    """Print the machine, then both tables."""
    arguments = _arguments()
    print(f"{machine()}, {_filesystem(arguments.folder)}")
    for title, measure, count in (
        ("unique index", measure_index, arguments.keys),
        ("SQLite UNIQUE index, WITHOUT ROWID", measure_sqlite, arguments.sqlite_keys),
    ):
        print(f"\n{title}\n{'keys':>12} {'µs a key':>9} {'of CPU':>7} {'keys/s':>9} {'file MB':>8} {'peak MB':>8}")
        # A fresh process, so that the peak of one is not the peak of the other.
        worker = get_context("spawn").Process(target=measure, args=(arguments.folder, count))
        worker.start()
        worker.join()
        if worker.exitcode:
            sys.exit(worker.exitcode)


def measure_index(folder: Path, count: int) -> None:
    """Fill an index, then open it again for writing and for reading."""
    with tempfile.TemporaryDirectory(dir=folder) as directory:
        path = Path(directory) / "unique.index"
        index = HashIndex.create(path)

        def step(keys: list[bytes], done: int) -> None:
            taken = [found for found in index.find(keys) if found]
            assert not taken, "two of these random keys share 8 bytes: choose another seed"
            index.add([(key, number << 8) for number, key in enumerate(keys, done)])
            if index.added >= SYNC_EVERY:
                index.sync(done + len(keys), NO_MARK)

        run(step, count, path)
        index.sync(count, NO_MARK)
        index.close()
        for write in (True, False):
            began = time.perf_counter()
            HashIndex(path, write=write).close()
            print(f"opened for {'writing' if write else 'reading'} in {time.perf_counter() - began:.2f} s")


def measure_sqlite(folder: Path, count: int) -> None:
    """The same with a table whose primary key is the digest."""
    with tempfile.TemporaryDirectory(dir=folder) as directory:
        path = Path(directory) / "unique.sqlite"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=wal")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-16384")
        connection.execute(
            "CREATE TABLE keys (digest BLOB PRIMARY KEY, locator INTEGER NOT NULL) STRICT, WITHOUT ROWID"
        )

        def step(keys: list[bytes], done: int) -> None:
            connection.execute("BEGIN")
            rows = ((key, number << 8) for number, key in enumerate(keys, done))
            connection.executemany("INSERT INTO keys VALUES (?, ?)", rows)
            connection.execute("COMMIT")

        run(step, count, path)
        connection.close()


def run(step: Step, count: int, path: Path) -> None:
    """Put `count` keys through `step`, with a line at every milestone."""
    marks = [mark for mark in MILESTONES if mark < count] + [count]
    done = before = 0
    wall_s = cpu_s = 0.0
    print(f"{0:>12,} {'':>9} {'':>7} {'':>9} {'':>8} {peak_mb():>8.0f}", flush=True)
    for keys in batches(count):
        wall, cpu = time.perf_counter(), time.process_time()
        step(keys, done)
        wall_s += time.perf_counter() - wall
        cpu_s += time.process_time() - cpu
        done += len(keys)
        if done >= marks[0]:
            each = [seconds / (done - before) * MILLION for seconds in (wall_s, cpu_s)]
            size_mb = path.stat().st_size / MILLION
            print(
                f"{done:>12,} {each[0]:>9.2f} {each[1]:>7.2f} {MILLION / each[0]:>9,.0f} {size_mb:>8.0f} {peak_mb():>8.0f}",
                flush=True,
            )
            marks.pop(0)
            before, wall_s, cpu_s = done, 0.0, 0.0


def batches(count: int) -> Iterator[list[bytes]]:
    """Random keys of 16 bytes, `count` in all."""
    source = random.Random(SEED)
    for first in range(0, count, BATCH):
        raw = source.randbytes(16 * min(BATCH, count - first))
        yield [raw[at : at + 16] for at in range(0, len(raw), 16)]


def peak_mb() -> float:
    """The largest resident memory of this process so far."""
    unit_bytes = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit_bytes / MILLION


def _filesystem(folder: Path) -> str:
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except FileNotFoundError:
        return "unknown"
    above = [mount for mount in mounts if folder.resolve().is_relative_to(mount[1])]
    return max(above, key=lambda mount: len(mount[1]))[2] if above else "unknown"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="where to put the files; here by default")
    parser.add_argument("--keys", type=int, default=20 * MILLION)
    parser.add_argument("--sqlite-keys", type=int, default=2 * MILLION)
    return parser.parse_args()


if __name__ == "__main__":
    main()
