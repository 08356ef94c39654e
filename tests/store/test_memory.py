"""Memory does not grow with the ledger."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Appends entries of 20 kB with 60 keys each, opens the ledger again as if its index had been lost, and reads all.
PROGRAM = """
import sys
from pathlib import Path
from ledger.store.protocol import Batch
from ledger.store.sqlite import SqliteStore
from tests.store.sample import key

def keys_of(raw, index):
    return [(key(index, record), record) for record in range(60)]

directory, count = Path(sys.argv[1]), int(sys.argv[2])
with SqliteStore.create(directory, keys_of=keys_of) as store:
    for first in range(0, count, 100):
        indexes = range(first, first + 100)
        keys = [(digest, index, record) for index in indexes for digest, record in keys_of(b"", index)]
        flows = [("tape", "-", index, index + 1, index, 0) for index in indexes]
        store.append(Batch(first, [b"%20000d" % index for index in indexes], flows=flows, keys=keys))
(directory / "unique.index").unlink()
with SqliteStore.open(directory, write=True, keys_of=keys_of) as store:
    assert sum(map(len, store.entries(0, count))) == 20000 * count
    store.check()
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def peak_kb(directory: Path, count: int) -> int:
    command = [sys.executable, "-c", PROGRAM, str(directory), str(count)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(done.stdout)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak of one process")
def test_memory_is_flat(tmp_path: Path):
    small, large = (peak_kb(tmp_path / str(count), count) for count in (2000, 8000))
    assert large < small + 8_000
    assert large < 80_000
