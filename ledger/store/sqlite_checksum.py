"""The checksum of a row: no row is believed that the disk has changed since it was written.

    (value₀ · weight₀ + value₁ · weight₁ + …) mod 2³¹ − 1

where a text or a blob counts by its CRC-32. SQLite can say it too, so that whole tables are checked without bringing their rows
into Python. Whatever single bit of a number flips, the sum is another one: it moves by ±2ⁱ · weight, and no prime but 2 divides
2ⁱ, nor does this prime divide a smaller weight. Other damage passes once in 2³¹ times. It is no protection from a forger, who can
write sums too: what holds against him are the hashes of the entries.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

PRIME = 2**31 - 1
# Of the columns in order, each another prime below 2^16: then no sum of them leaves the 64 bits of SQLite's integers.
WEIGHTS = (10007, 20011, 30011, 40009, 50021, 60013, 65003)
COLUMN = "checksum"
CRC = "crc32"
"""The name under which a connection knows `zlib.crc32`."""


def summer(columns: Mapping[str, type]) -> Callable[[Sequence[object]], int]:
    """What gives the checksum of a row of these columns."""
    parts = [(weight, _VALUES[kind]) for weight, kind in zip(WEIGHTS, columns.values(), strict=False)]

    def checksum(row: Sequence[Any]) -> int:
        sums = [weight * (value if crc is None else crc(value)) for value, (weight, crc) in zip(row, parts, strict=True)]
        return sum(sums) % PRIME

    return checksum


def expression(columns: Mapping[str, type], crc: Mapping[str, str] | None = None) -> str:
    """The same in SQL. It is NULL where a column holds what is not of its type. `crc` says of columns what their CRC-32 is called
    where it is at hand."""
    at_hand = {} if crc is None else crc
    parts = [
        f"{at_hand[name]} * {weight}" if name in at_hand else _SQL[kind].format(name=name, weight=weight)
        for weight, (name, kind) in zip(WEIGHTS, columns.items(), strict=False)
    ]
    return f"({' + '.join(parts)}) % {PRIME}"


def _of_text(text: str) -> int:
    return zlib.crc32(text.encode())


_VALUES: dict[type, Callable[[Any], int] | None] = {int: None, str: _of_text, bytes: zlib.crc32}
# As bytes, for a text that is damaged need not be UTF-8.
OF_TEXT = CRC + "(CAST({name} AS BLOB))"
_BYTES = "CASE typeof({name}) WHEN '%s' THEN " + OF_TEXT + " END * {weight}"
_SQL = {int: "{name} % " + str(PRIME) + " * {weight}", str: _BYTES % "text", bytes: _BYTES % "blob"}
