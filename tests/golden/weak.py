"""A weak key: a point of the curve with a part of order two. Some signatures by it fit, so that a check of signatures alone does
not find it, and some libraries refuse what others accept."""

from __future__ import annotations

import hashlib

import nacl.bindings as sodium

ORDER_TWO = (2**255 - 20).to_bytes(32, "little")
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


def weak_key(seed: bytes) -> bytes:
    """The public key of a seed, plus the point of order two."""
    return sodium.crypto_core_ed25519_add(_point(_secret(seed)), ORDER_TWO)


def weak_signature(seed: bytes, message: bytes) -> bytes:
    """A signature that fits the weak key without cofactor: tried until its challenge is even."""
    public, counter = weak_key(seed), 0
    while True:
        nonce = _scalar(seed + counter.to_bytes(4) + message)
        point = _point(nonce)
        challenge = _scalar(point + public + message)
        if challenge % 2 == 0:
            return point + ((nonce + challenge * _secret(seed)) % GROUP_ORDER).to_bytes(32, "little")
        counter += 1


def _secret(seed: bytes) -> int:
    return _scalar(b"weak" + seed)


def _scalar(raw: bytes) -> int:
    return int.from_bytes(hashlib.sha512(raw).digest(), "little") % GROUP_ORDER


def _point(scalar: int) -> bytes:
    return sodium.crypto_scalarmult_ed25519_base_noclamp(scalar.to_bytes(32, "little"))
