"""The signed checkpoint in a file that someone has of a log: the checkpoint itself, or the proof of a gift or of an entry."""

from __future__ import annotations

from ..log.proof import HEADER, parse_proof
from ..log.transport import undamaged
from .trace_bundle import BUNDLE_BYTES, parse_bundle

KEPT_BYTES = BUNDLE_BYTES
_BEFORE = b"\xef\xbb\xbf \t\r\n"


def note_kept(raw: bytes) -> bytes:
    """The note in a trace bundle or in a C2SP tlog-proof of at most `KEPT_BYTES`; any other bytes unchanged. Nothing is verified
    here: whether to trust a checkpoint depends on its signature.

    Raises SizeError, CanonicalError, FormatError for a malformed bundle or proof; Unverifiable for one that was damaged in transit
    or has a later version.
    """
    text = raw.lstrip(_BEFORE)
    if text.startswith(b"{"):
        return undamaged(raw, "bundle", parse_bundle).checkpoint
    if text.startswith(HEADER.encode()):
        return undamaged(raw, "proof", parse_proof).checkpoint_raw
    return raw
