"""What a witness adds to a checkpoint (C2SP tlog-cosignature, Ed25519, cosignature/v1).

It is a signature line of the note: 8 bytes of time (big-endian seconds since 1970), then 64 bytes of Ed25519 signature over

    cosignature/v1
    time 1679315147
    <the three lines of the checkpoint>

With it the witness states that at that time this was the largest tree of the log that it had seen, and that it is consistent with
every tree that the witness had cosigned before.
"""

from __future__ import annotations

from ..errors import FormatError, VerificationError
from .checkpoint import Checkpoint, format_checkpoint
from .key import SigningKey
from .note import COSIGNATURE, NoteSignature, VerifierKey, check_ed25519

MAX_TIME = 2**63 - 1
TIME_BYTES = 8


def cosign(checkpoint: Checkpoint, time: int, name: str, key: SigningKey) -> NoteSignature:
    """The cosignature of the witness `name`; `time` is in seconds since 1970, at most 2^63-1. Raises FormatError.

    The caller must ensure that the checkpoint is consistent with every checkpoint that this witness cosigned before.
    """
    if not 0 <= time <= MAX_TIME:
        raise FormatError(f"cosignature time {time}: must be 0 to {MAX_TIME}", rule="note")
    signature = time.to_bytes(TIME_BYTES) + key.sign(_message(checkpoint, time))
    return NoteSignature(name, VerifierKey(name, key.public, COSIGNATURE).key_id, signature)


def verify_cosignature(checkpoint: Checkpoint, signature: NoteSignature, vkey: VerifierKey) -> int:
    """The time at which the witness of `vkey` cosigned. Raises VerificationError."""
    raw = signature.signature
    time = int.from_bytes(raw[:TIME_BYTES])
    whose = (signature.name, signature.key_id) == (vkey.name, vkey.key_id) and vkey.algorithm == COSIGNATURE
    if not whose or time > MAX_TIME:
        raise VerificationError(
            f"signature of {signature.name}: is not a cosignature by {vkey.format()}; ask the witness for it again",
            rule="witness-quorum",
        )
    check_ed25519(_message(checkpoint, time), raw[TIME_BYTES:], vkey, "witness-quorum")
    return time


def _message(checkpoint: Checkpoint, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + format_checkpoint(checkpoint)
