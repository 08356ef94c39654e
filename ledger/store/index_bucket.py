"""One bucket of the unique index: 1,024 bytes with a header and a checksum.

    0    checksum   4 bytes, CRC-32 of everything after it
    4    magic      2 bytes
    6    depth      1 byte, how many leading bits all its keys share
    7    count      1 byte, slots in use
    8    prefix     4 bytes, those leading bits
    12   parent     4 bytes, number of the bucket that it continues; 0 for none
    16   stems      63 × 8 bytes, the first half of each key
    520  locators   63 × 8 bytes, entry << 8 | record

Numbers are big-endian. The stems are contiguous, so one search through half a kilobyte shows whether a key is absent.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from itertools import compress

BUCKET_BYTES = 1024
CAPACITY = 63
MAX_DEPTH = 22
STEM_BYTES = 8
STEMS_AT = 16
STEMS_END = STEMS_AT + STEM_BYTES * CAPACITY
HEADER = struct.Struct(">IHBBII")
DEPTH_AT, COUNT_AT = 6, 7
MAGIC = 0x4754

_CHECKSUM = struct.Struct(">I")
_STEM = struct.Struct("8s")
_LOCATOR = struct.Struct(">Q")
_COLUMNS = [struct.Struct("8s" * count) for count in range(CAPACITY + 1)]


def blank(depth: int, prefix: int, parent: int = 0) -> bytearray:
    """An empty bucket for the keys that begin with the `depth` bits of `prefix`."""
    bucket = bytearray(BUCKET_BYTES)
    HEADER.pack_into(bucket, 0, 0, MAGIC, depth, 0, prefix, parent)
    return bucket


def place(bucket: bytes | bytearray | memoryview) -> tuple[int, int, int]:
    """Depth, prefix and parent."""
    _, _, depth, _, prefix, parent = HEADER.unpack_from(bucket)
    return depth, prefix, parent


def put(bucket: bytearray, key: bytes, locator: int) -> None:
    """Write to the next free slot; the caller must check that there is one."""
    count = bucket[COUNT_AT]
    _STEM.pack_into(bucket, STEMS_AT + STEM_BYTES * count, key)
    _LOCATOR.pack_into(bucket, STEMS_END + STEM_BYTES * count, locator)
    bucket[COUNT_AT] = count + 1


def locators(bucket: bytes, stem: bytes) -> list[int]:
    """The locators of all slots with this stem."""
    found: list[int] = []
    end = STEMS_AT + STEM_BYTES * bucket[COUNT_AT]
    at = bucket.find(stem, STEMS_AT, end)
    while at != -1:
        if (at - STEMS_AT) % STEM_BYTES == 0:  # otherwise the match spans two stems
            found += _LOCATOR.unpack_from(bucket, at - STEMS_AT + STEMS_END)
        at = bucket.find(stem, at + 1, end)
    return found


def split(bucket: bytes) -> tuple[bytearray, bytearray]:
    """Two buckets, one bit deeper, that together hold what this one holds: keys with a 0 in that bit, and those with a 1."""
    depth, prefix, _ = place(bucket)
    column = _COLUMNS[bucket[COUNT_AT]]
    stems = column.unpack_from(bucket, STEMS_AT)
    places = column.unpack_from(bucket, STEMS_END)
    byte, mask = depth // 8, 0x80 >> depth % 8
    ones = [stem[byte] & mask for stem in stems]
    zeros = [not one for one in ones]
    return (
        _filled(depth + 1, prefix * 2, compress(stems, zeros), compress(places, zeros)),
        _filled(depth + 1, prefix * 2 + 1, compress(stems, ones), compress(places, ones)),
    )


def _filled(depth: int, prefix: int, stems: Iterable[bytes], places: Iterable[bytes]) -> bytearray:
    bucket = blank(depth, prefix)
    column = b"".join(stems)
    bucket[STEMS_AT : STEMS_AT + len(column)] = column
    bucket[STEMS_END : STEMS_END + len(column)] = b"".join(places)
    bucket[COUNT_AT] = len(column) // STEM_BYTES
    return bucket


def seal(bucket: bytearray) -> bytearray:
    """The bucket, with its checksum set."""
    _CHECKSUM.pack_into(bucket, 0, zlib.crc32(memoryview(bucket)[4:]))
    return bucket


def is_bucket(page: bytes | memoryview) -> bool:
    """Whether a block is marked as a bucket and has a possible depth and prefix."""
    _, magic, depth, count, prefix, _ = HEADER.unpack_from(page)
    sound: bool = magic == MAGIC and depth <= MAX_DEPTH and count <= CAPACITY and prefix >> depth == 0
    return sound


def is_whole(page: bytes | memoryview) -> bool:
    """Whether the checksum is right."""
    checksum: int = _CHECKSUM.unpack_from(page)[0]
    return zlib.crc32(page[4:]) == checksum
