"""The digest by which a record names a one-time key (formats §5)."""

from __future__ import annotations

import hashlib

from .canonical import from_base64, from_base64url, to_base64url


def digest_of_key(salt: str, key: str) -> str:
    """SHA-256 of a salt's 16 bytes and a key's 32, in base64url."""
    return to_base64url(hashlib.sha256(from_base64url(salt) + from_base64(key, 32)).digest())
