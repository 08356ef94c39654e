"""Timestamp tokens (RFC 3161) over a checkpoint, as an authority answers them: asked for, read, and verified offline.

What is stamped is the SHA-256 of the checkpoint's three lines, without any signature. A token is kept as the authority's whole
answer, a `TimeStampResp` in DER; `timestamps/<size>.tsr` among the files of a log.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography.x509 import Certificate, Name, load_der_x509_certificate, load_pem_x509_certificates
from cryptography.x509.oid import NameOID
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, TimeStampResponse, VerifierBuilder, decode_timestamp_response
from rfc3161_client import VerificationError as NotVerified
from rfc3161_client.tsp import PKIStatus

from ..errors import FormatError, SizeError, Unverifiable, VerificationError, shown
from ..text import is_name
from .checkpoint import Checkpoint, format_checkpoint
from .tile import TOKEN_BYTES

ROOTS_BYTES = 1_048_576
SHA256 = "2.16.840.1.101.3.4.2.1"
NAME_LENGTH = 200
STAMP_RULE = "timestamp"
FOREIGN = Exception
"""What the parsers of others raise is not written down: ValueError, KeyError and InvalidVersion were seen."""
# What OpenSSL says if the given certificates do not lead to the one that signed. The token itself may be right.
_OF_OTHERS = re.compile(r"unable to get (local )?issuer certificate|self[- ]signed certificate")


class Token(NamedTuple):
    """A token that was read, not verified. `time` is that of the authority, `YYYY-MM-DDTHH:MM:SSZ`, fractions of a second cut off;
    `authority` is the name in its certificate; `digest` is the SHA-256 of `raw`, in hex; `imprint` is what was stamped."""

    time: str
    authority: str
    digest: str
    imprint: bytes
    nonce: int | None
    raw: bytes


def imprint_of(checkpoint: Checkpoint) -> bytes:
    """What an authority stamps: the SHA-256 of the checkpoint's text, 32 bytes."""
    return hashlib.sha256(format_checkpoint(checkpoint)).digest()


def request(checkpoint: Checkpoint) -> tuple[bytes, int]:
    """A `TimeStampReq` in DER for a checkpoint, and its random nonce. It asks for the certificate of the authority."""
    builder = TimestampRequestBuilder().data(format_checkpoint(checkpoint)).hash_algorithm(HashAlgorithm.SHA256)
    asked = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    assert asked.nonce is not None, "a nonce was asked for"
    return asked.as_bytes(), asked.nonce


def read_token(raw: bytes) -> Token:
    """Read a token. Nothing in it is verified. Raises FormatError (`timestamp`), also if the authority refused; SizeError."""
    if len(raw) > TOKEN_BYTES:
        raise SizeError(f"timestamp token: larger than {TOKEN_BYTES} bytes; get it again", rule="size-limit")
    response = _decoded(raw)
    if response.status != PKIStatus.GRANTED:
        words = "; ".join(response.status_string) or f"status {response.status}"
        raise _malformed(f"the authority refused ({shown(words)})")
    try:
        info, name = response.tst_info, _signer(response).subject
        stamped, time = info.message_imprint, info.gen_time
    except FOREIGN as error:
        raise _malformed(f"it is not whole, or does not hold the certificate of its authority ({shown(str(error))})") from None
    if stamped.hash_algorithm.dotted_string != SHA256 or not 1000 <= time.year <= 2999:
        raise _malformed("it is not over a SHA-256, or its time is not in the calendar")
    return Token(_utc(time), _name_of(name), hashlib.sha256(raw).hexdigest(), stamped.message, info.nonce, raw)


def check_imprint(token: Token, checkpoint: Checkpoint) -> None:
    """Check that the token is over this checkpoint. Raises VerificationError (`timestamp`)."""
    if token.imprint != imprint_of(checkpoint):
        words = f"it is not over the checkpoint of {checkpoint.tree_size} entries of {checkpoint.origin}"
        raise VerificationError(f"timestamp token: {words}; get the right one", rule=STAMP_RULE)


def verify_token(token: Token, roots: Sequence[Certificate]) -> None:
    """Check that an authority signed the token that one of `roots` vouches for. Each certificate between must be valid at the time
    of the token, and the authority's own be for timestamps (RFC 3161 §2.3).

    Raises VerificationError (`timestamp`) if the signature is false or its certificate is not valid; Unverifiable (`trust-anchor`)
    if none of the roots leads to it; FormatError.
    """
    try:
        VerifierBuilder(roots=list(roots)).build().verify(_decoded(token.raw), token.imprint)
    except NotVerified as error:
        if _OF_OTHERS.search(str(error)):
            words = f"timestamp token of {shown(token.authority)}: no root certificate that was given leads to this authority"
            raise Unverifiable(f"{words}; add its root if you trust it", rule="trust-anchor") from None
        raise VerificationError(f"timestamp token: {_why(error)}; get it from another copy", rule=STAMP_RULE) from None
    except FOREIGN as error:
        raise _malformed(f"its certificates cannot be read ({shown(str(error))})") from None


def parse_roots(raw: bytes) -> list[Certificate]:
    """Root certificates in PEM, one after the other. Raises FormatError (`timestamp`), SizeError."""
    if len(raw) > ROOTS_BYTES:
        raise SizeError(f"larger than {ROOTS_BYTES} bytes; give only the roots that you trust", rule="size-limit")
    try:
        return load_pem_x509_certificates(raw)
    except FOREIGN as error:
        words = f"has no certificates in PEM ({shown(str(error))}); get the root certificate of the timestamp authority"
        raise FormatError(words, rule=STAMP_RULE) from None


def _decoded(raw: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(raw)
    except FOREIGN as error:
        raise _malformed(f"it is not a TimeStampResp in DER ({shown(str(error))})") from None


def _signer(response: TimeStampResponse) -> Certificate:
    """The certificate that the signature names."""
    (signer,) = response.signed_data.signer_infos
    made = (load_der_x509_certificate(raw) for raw in response.signed_data.certificates)
    return next(one for one in made if one.issuer == signer.issuer and one.serial_number == signer.serial_number)


def _name_of(subject: Name) -> str:
    """The common name, or else the organisation, or else the whole, if it can be recorded as a name."""
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    called = [str(one.value) for kind in kinds for one in subject.get_attributes_for_oid(kind)]
    for name in (*called, subject.rfc4514_string()):
        if 1 <= len(name) <= NAME_LENGTH and is_name(name):
            return name
    return "An authority without a name"


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _why(error: NotVerified) -> str:
    found = re.search(r"Verify error: ([^\"]*)", str(error)) or re.search(r'reason: "([^"]*)"', str(error))
    return found[1] if found else str(error).partition(": ")[0]


def _malformed(why: str) -> FormatError:
    return FormatError(f"timestamp token: {why}; get it again", rule=STAMP_RULE)
