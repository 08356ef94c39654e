"""Facts about single gifts, on disk: memory stays flat however many there are (books §5).

All three write to a temporary folder and read it once at the end. Nothing here is looked up one by one while the log is read,
except leaf hashes by their index.
"""

from __future__ import annotations

import os
import struct
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from ..canonical import encode, parse

HASH_BYTES = 32
PARTITIONS = 64
PLACE = struct.Struct("<qQ")
FLUSH_BYTES = 16_384
RECENT = 4096


class LeafHashes:
    """Every leaf hash, 32 bytes each in a file, the last 4,096 also in memory: most statements are bound to a recent entry."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "leaves").open("w+b")
        self._recent: deque[bytes] = deque(maxlen=RECENT)
        self.size = 0

    def append(self, leaf: bytes) -> None:
        """Keep the hash of entry `size`."""
        self._file.write(leaf)
        self._recent.append(leaf)
        self.size += 1

    def get(self, index: int) -> bytes:
        """The hash of an entry below `size`."""
        back = self.size - index
        if back <= len(self._recent):
            return self._recent[-back]
        self._file.flush()
        return os.pread(self._file.fileno(), HASH_BYTES, index * HASH_BYTES)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class Keys:
    """Fingerprints of what may exist once, in 64 files by their first bits; each file fits in memory when it is searched.

    A fingerprint is Python's own hash of the key, 64 bits under a secret of this process: whoever made the log cannot aim at it,
    and who reads `repeated` compares the keys themselves."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"keys-{part}" for part in range(PARTITIONS)]
        self._waiting = [bytearray() for _ in range(PARTITIONS)]

    def add(self, key: str, entry: int, record: int) -> None:
        """Keep the fingerprint of a key and the place that has it."""
        fingerprint = hash(key)
        part = self._waiting[fingerprint % PARTITIONS]
        part += PLACE.pack(fingerprint, entry << 8 | record)
        if len(part) >= FLUSH_BYTES:
            self._flush(fingerprint % PARTITIONS)

    def _flush(self, number: int) -> None:
        with self._paths[number].open("ab") as file:
            file.write(self._waiting[number])
        self._waiting[number].clear()

    def repeated(self) -> Iterator[list[tuple[int, int]]]:
        """The places (entry, record), ascending, of every fingerprint that stands more than once."""
        for number, path in enumerate(self._paths):
            self._flush(number)
            raw = path.read_bytes()
            fingerprints = [raw[at : at + 8] for at in range(0, len(raw), PLACE.size)]
            if len(set(fingerprints)) == len(fingerprints):
                continue
            places: dict[int, list[tuple[int, int]]] = {}
            for fingerprint, place in PLACE.iter_unpack(raw):
                places.setdefault(fingerprint, []).append((place >> 8, place & 255))
            yield from (sorted(found) for found in places.values() if len(found) > 1)


class Claims:
    """Claims about earlier records, in files by the part of the log they are about, so that the records are read in order."""

    def __init__(self, folder: Path, tree_size: int) -> None:
        self._folder, self._tree_size = folder, max(1, tree_size)

    def add(self, entry: int, record: int, by_entry: int, by_record: int, kind: str, facts: dict) -> None:
        """Keep a claim of record `by_entry.by_record`, of a kind, about `entry.record`."""
        part = self._folder / f"claims-{entry * PARTITIONS // self._tree_size}"
        with part.open("ab") as file:
            file.write(encode([entry, record, by_entry, by_record, kind, facts]) + b"\n")

    def in_order(self) -> Iterator[tuple[int, int, int, int, str, dict]]:
        """Every claim, by the record it is about, then by when it was made."""
        for part in range(PARTITIONS):
            path = self._folder / f"claims-{part}"
            if path.exists():
                yield from sorted((tuple(parse(line)) for line in path.read_bytes().splitlines()), key=lambda claim: claim[:4])
