"""The inclusion promise: what a party signs for a donor before the gift is in the ledger (formats §8).

It is a DSSE envelope with exactly one signature, by a key that the ledger holds for the party. The log's key never signs one: that
key signs checkpoints and nothing else, and a log that could promise by itself would answer for no party.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, model_validator

from ..books.field import Amount, Committed, Count, FundId, OriginText, Part, PartyId, Slug, Time, Unit
from ..books.moment import seconds
from ..canonical import decode, encode, from_base64, to_base64
from ..complaint import complaint
from ..errors import FormatError, InputError, Refused, SchemaError, Unverifiable, UsageError, VerificationError, shortened, shown
from ..log.dsse import format_envelope, parse_envelope, pre_authentication_encoding
from ..log.key import SigningKey, check_party_key, verify_statement_signature
from ..log.note import VerifierKey
from .channel_reference import normal_reference

PAYLOAD_TYPE = "application/vnd.givetrail.inclusion-promise+json"
VERSION = 1
PAYLOAD_BYTES = 8192
ENVELOPE_BYTES = 2 * PAYLOAD_BYTES


def _verifier_key(text: str) -> str:
    try:
        return VerifierKey.parse(text).format()
    except InputError as error:
        raise ValueError(error.message) from None


def _reference(text: str) -> str:
    try:
        same = normal_reference(text) == text
    except SchemaError as error:
        raise ValueError(error.message.rpartition(": ")[2]) from None
    if not same:
        raise ValueError("is not in its normal form: NFC, single-line, without blanks at its ends")
    return text


def _moment(text: str) -> str:
    try:
        seconds(text)
    except Refused as refused:
        raise ValueError(refused.message) from None
    return text


Moment = Annotated[Time, AfterValidator(_moment)]
LogKey = Annotated[str, Field(max_length=512), AfterValidator(_verifier_key)]
Reference = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_reference)]


class InclusionPromise(Part):
    """What is promised: by `enter_by`, the log of that key will have a gift of this amount to this fund, recorded by `recorder` in
    the channel under the committed reference. `party` promises it; entry `key_entry` gave it the key that signs."""

    amount: Amount = Field(description="The whole gift, in minor units, with any fee.")
    channel: Slug = Field(description="The way the gift came in, as its record will say.")
    channel_ref: Committed = Field(description="The committed reference under which the gift will be recorded.")
    enter_by: Moment = Field(description="The last moment at which it may be entered, by the log's time, in UTC.")
    fund: FundId = Field(description="The fund that will receive the gift.")
    key_entry: Count = Field(description="The index of the entry that introduced the key that signs.")
    ledger: OriginText = Field(description="The origin of the log.")
    log_key: LogKey = Field(description="The verifier key of the log, as a trust policy names it.")
    party: PartyId = Field(description="The party that promises, and signs.")
    promised_at: Moment = Field(description="When it was promised, in UTC.")
    recorder: PartyId = Field(description="The party that will record the gift: the owner of the fund.")
    reference: Reference = Field(description="The channel's own number of the gift, as the donor knows it.")
    unit: Unit = Field(description="The unit of the amount.")
    v: Literal[1]

    @model_validator(mode="after")
    def _in_order(self) -> InclusionPromise:
        """`enter_by` is not before `promised_at`, and the log's key is that of the log named"""
        if self.enter_by < self.promised_at:
            raise ValueError(f"enter_by {self.enter_by} is before promised_at {self.promised_at}")
        if VerifierKey.parse(self.log_key).name != self.ledger:
            raise ValueError(f"log_key {shown(self.log_key)} is not a key of {self.ledger}")
        return self


class Signed(NamedTuple):
    """An inclusion promise whose signature was verified; `key` is the public key in base64, `raw` the envelope."""

    promise: InclusionPromise
    key: str
    raw: bytes


def sign_inclusion_promise(promise: InclusionPromise, key: SigningKey) -> bytes:
    """The envelope, canonical JSON. Raises UsageError if the key is the log's."""
    if VerifierKey.parse(promise.log_key).public == key.public:
        words = "the log's key signs no inclusion promise; sign with an officer's key of the party"
        raise UsageError(words, rule="inclusion-promise")
    payload = encode(promise.model_dump())
    signature = key.sign(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    return format_envelope(PAYLOAD_TYPE, payload, ((to_base64(key.public), to_base64(signature)),))


def open_inclusion_promise(raw: bytes) -> Signed:
    """The inclusion promise in an envelope, one newline after it aside. Whether the key belongs to the party only its ledger shows.

    Raises SizeError, CanonicalError, SchemaError, FormatError; Unverifiable for a later version; VerificationError
    ("inclusion-promise-false") if the signature is false, or by the log's key.
    """
    raw = raw.removesuffix(b"\n")
    payload, signatures = parse_envelope(raw, PAYLOAD_TYPE, ENVELOPE_BYTES)
    if len(signatures) != 1:
        words = f"inclusion promise: has {len(signatures)} signatures; it must have exactly one"
        raise FormatError(words, rule="inclusion-promise")
    promise = _read(payload)
    ((key, signature),) = signatures
    public = from_base64(key, 32)
    if VerifierKey.parse(promise.log_key).public == public:
        words = "inclusion promise: the log's key signed it, which does not speak for any party"
        raise VerificationError(words, rule="inclusion-promise-false")
    try:
        check_party_key(public)
        verify_statement_signature(public, from_base64(signature, 64), pre_authentication_encoding(PAYLOAD_TYPE, payload))
    except VerificationError:
        words = f"its signature by key {key} is false; get the file again from whoever gave it to you"
        raise VerificationError(f"inclusion promise: {words}", rule="inclusion-promise-false") from None
    return Signed(promise, key, raw)


def made(**members: object) -> InclusionPromise:
    """An inclusion promise of these members. Raises SchemaError, which names the member."""
    return _checked(encode({**members, "v": VERSION}))


def _read(payload: bytes) -> InclusionPromise:
    value = decode(payload, "inclusion promise", PAYLOAD_BYTES)
    version = value.get("v") if isinstance(value, dict) else None
    if type(version) is int and version > VERSION:
        words = f"inclusion promise: v {version}; this program knows {VERSION} only; verify with a later version of it"
        raise Unverifiable(words, rule="version")
    return _checked(payload)


def _checked(payload: bytes) -> InclusionPromise:
    try:
        return _schema().validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = shortened(".".join(str(part) for part in first["loc"]))
        words = f"{where}: {complaint(first)}" if where else complaint(first)
        raise SchemaError(f"inclusion promise: {words}", rule="schema", where=where) from None


@cache
def _schema() -> TypeAdapter[InclusionPromise]:
    return TypeAdapter(InclusionPromise)
