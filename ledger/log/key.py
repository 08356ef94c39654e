"""Ed25519 keys: make, store, sign with them, and verify signatures by one of two rules.

Statements and notes are verified by different rules (formats §2). A note's signature is valid by RFC 8032 without cofactor. A
statement's rule is narrower: the key must be a canonical point of prime order and R must not be of small order, so that every
library gives the same verdict. libsodium signs and verifies statements, because it is much faster; OpenSSL verifies notes and
stores keys.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Callable
from pathlib import Path

import nacl.bindings as sodium
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl.exceptions import BadSignatureError

from ..disk.durable import write_once
from ..disk.regular import unreadable
from ..errors import StorageError, UsageError, VerificationError

KEY_BYTES = 32
MAX_KEY_FILE_BYTES = 65_536
ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
PRIVATE = b" PRIVATE KEY-----"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
SIGNATURE_BYTES = 64
REMEDY = "restore it from a backup, or give the key's file"


class SigningKey:
    """A private Ed25519 key in memory. `public` is its 32 bytes."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public: bytes = private.public_key().public_bytes_raw()
        self._secret = private.private_bytes_raw() + self.public

    @classmethod
    def generate(cls) -> SigningKey:
        """A new random key from the operating system."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """The key of a 32-byte seed (RFC 8032 §5.1.5), for test vectors and the demonstration, which must be reproducible."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032 §5.1.6)."""
        return sodium.crypto_sign(message, self._secret)[:SIGNATURE_BYTES]

    def save(self, path: Path, passphrase: bytes | None = None) -> None:
        """Write PKCS #8 PEM to a new file that only its owner may read, encrypted if a passphrase is given.

        The file is durable, and written whole or not at all. Raises StorageError; with rule "key-file" if the file exists, because
        a key is never overwritten.
        """
        scheme = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        pem = self._private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, scheme)
        try:
            write_once(path, pem)
        except FileExistsError:
            raise StorageError(
                f"{path}: already exists, and a key is never overwritten; choose another file", rule="key-file",
            ) from None

    @classmethod
    def load(cls, path: Path, passphrase: bytes | None = None) -> SigningKey:
        """Read a file that `save` wrote. Raises UsageError if there is no such file, the passphrase is wrong or missing, it is
        another kind of key, or it has no passphrase and others than its owner can read it; StorageError."""
        try:
            pem = read_secret(path, is_open=lambda raw: PRIVATE in raw and ENCRYPTED not in raw)
            private = serialization.load_pem_private_key(pem, passphrase)
        except OSError as error:
            raise unreadable(path, error, REMEDY, "key-file") from None
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise UsageError(f"{path}: {_why_shut(pem, passphrase)}", rule="key-file") from None
        if not isinstance(private, Ed25519PrivateKey):
            raise UsageError(f"{path}: is not an Ed25519 key; make one with `givetrail key new`", rule="key-file")
        return cls(private)


def read_secret(path: Path, is_open: Callable[[bytes], bool] = lambda raw: True) -> bytes:
    """The bytes of a file that holds a secret. If `is_open` says that no passphrase protects it, only its owner may have access.

    Raises UsageError if its group or others have access; OSError.
    """
    with path.open("rb") as file:
        raw, mode = file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    if mode & OTHERS and is_open(raw):
        remedy = f"if you are sure that nobody copied it, run: chmod 600 {shlex.quote(str(path))}"
        raise UsageError(f"{path}: its mode {mode:04o} lets other users read this key; {remedy}", rule="key-mode")
    return raw


def _why_shut(pem: bytes, passphrase: bytes | None) -> str:
    """Why a key file cannot be opened, from its PEM label. The library's own message is not reliable, because one in 256 wrong
    passphrases gives a padding that looks right."""
    if ENCRYPTED in pem:
        return "the passphrase is wrong; give the right one" if passphrase else "is encrypted; give its passphrase"
    if b"-----BEGIN PRIVATE KEY-----" in pem and passphrase:
        return "is not encrypted; give no passphrase for it"
    return f"is not a private key in PEM; {REMEDY}"


def check_party_key(public: bytes) -> None:
    """Refuse a key unless it is a canonical point of prime order (formats §2). Raises VerificationError."""
    if len(public) != KEY_BYTES or not sodium.crypto_core_ed25519_is_valid_point(public):
        raise VerificationError(
            f"key {public.hex()}: not a canonical Ed25519 point of prime order; make another key", rule="weak-key"
        )


def verify_statement_signature(public: bytes, signature: bytes, message: bytes) -> None:
    """Verify a signature by the rule for statements; `check_party_key` checks the key itself. Raises VerificationError."""
    try:
        if len(signature) != SIGNATURE_BYTES or len(public) != KEY_BYTES:
            raise BadSignatureError
        sodium.crypto_sign_open(signature + message, public)
    except (BadSignatureError, ValueError):
        raise VerificationError(
            f"signature by key {public.hex()[:16]}… does not fit the statement", rule="statement-signature"
        ) from None


def verify_note_signature(public: bytes, signature: bytes, message: bytes) -> None:
    """Verify a signature by the rule for notes: RFC 8032 without cofactor, S < L. Raises VerificationError."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise VerificationError("the note's signature is false", rule="checkpoint-signature") from None
