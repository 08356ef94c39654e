"""The checksum of a row, so that a row that the disk has changed since it was written is never trusted.

    (value₀ · weight₀ + value₁ · weight₁ + …) mod 2³¹ − 1

where the value of a text or a blob is its CRC-32. SQLite can compute it too, so whole tables are checked without loading their rows
into Python. A flipped bit in a number always changes the sum: it changes by ±2ⁱ · weight, which the prime 2³¹ − 1 does not divide,
because it divides neither 2ⁱ nor the smaller weight. Other damage goes unnoticed once in 2³¹ times. The checksum does not protect
against a forger, who can write checksums too; the hashes of the entries do.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

PRIME = 2**31 - 1
# One for each column in order: different primes below 2^16, so that no sum overflows SQLite's 64-bit integers.
WEIGHTS = (10007, 20011, 30011, 40009, 50021, 60013, 65003)
COLUMN = "checksum"
CRC = "crc32"
"""The name under which a connection knows `zlib.crc32`."""


def summer(columns: Mapping[str, type]) -> Callable[[Sequence[object]], int]:
    """A function that gives the checksum of a row of these columns."""
    parts = [(weight, _VALUES[kind]) for weight, kind in zip(WEIGHTS, columns.values(), strict=False)]

    def checksum(row: Sequence[Any]) -> int:
        sums = [weight * (value if crc is None else crc(value)) for value, (weight, crc) in zip(row, parts, strict=True)]
        return sum(sums) % PRIME

    return checksum


def expression(columns: Mapping[str, type], crc: Mapping[str, str] | None = None) -> str:
    """The same in SQL. It is NULL if a column holds a value of another type. For columns whose CRC-32 is already available, `crc`
    gives its name."""
    at_hand = {} if crc is None else crc
    parts = [
        f"{at_hand[name]} * {weight}" if name in at_hand else _SQL[kind].format(name=name, weight=weight)
        for weight, (name, kind) in zip(WEIGHTS, columns.items(), strict=False)
    ]
    return f"({' + '.join(parts)}) % {PRIME}"


def _of_text(text: str) -> int:
    return zlib.crc32(text.encode())


_VALUES: dict[type, Callable[[Any], int] | None] = {int: None, str: _of_text, bytes: zlib.crc32}
# As bytes, because damaged text need not be UTF-8.
OF_TEXT = CRC + "(CAST({name} AS BLOB))"
_BYTES = "CASE typeof({name}) WHEN '%s' THEN " + OF_TEXT + " END * {weight}"
_SQL = {int: "{name} % " + str(PRIME) + " * {weight}", str: _BYTES % "text", bytes: _BYTES % "blob"}
