"""ML-DSA-44 keys (FIPS 204), with which a witness may sign. The context is always empty."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from ..errors import Unverifiable, VerificationError

ML_DSA_KEY_BYTES = 1312


class MLDSAKey:
    """A private ML-DSA-44 key in memory, for tests and vectors: GiveTrail does not cosign. `public` is its 1,312 bytes."""

    def __init__(self, private: MLDSA44PrivateKey) -> None:
        self._private = private
        self.public: bytes = private.public_key().public_bytes_raw()

    @classmethod
    def from_seed(cls, seed: bytes) -> MLDSAKey:
        """The key of a 32-byte seed (FIPS 204 §6.1)."""
        return cls(MLDSA44PrivateKey.from_seed_bytes(seed))

    def sign(self, message: bytes) -> bytes:
        """2,420 bytes (FIPS 204 §5.2), other ones each time."""
        return self._private.sign(message)


def verify_ml_dsa(public: bytes, signature: bytes, message: bytes) -> None:
    """Verify a signature (FIPS 204 §5.3). Raises VerificationError; Unverifiable if the installed OpenSSL has no ML-DSA."""
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise VerificationError("the ML-DSA signature is false", rule="witness-quorum") from None
    except UnsupportedAlgorithm:
        raise Unverifiable(
            "ML-DSA: the OpenSSL that is installed here does not know it; install the package `cryptography` with its own OpenSSL",
            rule="unknown-witness",
        ) from None
