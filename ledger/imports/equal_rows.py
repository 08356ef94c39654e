"""Which rows of a file are equal. Digests are sorted on disk, so memory use does not grow with the file."""

from __future__ import annotations

import hashlib
import heapq
import os
import struct
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

from ..errors import StorageError

CHUNK = 1 << 15
PAGE = 256
DIGEST_BYTES = 16
PLACE = struct.Struct(">Q")
REPEAT = struct.Struct(">QQQ")


class Repeat(NamedTuple):
    """Row `row` is number `number` (from 2) of the rows that are equal to row `first`."""

    row: int
    number: int
    first: int


class Spill:
    """Byte strings of one width, returned in order as often as needed. Up to `chunk` stay in memory, the others are in an unnamed
    temporary file."""

    def __init__(self, width: int, chunk: int = CHUNK) -> None:
        self._width, self._most = width, chunk
        self._chunk: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._runs = 0

    def add(self, items: Iterable[bytes]) -> None:
        """Add items. Raises StorageError if the disk cannot store them."""
        for item in items:
            self._chunk.append(item)
            if len(self._chunk) == self._most:
                self._spill()

    def _spill(self) -> None:
        self._chunk.sort()
        try:
            self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115 (`close` closes it)
            self._file.write(b"".join(self._chunk))
            self._file.flush()
        except OSError as error:
            raise StorageError(
                f"temporary file: cannot be written: {error.strerror}; free space in {tempfile.gettempdir()}", rule="storage"
            ) from None
        self._chunk = []
        self._runs += 1

    def __iter__(self) -> Iterator[bytes]:
        self._chunk.sort()
        return heapq.merge(*map(self._run, range(self._runs)), self._chunk) if self._runs else iter(self._chunk)

    def _run(self, run: int) -> Iterator[bytes]:
        step = self._width * PAGE
        start, end = run * self._most * self._width, (run + 1) * self._most * self._width
        assert self._file is not None, "a run is in the file"
        for at in range(start, end, step):
            page = os.pread(self._file.fileno(), min(step, end - at), at)
            yield from [page[i : i + self._width] for i in range(0, len(page), self._width)]

    def close(self) -> None:
        """Close the temporary file."""
        if self._file is not None:
            self._file.close()


def _place(item: bytes) -> int:
    place: int = PLACE.unpack_from(item, DIGEST_BYTES)[0]
    return place


class EqualRows:
    """Collects the content of every row in a first reading; then knows which rows repeat an earlier one."""

    def __init__(self, chunk: int = CHUNK) -> None:
        self._digests = Spill(DIGEST_BYTES + PLACE.size, chunk)
        self._repeats = Spill(REPEAT.size, chunk)
        self.count = 0

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Add rows: ascending numbers, each with the content of its row."""
        digest, place = hashlib.blake2b, PLACE.pack
        self._digests.add([digest(says.encode(), digest_size=DIGEST_BYTES).digest() + place(row) for row, says in rows])

    def settle(self) -> None:
        """Called after every row was added: find the repeats, and count them."""
        last, first, number = b"", b"", 1
        for item in self._digests:
            digest = item[:DIGEST_BYTES]
            if digest != last:
                last, first, number = digest, item, 1
            else:
                number += 1
                self.count += 1
                self._repeats.add([REPEAT.pack(_place(item), number, _place(first))])
        self._digests.close()

    def repeats(self) -> Iterator[Repeat]:
        """The rows that repeat an earlier one, in order."""
        return (Repeat(*REPEAT.unpack(item)) for item in self._repeats)

    def close(self) -> None:
        """Close the temporary files."""
        self._digests.close()
        self._repeats.close()
