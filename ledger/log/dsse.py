"""Signed envelopes of JSON (DSSE v1, https://github.com/secure-systems-lab/dsse): the bytes that are signed, and the envelope
around them.

    {"payload":"<base64>","payloadType":"<media type>","signatures":[{"keyid":"<public key in base64>","sig":"<base64>"}]}

The signature is over the pre-authentication encoding, which holds the payload's type and length, so no payload of one type can be
passed off as one of another. Envelopes are canonical JSON here (formats §1), so a changed byte is noticed even outside the payload.
"""

from __future__ import annotations

from ..canonical import decode, encode, from_base64, to_base64
from ..errors import SchemaError, shown

Signature = tuple[str, str]
"""A public key and its signature, both in base64."""


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: `DSSEv1`, then the length and the bytes of type and payload, with a space between each."""
    return b"DSSEv1 %d %b %d %b" % (len(payload_type), payload_type.encode(), len(payload), payload)


def format_envelope(payload_type: str, payload: bytes, signatures: tuple[Signature, ...]) -> bytes:
    """The envelope's canonical bytes; `keyid` is the public key in base64."""
    listed = [{"keyid": key, "sig": signature} for key, signature in signatures]
    return encode({"payload": to_base64(payload), "payloadType": payload_type, "signatures": listed})


def parse_envelope(raw: bytes, payload_type: str, limit: int) -> tuple[bytes, tuple[Signature, ...]]:
    """Payload and signatures, sorted by key, of an envelope of that type and of at most `limit` bytes. Nothing is verified yet.

    Raises SizeError, CanonicalError, SchemaError.
    """
    value = decode(raw, "envelope", limit)
    if not isinstance(value, dict) or set(value) != {"payload", "payloadType", "signatures"}:
        raise SchemaError("envelope: must have payload, payloadType and signatures", rule="schema")
    if value["payloadType"] != payload_type:
        raise SchemaError(f"payloadType {shown(value['payloadType'])}: must be {payload_type}", rule="schema")
    listed = value["signatures"]
    if not isinstance(listed, list) or not all(isinstance(one, dict) and set(one) == {"keyid", "sig"} for one in listed):
        raise SchemaError("signatures: each must have keyid and sig", rule="schema")
    pairs = {str(one["keyid"]): str(one["sig"]) for one in listed}
    if len(pairs) != len(listed):
        raise SchemaError("signatures: two are by the same key", rule="schema")
    ordered = sorted(pairs.items(), key=lambda pair: from_base64(pair[0], 32))
    return from_base64(str(value["payload"])), tuple(ordered)
