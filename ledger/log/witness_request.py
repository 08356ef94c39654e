"""What a log sends to a witness, and what it answers (C2SP tlog-witness, add-checkpoint).

    old 20852014
    <base64 of a hash of the consistency proof>
    …

    <the signed checkpoint>

The answer is the witness's cosignatures, one signature line each; or, if the witness has cosigned another size than the log
believes, that size in decimal and a newline.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..canonical import from_decimal, to_base64
from ..errors import FormatError
from .note import MAX_SIGNATURES, NoteSignature, parse_signature, reading

MAX_PROOF = 63
MAX_ANSWER_BYTES = 65_536
SIZE_MEDIA = "text/x.tlog.size"


def format_request(old_size: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The body that submits a signed checkpoint, with the proof that it continues the tree of `old_size`, which is empty if that is
    0 or the checkpoint's own size. Raises FormatError for more than 63 hashes."""
    if len(proof) > MAX_PROOF:
        raise FormatError(f"consistency proof of {len(proof)} hashes: at most {MAX_PROOF} can be sent", rule="note")
    lines = [f"old {old_size}\n", *(f"{to_base64(one)}\n" for one in proof), "\n"]
    return "".join(lines).encode() + note


def read_cosignatures(body: bytes) -> list[NoteSignature]:
    """The signature lines of an answer, not verified. Raises FormatError."""
    lines = body.splitlines(keepends=True)
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise FormatError(f"answer of {len(lines)} lines: must be 1 to {MAX_SIGNATURES} signature lines", rule="note")
    return [parse_signature(line) for line in lines]


def read_size(body: bytes) -> int:
    """The tree size in an answer. Raises FormatError."""
    with reading("answer", "note"):
        text = body.decode()
        if not text.endswith("\n"):
            raise FormatError("does not end in a newline", rule="note")
        return from_decimal(text[:-1])
