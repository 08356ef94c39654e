"""The signed head of a log (C2SP tlog-checkpoint), without extension lines.

    ledger.example.org/2026
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — ledger.example.org/2026 <base64 of key id and signature>

The lines are the origin, the tree size and the root of the tree. A checkpoint is a signed note, so it has at most 131,072 bytes.
The origin is the name of the log's key.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..bounds import MAX_INTEGER
from ..canonical import from_base64, from_decimal, to_base64
from ..errors import FormatError, Unverifiable, shown
from .key import SigningKey
from .merkle import HASH_BYTES
from .note import VerifierKey, check_name, open_note, parse_note, reading, sign_note
from .transport import undamaged


@dataclass(frozen=True)
class Checkpoint:
    """The log `origin` has `tree_size` entries (at most 2^53-1) with this `root` (32 bytes). Raises FormatError."""

    origin: str
    tree_size: int
    root: bytes

    def __post_init__(self) -> None:
        check_name(self.origin, "origin")
        if not 0 <= self.tree_size <= MAX_INTEGER:
            raise FormatError(f"tree size {self.tree_size}: must be 0 to {MAX_INTEGER}", rule="checkpoint")
        if len(self.root) != HASH_BYTES:
            raise FormatError(f"root {self.root.hex()}: must be {HASH_BYTES} bytes", rule="checkpoint")


def format_checkpoint(checkpoint: Checkpoint) -> bytes:
    """The three lines to sign."""
    return f"{checkpoint.origin}\n{checkpoint.tree_size}\n{to_base64(checkpoint.root)}\n".encode()


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Inverse of `format_checkpoint`. Raises FormatError, also if there are extension lines."""
    with reading("checkpoint", "checkpoint"):
        lines = text.decode().split("\n")
        if len(lines) != 4 or lines[3]:
            raise FormatError(f"{shown(text)}: must be three lines and no more", rule="checkpoint")
        return Checkpoint(lines[0], from_decimal(lines[1]), from_base64(lines[2], HASH_BYTES))


def checkpoint_in(note: bytes) -> Checkpoint:
    """The checkpoint in a signed note; its signatures are not verified. Raises FormatError, SizeError; Unverifiable (`transport`)
    if the note was damaged in transport."""
    return undamaged(note, "checkpoint", lambda raw: parse_checkpoint(parse_note(raw).text))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """The checkpoint as a note with the log's signature."""
    return sign_note(format_checkpoint(checkpoint), checkpoint.origin, key)


def open_checkpoint(raw: bytes, vkey: VerifierKey) -> Checkpoint:
    """The checkpoint, if the log with this key signed it.

    Raises FormatError, SizeError; Unverifiable if it is another log's, or was damaged in transport; VerificationError if the
    signature is false or missing.
    """
    checkpoint = checkpoint_in(raw)
    if checkpoint.origin != vkey.name:
        raise Unverifiable(
            f"checkpoint of {shown(checkpoint.origin)}: it belongs to another log; {shown(vkey.name)} was expected",
            rule="trust-anchor",
        )
    open_note(raw, [vkey])
    return checkpoint
