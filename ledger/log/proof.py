"""The proof that an entry is in a log, for anyone who has the entry and a policy (C2SP tlog-proof).

    c2sp.org/tlog-proof@v1
    extra <base64>                 optional; not authenticated
    index <decimal>
    <base64 of a hash>             zero or more, from the leaf's sibling up

    <the checkpoint, a signed note>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..canonical import from_base64, from_decimal, to_base64
from ..errors import FormatError, SizeError
from .checkpoint import Checkpoint
from .merkle import HASH_BYTES, verify_inclusion
from .note import MAX_NOTE_BYTES, reading
from .policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64
MAX_EXTRA_BYTES = 65_536
MAX_PROOF_BYTES = 2 * MAX_NOTE_BYTES


@dataclass(frozen=True)
class Proof:
    """The content of a proof file, not verified. `extra` is the application's own data; None if there is none."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint_raw: bytes
    extra: bytes | None = None


def format_proof(index: int, hashes: Sequence[bytes], checkpoint_raw: bytes, extra: bytes | None = None) -> bytes:
    """The proof file, with at most 64 hashes and, if given, 1 to 65,536 bytes of `extra`. Raises FormatError, SizeError."""
    if len(hashes) > MAX_HASHES or len(extra or b"") > MAX_EXTRA_BYTES:
        raise SizeError(f"proof: at most {MAX_HASHES} hashes and {MAX_EXTRA_BYTES} bytes of extra", rule="proof")
    if extra == b"" or any(len(item) != HASH_BYTES for item in hashes):
        raise FormatError("proof: extra must not be empty and hashes must be 32 bytes", rule="proof")
    lines = [HEADER, *([f"extra {to_base64(extra)}"] if extra else []), f"index {index}", *map(to_base64, hashes)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + checkpoint_raw


def parse_proof(raw: bytes) -> Proof:
    """Inverse of `format_proof`, for at most 262,144 bytes. It does not verify anything. Raises FormatError, SizeError."""
    if len(raw) > MAX_PROOF_BYTES:
        raise SizeError(f"proof of {len(raw)} bytes: at most {MAX_PROOF_BYTES} are allowed", rule="proof")
    head, _, checkpoint_raw = raw.partition(b"\n\n")
    with reading("proof", "proof"):
        lines = head.decode().split("\n")[1:]
        extra = from_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        index = from_decimal(lines.pop(0)[6:]) if lines else -1
        proof = Proof(index, tuple(from_base64(line, HASH_BYTES) for line in lines), checkpoint_raw, extra)
    if format_proof(proof.index, proof.hashes, checkpoint_raw, extra) != raw:
        raise FormatError(f"proof: must be {HEADER}, extra or nothing, index, hashes, a checkpoint", rule="proof")
    return proof


def verify_proof(raw: bytes, leaf_hash: bytes, policy: Policy) -> Checkpoint:
    """The checkpoint, accepted by `policy`, whose tree has `leaf_hash` at the proof's index.

    Raises FormatError, SizeError; VerificationError ("inclusion"); and whatever `Policy.check` raises.
    """
    proof = parse_proof(raw)
    checkpoint = policy.check(proof.checkpoint_raw)
    verify_inclusion(leaf_hash, proof.index, checkpoint.tree_size, proof.hashes, checkpoint.root)
    return checkpoint
