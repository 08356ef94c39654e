"""Facts about single gifts, on disk: memory stays flat however many there are (books §5).

All three write to a temporary folder and read it once at the end. Nothing here is looked up one by one while the log is read,
except leaf hashes by their index.
"""

from __future__ import annotations

import os
import struct
from collections import deque
from collections.abc import Iterable, Iterator
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
        self._written: set[Path] = set()

    def add(self, keys: Iterable[tuple[int, str]], entry: int) -> None:
        """Keep the fingerprints of an entry's keys (record, key), and where they stand."""
        waiting, pack, entry_bits = self._waiting, PLACE.pack, entry << 8
        for record, key in keys:
            fingerprint = hash(key)
            part = waiting[fingerprint % PARTITIONS]
            part += pack(fingerprint, entry_bits | record)
            if len(part) >= FLUSH_BYTES:
                self._flush(fingerprint % PARTITIONS)

    def _flush(self, number: int) -> None:
        with self._paths[number].open("ab") as file:
            file.write(self._waiting[number])
        self._written.add(self._paths[number])
        self._waiting[number].clear()

    def repeated(self) -> Iterator[list[tuple[int, int]]]:
        """The places (entry, record), ascending, of every fingerprint that stands more than once."""
        for path, waiting in zip(self._paths, self._waiting, strict=True):
            raw = (path.read_bytes() if path in self._written else b"") + waiting
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
        self._parts: set[int] = set()

    def add(self, entry: int, record: int, by_entry: int, by_record: int, kind: str, facts: dict) -> None:
        """Keep a claim of record `by_entry.by_record`, of a kind, about `entry.record`."""
        part = entry * PARTITIONS // self._tree_size
        self._parts.add(part)
        with (self._folder / f"claims-{part}").open("ab") as file:
            file.write(encode([entry, record, by_entry, by_record, kind, facts]) + b"\n")

    def in_order(self) -> Iterator[tuple[int, int, int, int, str, dict]]:
        """Every claim, by the record it is about, then by when it was made."""
        for part in sorted(self._parts):
            lines = (self._folder / f"claims-{part}").read_bytes().splitlines()
            yield from sorted((tuple(parse(line)) for line in lines), key=lambda claim: claim[:4])
