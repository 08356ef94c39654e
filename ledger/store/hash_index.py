"""The unique index: where a key of 16 random bytes may stand, for tens of millions of keys.

An extendible hash file: a block that says how much of the ledger the file covers (bucketfile.py), then buckets
(bucket.py). The directory, from the leading bits of a key to its bucket, is in memory and is made from the buckets on
open. A slot holds half a key and a place, so an answer is a list of candidates: the caller reads the entry to be exact.
For the same reason slots of entries that never were committed do no harm.

Nothing is journalled, since all of it can be made again from the entries. What must hold after a crash is only this:
the file is refused as damaged, or it holds every key of the first `covered` entries. It does:
- `sync` brings the buckets to the disk before the block that says they are there;
- a bucket of which some sectors are lost or old fails its checksum;
- every version of a bucket on the disk holds all keys of its prefix that had come at the last sync, and the versions
  that a crash leaves behind are taken only if their prefixes tile all keys, without a gap or an overlap: no half of a
  split is lost. (A split writes the new half first. Where a process ended between the two, the next finishes the split.)
A bucket of `max_depth` bits is not split but continued in another one: keys made to collide cost their maker a longer
search, and nobody memory.
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
    """The index in an open file. One process writes it; others may read it meanwhile.

    `covered` and `mark` are what the last `sync` was given; `added` counts the keys entered since then.
    """

    def __init__(self, path: Path, write: bool, capacity: int = CAPACITY, max_depth: int = MAX_DEPTH) -> None:
        """Open a file that is there. Raises StorageError, rule "unique-index", when it is missing or damaged."""
        self.path = path
        self.added = 0
        self._write = write
        self._capacity = capacity
        self._max_depth = max_depth
        self._load()

    @classmethod
    def create(cls, path: Path, capacity: int = CAPACITY, max_depth: int = MAX_DEPTH) -> HashIndex:
        """Make an empty file, in place of one that may be there, and open it for writing."""
        IndexFile.make(path)
        return cls(path, write=True, capacity=capacity, max_depth=max_depth)

    def find(self, keys: Sequence[bytes]) -> list[list[int]]:
        """For each key the locators of all slots that hold its first 8 bytes."""
        while True:
            found = self._find(keys)
            # While a reader searched, a split may have moved a key into a bucket that it did not know yet.
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
        """Enter each key at its locator. `again`: it may have been entered before, and then is not entered twice.

        Raises StorageError when the disk refuses. What was entered before that stays, and does no harm.
        """
        if again:
            present = self._find([key for key, _ in pairs])
            pairs = [pair for pair, places in zip(pairs, present, strict=True) if pair[1] not in places]
        crowded = self._add_where_room(pairs)
        while crowded:
            crowded = self._add_where_room(self._with_room(crowded))
        self.added += len(pairs)

    def _add_where_room(self, pairs: Sequence[tuple[bytes, int]]) -> list[tuple[bytes, int]]:
        """Enter all that their buckets have room for. Returns the others."""
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
        """Split the full bucket of each key, once. Keys of buckets that may not be split are entered here; returns the others."""
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
        """Enter one key, and make room for it first if there is none."""
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
        """Split the full bucket, or continue it in another one if it may not be split."""
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
        """Return when all that was added is on the disk, and the file says that it holds the first `covered` entries.

        `mark` is 32 bytes that name the history of those entries. Raises StorageError; then no later sync of this process
        succeeds.
        """
        self._file.sync(covered, mark)
        self.covered, self.mark, self.added = covered, mark, 0

    def hold(self) -> None:
        """Say to readers, as long as this process has the file open, that it holds every key that was committed."""
        self._file.hold()

    def holds(self, size: int) -> bool:
        """Whether the file is known to hold the keys of the first `size` entries, by its mark or by a living writer."""
        self._has_grown()
        for _ in range(2):  # a writer may end, and move the mark on, between the two questions
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
        """Take in the buckets that are new in the file, and those that a writer adds meanwhile."""
        while self._count < (count := self._file.block_count()):
            for page in self._file.read_from(self._count, count):
                # A reader may see a bucket while it is written: then the sum is wrong, but not the place.
                if not is_bucket(page) or (self._write and not is_whole(page)):
                    raise self._file.damage(f"is not whole at bucket {self._count}")
                self._directory.enrol(self._count, *place(page))
                self._count += 1

    def _has_grown(self) -> bool:
        """Whether there is more to search than was known; a reader then knows it."""
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
    """The positions of the keys as their buckets lie in the file.

    So a bucket is read, changed and written while the processor has it at hand: half the cost of any other order.
    """
    return sorted(range(len(numbers)), key=numbers.__getitem__)
