"""Facts about single gifts, on disk: memory stays flat however many there are (books §5).

All three write to a temporary folder and read it once at the end. Nothing here is looked up one by one while the log is read,
except leaf hashes by their index.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..canonical import encode, parse
from ..log.merkle import HASH_BYTES
from .examine import FINGERPRINT_BYTES

PARTITIONS = 64
PER_PARTITION = 256 // PARTITIONS
FLUSH_BYTES = 1 << 20
CLAIMED_TOGETHER = 65_536
RECENT = 4096


class LeafHashes:
    """Every leaf hash, 32 bytes each in a file, the last 4,096 also in memory: most statements are bound to a recent entry. A
    folder that holds some already goes on from there."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "leaves").open("a+b")
        self.size = self._file.tell() // HASH_BYTES
        last = os.pread(self._file.fileno(), RECENT * HASH_BYTES, max(0, self.size - RECENT) * HASH_BYTES)
        self._recent = deque((last[at : at + HASH_BYTES] for at in range(0, len(last), HASH_BYTES)), maxlen=RECENT)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Keep the hashes of the entries from `size` on."""
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
        """Write what waits in memory."""
        self._file.flush()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class Keys:
    """Fingerprints, of 8 bytes, of what may exist once, in 64 files by their first bits; each file fits in memory when it is read.

    Where they stand is not kept: whoever finds one twice reads the log again, which only a log that broke the rule makes
    necessary."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"keys-{part}" for part in range(PARTITIONS)]
        self._waiting = [bytearray() for _ in range(PARTITIONS)]
        self._waiting_bytes = 0

    def add(self, fingerprints: bytes) -> None:
        """Keep fingerprints, ascending, one behind the other."""
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
        """Write what waits in memory."""
        for path, waiting in zip(self._paths, self._waiting, strict=True):
            with path.open("ab") as file:
                file.write(waiting)
            waiting.clear()
        self._waiting_bytes = 0

    def repeated(self) -> set[bytes]:
        """Every fingerprint that stands more than once."""
        self.flush()
        found: set[bytes] = set()
        for path in self._paths:
            raw = path.read_bytes()
            prints = [raw[at : at + FINGERPRINT_BYTES] for at in range(0, len(raw), FINGERPRINT_BYTES)]
            if len(set(prints)) < len(prints):
                found.update(one for one, times in Counter(prints).items() if times > 1)
        return found


class Claims:
    """Claims about earlier records, in files by the part of the log they are about, so that the records are read in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts = {int(path.name.partition("-")[2]) for path in folder.glob("claims-*")}

    def add(self, entry: int, record: int, by_entry: int, by_record: int, kind: str, facts: dict) -> None:
        """Keep a claim of record `by_entry.by_record`, of a kind, about `entry.record`."""
        part = entry // CLAIMED_TOGETHER
        self._parts.add(part)
        with (self._folder / f"claims-{part}").open("ab") as file:
            file.write(encode([entry, record, by_entry, by_record, kind, facts]) + b"\n")

    def in_order(self) -> Iterator[tuple[int, int, int, int, str, dict]]:
        """Every claim, by the record it is about, then by when it was made."""
        for part in sorted(self._parts):
            lines = (self._folder / f"claims-{part}").read_bytes().splitlines()
            yield from sorted((tuple(parse(line)) for line in lines), key=lambda claim: claim[:4])
