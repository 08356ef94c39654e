"""Points and signatures that a careless program accepts: made from the curve's own numbers, or found by trying."""

from __future__ import annotations

import hashlib

import nacl.bindings as sodium

from tests.golden.cast import seed
from tests.golden.weak import GROUP_ORDER

IDENTITY = (1).to_bytes(32, "little")
FIELD = 2**255 - 19
# A point of order eight.
ORDER_EIGHT = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
# The identity once more: y = 1 + p, which another encoding of the same point.
IDENTITY_NOT_CANONICAL = (FIELD + 1).to_bytes(32, "little")
# y = 2 has no x.
NO_POINT = (2).to_bytes(32, "little")


def with_order_added(signature: bytes) -> bytes:
    """The signature with the order of the group added to S."""
    return signature[:32] + (int.from_bytes(signature[32:], "little") + GROUP_ORDER).to_bytes(32, "little")


def signature_of_the_identity() -> bytes:
    """What fits every message under the identity as a key: S = 0 and R the identity."""
    return IDENTITY + bytes(32)


def with_small_r(name: str, message: bytes) -> bytes:
    """A signature by the key of that name whose R is the identity: without cofactor the equation holds, and R says nothing."""
    secret = int.from_bytes(_clamped(hashlib.sha512(seed(name)).digest()[:32]), "little")
    public = sodium.crypto_sign_seed_keypair(seed(name))[0]
    challenge = int.from_bytes(hashlib.sha512(IDENTITY + public + message).digest(), "little") % GROUP_ORDER
    return IDENTITY + (challenge * secret % GROUP_ORDER).to_bytes(32, "little")


def _clamped(raw: bytes) -> bytes:
    return bytes([raw[0] & 248]) + raw[1:31] + bytes([raw[31] & 127 | 64])
