"""The lines of a bank statement, each salted, under one Merkle root (formats §5). A receipt opens one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .canonical import encode


def line_bytes(day: str, amount: int, rest: str, salt: str, way: str = "out") -> bytes:
    """What is hashed of a line: its day, its amount in minor units, whether it went `out` or came `in`, the salted digest of the
    rest of it, and a salt."""
    return encode({"amount": amount, "day": day, "rest": rest, "salt": salt, "way": way})


def root_over(line: bytes, number: int, lines: int, path: Sequence[str]) -> str:
    """The root to which a path of hashes leads from line `number` of so many, in hex; "" if no tree of that size has such a path
    (RFC 9162 §2.1.3.2)."""
    at, top, whole = number, lines - 1, _sha256(b"\x00", line)
    if at > top:
        return ""
    for sibling in map(bytes.fromhex, path):
        if top == 0:
            return ""
        if at & 1 or at == top:
            whole = _sha256(b"\x01", sibling, whole)
            while not at & 1:  # at the right edge, where a node of this level has no sibling
                at, top = at >> 1, top >> 1
        else:
            whole = _sha256(b"\x01", whole, sibling)
        at, top = at >> 1, top >> 1
    return "" if top else whole.hex()


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
