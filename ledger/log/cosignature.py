"""What a witness adds to a checkpoint (C2SP tlog-cosignature).

It is a signature line of the note: 8 bytes of time (big-endian seconds since 1970), then a signature. An Ed25519 key (0x04) signs

    cosignature/v1
    time 1679315147
    <the three lines of the checkpoint>

An ML-DSA-44 key (0x06) signs a binary message about the range of entries from 0 to the tree's size, in which the names of the
witness and of the log are preceded by their lengths (1 byte), and numbers have 8 bytes, big-endian:

    subtree/v1 0x0A 0x00 ‖ name of the key ‖ time ‖ origin ‖ 0 ‖ tree size ‖ root

With it the witness states that at that time this was the largest tree of the log that it had seen, and that it is consistent with
every tree that the witness had cosigned before.
"""

from __future__ import annotations

from ..errors import FormatError, VerificationError
from .checkpoint import Checkpoint, format_checkpoint
from .key import SigningKey
from .ml_dsa import MLDSAKey
from .note import COSIGNATURE, ML_DSA_COSIGNATURE, NoteSignature, VerifierKey, check_signature

MAX_TIME = 2**63 - 1
NUMBER_BYTES = 8
COSIGNING = (COSIGNATURE, ML_DSA_COSIGNATURE)
"""The algorithms of witnesses' keys."""


def cosign(checkpoint: Checkpoint, time: int, name: str, key: SigningKey | MLDSAKey) -> NoteSignature:
    """The cosignature of the witness `name`; `time` is in seconds since 1970, at most 2^63-1. Raises FormatError.

    The caller must ensure that the checkpoint is consistent with every checkpoint that this witness cosigned before.
    """
    if not 0 <= time <= MAX_TIME:
        raise FormatError(f"cosignature time {time}: must be 0 to {MAX_TIME}", rule="note")
    vkey = VerifierKey(name, key.public, ML_DSA_COSIGNATURE if isinstance(key, MLDSAKey) else COSIGNATURE)
    return NoteSignature(name, vkey.key_id, _number(time) + key.sign(_message(checkpoint, time, vkey)))


def verify_cosignature(checkpoint: Checkpoint, signature: NoteSignature, vkey: VerifierKey) -> int:
    """The time at which the witness of `vkey` cosigned. Raises VerificationError; Unverifiable if this computer does not know
    ML-DSA."""
    raw = signature.signature
    time = int.from_bytes(raw[:NUMBER_BYTES])
    whose = (signature.name, signature.key_id) == (vkey.name, vkey.key_id) and vkey.algorithm in COSIGNING
    if not whose or time > MAX_TIME:
        raise VerificationError(
            f"signature of {signature.name}: is not a cosignature by {vkey.name}+{vkey.key_id.hex()}; ask the witness for it again",
            rule="witness-quorum",
        )
    check_signature(_message(checkpoint, time, vkey), raw[NUMBER_BYTES:], vkey, "witness-quorum")
    return time


def _message(checkpoint: Checkpoint, time: int, vkey: VerifierKey) -> bytes:
    if vkey.algorithm == COSIGNATURE:
        return b"cosignature/v1\ntime %d\n" % time + format_checkpoint(checkpoint)
    entries = _number(0) + _number(checkpoint.tree_size)
    return b"subtree/v1\n\0" + _name(vkey.name) + _number(time) + _name(checkpoint.origin) + entries + checkpoint.root


def _name(name: str) -> bytes:
    raw = name.encode()
    return bytes([len(raw)]) + raw


def _number(value: int) -> bytes:
    return value.to_bytes(NUMBER_BYTES)
