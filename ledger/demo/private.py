"""What the ledger holds about people: digests of disclosures (formats §5), never the disclosures."""

from __future__ import annotations

import hashlib

from ..canonical import encode, to_base64url
from .chance import Chance


def digest_of(salt: bytes, field: str, value: str) -> str:
    """The digest of one disclosure, as RFC 9901 forms it."""
    disclosure = to_base64url(encode([to_base64url(salt), field, value]))
    return to_base64url(hashlib.sha256(disclosure.encode()).digest())


def committed(chance: Chance, **fields: str) -> list[str]:
    """Digests of private fields under new 128-bit salts, in the order that the format requires."""
    return sorted(digest_of(chance.block()[:16], field, value) for field, value in fields.items())


def holder(chance: Chance) -> str:
    """The salted hash of a one-time public key, by which a donor without an account can be heard later."""
    return to_base64url(hashlib.sha256(chance.block() + chance.block()).digest())


def list_digest(chance: Chance) -> str:
    """The salted digest of the list of a group's people."""
    return to_base64url(hashlib.sha256(chance.block() + chance.block()).digest())


def evidence(chance: Chance, media: str, size: int) -> dict[str, str | int]:
    """A file that supports a record: its size, and SHA-256 over a salt and the file."""
    return {"bytes": size, "digest": hashlib.sha256(chance.block() + chance.block()).hexdigest(), "media": media}
