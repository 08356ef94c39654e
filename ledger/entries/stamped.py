"""Which timestamps an entry records, for whoever copies a log without keeping its books."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import GiveTrailError
from .leaf import read_leaf

KIND = "timestamp"
_HINT = b'"kind":"timestamp"'


def stamps_in(raw: bytes) -> Iterator[tuple[int, str]]:
    """(size, digest of the token's file in hex) of each `timestamp` in an entry; nothing of one that cannot be read."""
    if _HINT not in raw:
        return
    try:
        records = read_leaf(raw).statement.records
    except GiveTrailError:
        return
    yield from ((record.size, record.digest) for record in records if record.kind == KIND)
