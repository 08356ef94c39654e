"""The unique index: for each key of 16 random bytes, the places that may hold it; for tens of millions of keys.

It is an extendible hash file: a block that says how much of the ledger the file covers (index_file.py), then buckets
(index_bucket.py). The map from the leading bits of a key to its bucket is in memory and is made from the buckets when the file is
opened. A slot holds half a key and a place, so an answer is a list of candidates, and the caller must read each entry to be sure.
For the same reason, slots of entries that were never committed are harmless.

There is no journal, because everything here can be made again from the entries. After a crash only this must hold: the file holds
every key of the first `covered` entries, or it is refused as damaged. It holds because:
- `sync` writes the buckets to the disk before the block that says so;
- a bucket with lost or old sectors fails its checksum;
- every version of a bucket on the disk holds all keys of its prefix as of the last sync, and the versions that a crash leaves are
  accepted only if their prefixes cover all keys without a gap or an overlap. So no half of a split can be lost. (A split writes the
  new half first. If a process ends between the two writes, the next one finishes the split.)

A bucket of `max_depth` bits is not split but continued in another one. So keys that are made to collide cost a longer search for
those keys, and no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import StorageError
from .index_bucket import (
    CAPACITY,
    COUNT_AT,
    MAX_DEPTH,
    STEM_BYTES,
    STEMS_AT,
    STEMS_END,
    blank,
    is_bucket,
    is_whole,
    locators,
    place,
    put,
    seal,
    split,
)
from .index_file import IndexFile
from .index_map import KEY_BITS, LEADING, IndexMap


class HashIndex:
    """The index in an open file. One process writes it; others may read it at the same time.

    `covered` and `mark` are the arguments of the last `sync`; `added` counts the keys entered since then.
    """

    def __init__(self, path: Path, write: bool, capacity: int = CAPACITY, max_depth: int = MAX_DEPTH) -> None:
        """Open an existing file. Raises StorageError, rule "unique-index", if it is missing or damaged."""
        self.path = path
        self.added = 0
        self._write = write
        self._capacity = capacity
        self._max_depth = max_depth
        self._load()

    @classmethod
    def create(cls, path: Path, capacity: int = CAPACITY, max_depth: int = MAX_DEPTH) -> HashIndex:
        """Make an empty file, replacing one that exists, and open it for writing."""
        IndexFile.make(path)
        return cls(path, write=True, capacity=capacity, max_depth=max_depth)

    def find(self, keys: Sequence[bytes]) -> list[list[int]]:
        """For each key, the locators of all slots that hold its first 8 bytes."""
        while True:
            found = self._find(keys)
            # During the search, a split may have moved a key into a bucket that this reader did not know yet.
            if self._write or not self._has_grown():
                return found

    def _find(self, keys: Sequence[bytes]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in keys]
        numbers, read, chained = self._numbers(keys), self._file.read, self._directory.chained
        present, page = 0, b""
        for position in _file_order(numbers):
            number = numbers[position]
            if number != present:
                present, page = number, read(number)
            stem = keys[position][:STEM_BYTES]
            if page.find(stem, STEMS_AT, STEMS_END) != -1 or number in chained:
                found[position] = self._locators(number, page, stem)
        return found

    def _locators(self, number: int, page: bytes, stem: bytes) -> list[int]:
        found = locators(page, stem)
        while following := self._directory.chained.get(number):
            number = following
            found += locators(self._file.read(number), stem)
        return found

    def _numbers(self, keys: Sequence[bytes]) -> list[int]:
        cells, shift, leading = self._directory.cells, self._directory.shift, LEADING.unpack_from
        numbers = [cells[leading(key)[0] >> shift] for key in keys]
        if 0 in numbers:
            raise self._file.damage("has lost buckets")
        return numbers

    def add(self, pairs: Sequence[tuple[bytes, int]], again: bool = False) -> None:
        """Enter each key with its locator. With `again`, a key that was entered before is not entered twice.

        Raises StorageError if the disk refuses. Keys that were already entered stay, which is harmless.
        """
        if again:
            present = self._find([key for key, _ in pairs])
            pairs = [pair for pair, places in zip(pairs, present, strict=True) if pair[1] not in places]
        crowded = self._add_where_room(pairs)
        while crowded:
            crowded = self._add_where_room(self._with_room(crowded))
        self.added += len(pairs)

    def _add_where_room(self, pairs: Sequence[tuple[bytes, int]]) -> list[tuple[bytes, int]]:
        """Enter every key whose bucket has room. Returns the others."""
        crowded: list[tuple[bytes, int]] = []
        numbers = self._numbers([key for key, _ in pairs])
        capacity, read, write = self._capacity, self._file.read, self._file.write
        present, page = 0, bytearray()
        for position in _file_order(numbers):
            if numbers[position] != present:
                if present:
                    write(present, seal(page))
                present = numbers[position]
                page = bytearray(read(present))
            if page[COUNT_AT] < capacity:
                put(page, *pairs[position])
            else:
                crowded.append(pairs[position])
        if present:
            write(present, seal(page))
        return crowded

    def _with_room(self, pairs: Sequence[tuple[bytes, int]]) -> list[tuple[bytes, int]]:
        """Split the full bucket of each key once. Keys of buckets that must not be split are entered here; returns the others."""
        numbers, chained, left = self._numbers([key for key, _ in pairs]), self._directory.chained, []
        extended: set[int] = set()
        for number, pair in zip(numbers, pairs, strict=True):
            if number in chained:
                self._add_with_room(*pair)
                continue
            if number not in extended:
                extended.add(number)
                self._extend(number, self._file.read(number))
            left.append(pair)
        return left

    def _add_with_room(self, key: bytes, locator: int) -> None:
        """Enter one key, making room for it first if there is none."""
        number = self._directory.at(key)
        page = self._file.read(number)
        while page[COUNT_AT] >= self._capacity:
            if number not in self._directory.chained:
                self._extend(number, page)
                number = self._directory.at(key)
            else:
                number = self._directory.chained[number]
            page = self._file.read(number)
        roomy = bytearray(page)
        put(roomy, key, locator)
        self._file.write(number, seal(roomy))

    def _extend(self, number: int, page: bytes) -> None:
        """Split the full bucket, or continue it in another one if it must not be split."""
        depth, prefix, _ = place(page)
        if depth < self._max_depth:
            left, right = split(page)
            self._file.write(self._count, seal(right))
            self._file.write(number, seal(left))
            self._directory.point(self._count, *place(right)[:2])
        else:
            self._file.write(self._count, seal(blank(depth, prefix, parent=number)))
            self._directory.chained[number] = self._count
        self._count += 1

    def sync(self, covered: int, mark: bytes) -> None:
        """On return, everything that was added is on the disk, and the file says that it holds the first `covered` entries.

        `mark` is 32 bytes that identify the history of those entries. Raises StorageError; after that, every later sync of this
        process fails.
        """
        self._file.sync(covered, mark)
        self.covered, self.mark, self.added = covered, mark, 0

    def hold(self) -> None:
        """Tell readers, while this process has the file open, that it holds every committed key."""
        self._file.hold()

    def holds(self, size: int) -> bool:
        """Whether the file is known to hold the keys of the first `size` entries, by its mark or because a live writer holds it."""
        self._has_grown()
        for _ in range(2):  # between the two checks a writer may end and advance the mark
            self.covered, self.mark = self._file.cover()
            if self.covered >= size or self._file.is_held():
                return True
        return False

    def close(self) -> None:
        """Close the file. What was added since the last `sync` is not covered."""
        self._file.close()

    def _load(self) -> None:
        self._file = IndexFile(self.path, self._write)
        try:
            self.covered, self.mark = self._file.cover()
            self._directory, self._count = IndexMap(), 1
            self._enrol()
            if self._write and self._count > 1:
                self._finish_split()
            if self._write and not self._directory.tiles_exactly():
                raise self._file.damage("has lost buckets")
        except StorageError:
            self._file.close()
            raise

    def _enrol(self) -> None:
        """Add the file's new buckets to the map, including those that a writer adds meanwhile."""
        while self._count < (count := self._file.block_count()):
            for page in self._file.read_from(self._count, count):
                # A reader may see a half-written bucket: then its checksum is wrong, but its prefix is right.
                if not is_bucket(page) or (self._write and not is_whole(page)):
                    raise self._file.damage(f"is not whole at bucket {self._count}")
                self._directory.enrol(self._count, *place(page))
                self._count += 1

    def _has_grown(self) -> bool:
        """Whether there was more to search than this reader knew; it knows it now."""
        if self._file.is_replaced():
            self._file.close()
            self._load()
            return True
        known = self._count
        self._enrol()
        return self._count > known

    def _finish_split(self) -> None:
        """Write the second bucket of a split of which the last process wrote only the first."""
        depth, prefix, parent = place(self._file.read(self._count - 1))
        other = self._directory.sibling(depth, prefix)
        if parent or not other:
            return
        page = self._file.read(other)
        if place(page)[:2] == (depth - 1, prefix >> 1):
            self._file.write(other, seal(split(page)[0]))
            self._directory.space -= 1 << (KEY_BITS - depth)


def _file_order(numbers: list[int]) -> list[int]:
    """The positions of the keys, in the order of their buckets in the file.

    So a bucket is read, changed and written while it is in the processor's cache, at half the cost of any other order.
    """
    return sorted(range(len(numbers)), key=numbers.__getitem__)
