"""Facts about single gifts, on disk, so that memory use does not grow with their number (books §5).

All three classes write to a temporary folder and read it once at the end. While the log is read, only leaf hashes are looked up one
by one, by index.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from pathlib import Path
from tempfile import TemporaryFile

from ..canonical import JsonObject, encode, parse
from ..log.merkle import HASH_BYTES
from .examine import FINGERPRINT_BYTES

PARTITIONS = 64
PER_PARTITION = 256 // PARTITIONS
FLUSH_BYTES = 1 << 20
# How many bytes of claims are sorted at once.
RUN_BYTES = 16 << 20
RECENT = 4096


class LeafHashes:
    """Every leaf hash, 32 bytes each in a file; the last 4,096 are also in memory, because most statements are bound to a recent
    entry. If the folder has some already, new ones are appended."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "leaves").open("a+b")
        self.size = self._file.tell() // HASH_BYTES
        last = os.pread(self._file.fileno(), RECENT * HASH_BYTES, max(0, self.size - RECENT) * HASH_BYTES)
        self._recent = deque((last[at : at + HASH_BYTES] for at in range(0, len(last), HASH_BYTES)), maxlen=RECENT)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Append the hashes of the entries from `size` on."""
        self._file.write(b"".join(leaves))
        self._recent.extend(leaves)
        self.size += len(leaves)

    def get(self, index: int) -> bytes:
        """The hash of an entry below `size`."""
        back = self.size - index
        if back <= len(self._recent):
            return self._recent[-back]
        self._file.flush()
        return os.pread(self._file.fileno(), HASH_BYTES, index * HASH_BYTES)

    def flush(self) -> None:
        """Write what is in memory to the file."""
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Keys:
    """The 8-byte fingerprints of unique keys, in up to 64 files by their first bits; each file fits in memory when it is read.
    Those of a small ledger stay in memory, without any file.

    Their places are not kept. A caller that finds a fingerprint more often than the records say which it knows to repeat a key must
    read the log again, which is rare, because then the log broke the rule."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"keys-{part}" for part in range(PARTITIONS)]
        self._waiting = [bytearray() for _ in range(PARTITIONS)]
        self._waiting_bytes = 0

    def add(self, fingerprints: bytes) -> None:
        """Add fingerprints: ascending, concatenated."""
        first = fingerprints[::FINGERPRINT_BYTES]
        start = 0
        while start < len(first):
            part = first[start] // PER_PARTITION
            end = bisect_left(first, (part + 1) * PER_PARTITION, start)
            self._waiting[part] += fingerprints[start * FINGERPRINT_BYTES : end * FINGERPRINT_BYTES]
            start = end
        self._waiting_bytes += len(fingerprints)
        if self._waiting_bytes >= FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is in memory to the files."""
        for path, waiting in zip(self._paths, self._waiting, strict=True):
            if waiting:
                with path.open("ab") as file:
                    file.write(waiting)
                waiting.clear()
        self._waiting_bytes = 0

    def repeated(self) -> dict[bytes, int]:
        """Every fingerprint that occurs more than once, and how often."""
        found: dict[bytes, int] = {}
        for path, waiting in zip(self._paths, self._waiting, strict=True):
            raw = (path.read_bytes() if path.exists() else b"") + waiting
            prints = [raw[at : at + FINGERPRINT_BYTES] for at in range(0, len(raw), FINGERPRINT_BYTES)]
            if len(set(prints)) < len(prints):
                found.update({one: times for one, times in Counter(prints).items() if times > 1})
        return found


class Claims:
    """Claims about earlier records, in one file, in the order in which they were made. At the end they are sorted: a few MiB at a
    time in memory, into runs on disk that are then merged."""

    def __init__(self, folder: Path, run_bytes: int = RUN_BYTES) -> None:
        self._folder, self._run_bytes = folder, run_bytes
        self._file = (folder / "claims").open("a+b")

    def add(self, entry: int, record: int, by_entry: int, by_record: int, facts: JsonObject) -> None:
        """Add a claim of record `by_entry.by_record` about `entry.record`."""
        self._file.write(encode([entry, record, by_entry, by_record, facts]) + b"\n")

    def flush(self) -> None:
        """Write what is in memory to the file."""
        self._file.flush()

    def in_order(self) -> Iterator[tuple[int, int, int, int, dict[str, object]]]:
        """Every claim, by the record it is about, then by when it was made."""
        self._file.seek(0)
        with ExitStack() as open_files:
            runs = []
            while lines := self._file.readlines(self._run_bytes):
                run = open_files.enter_context(TemporaryFile(dir=self._folder))
                ordered: list[bytes] = sorted(lines, key=_order)
                run.writelines(ordered)
                run.seek(0)
                runs.append(run)
            for line in merge(*runs, key=_order):
                yield tuple(parse(line[:-1]))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _order(line: bytes) -> list[int]:
    place: list[int] = parse(line[:-1])[:4]
    return place
