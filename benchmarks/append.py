"""The cost of importing gifts: `python benchmarks/append.py [GIFTS] [--memory]`.

It compares, in one run and on the same disk, the import of a CSV of N gifts (statements of 64) with the bare minimum for the same
bytes: decode each entry, hash it, verify its one signature, look up and enter a digest of every reference in the unique index (a
set in memory would not be durable, and would grow too large), and insert it into SQLite with the same pragmas and group size.
`--memory` adds the peak memory of an import at 100 thousand and at 1 million gifts.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import orjson

from benchmarks.ledger_of import fill, write_gifts
from benchmarks.machine import cost, machine, peak_mb
from cli.main import collect_less
from ledger.canonical import from_base64
from ledger.entries.statement import pae
from ledger.log.key import verify_statement_signature
from ledger.store.hash_index import HashIndex

GROUP = 128
LEDGER_OF = str(Path(__file__).with_name("ledger_of.py"))


def stored(directory: Path) -> list[bytes]:
    """The entry bytes of a ledger."""
    from ledger.directory.source import DirectorySource

    source = DirectorySource(directory)
    from ledger.log.checkpoint import parse_checkpoint
    from ledger.log.note import parse_note

    size = parse_checkpoint(parse_note(source.checkpoint()).text).tree_size
    return list(source.entries(0, size))


def bare(entries: list[bytes], folder: Path) -> None:
    """The minimum: the same bytes, and only the steps that no design can leave out."""
    database = sqlite3.connect(folder / "bare.sqlite")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entry (position INTEGER PRIMARY KEY, raw BLOB) STRICT")
    unique = HashIndex.create(folder / "bare.index")
    for first in range(0, len(entries), GROUP):
        rows, pairs = [], []
        for position, raw in enumerate(entries[first : first + GROUP], first):
            entry = orjson.loads(raw)
            _check(entry)
            pairs += [(_digest(record), position << 8 | n) for n, record in enumerate(entry["statement"]["records"])]
            rows.append((position, raw, hashlib.sha256(b"\0" + raw).digest()))
        unique.find([digest for digest, _ in pairs])
        unique.add(pairs)
        with database:
            database.executemany("INSERT INTO entry VALUES (?, ?)", [row[:2] for row in rows])
    database.close()
    unique.close()


def _check(entry: dict) -> None:
    message = pae(orjson.dumps(entry["statement"]))
    for one in entry["signatures"]:
        verify_statement_signature(from_base64(one["key"], 32), from_base64(one["sig"], 64), message)


def _digest(record: dict) -> bytes:
    return hashlib.blake2b(record.get("channel_ref", "").encode(), digest_size=16).digest()


def run(gifts: int, folder: Path) -> None:
    """Both, alternating, three times; the best of each."""
    csv = folder / "gifts.csv"
    write_gifts(csv, gifts)
    ours, bound = [], []
    for turn in range(3):
        directory = folder / f"ledger-{turn}"
        ours.append(cost(lambda d=directory: fill(d, csv)))
        entries = stored(directory)
        bound.append(cost(lambda e=entries: bare(e, folder)))
        (folder / "bare.sqlite").unlink()
        (folder / "bare.index").unlink()
        shutil.rmtree(directory)
    print(min(ours).row("import", gifts, min(bound)))
    print(min(bound).row("bound", gifts, min(bound)))


def memory(folder: Path) -> None:
    """The peak memory of an import in a process of its own."""
    peaks = [peak_mb([LEDGER_OF, str(folder / f"memory-{gifts}"), str(gifts)])[0] for gifts in (100_000, 1_000_000)]
    print(f"memory   {peaks[0]:.0f} MB at 100,000 gifts, {peaks[1]:.0f} MB at 1,000,000: {peaks[1] / peaks[0]:.2f}")


if __name__ == "__main__":
    collect_less()
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as name:
        os.environ["GIVETRAIL_STATE"] = str(Path(name) / "state")
        print(machine())
        run((numbers or [100_000])[0], Path(name))
        if "--memory" in sys.argv:
            memory(Path(name))
