"""The statement: what a party says and signs (formats §2). Bytes from outside become a `Statement` only through `open_statement`.

In transit a statement is a DSSE v1 envelope; the signature is over its pre-authentication encoding, so any DSSE library can check
it. Officers pass the envelope between them, and each adds a signature.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Annotated, Any, Union

from pydantic import Field, TypeAdapter, ValidationError

from ..books import kinds
from ..books.field import OriginText, Part, Slug, Time
from ..books.record import KINDS, Record, runs_of
from ..books.statement_context import JournalEntry, Run
from ..canonical import JsonObject, encode, from_base64, parse, to_base64
from ..complaint import complaint, form
from ..errors import SchemaError, SizeError, Unverifiable, VerificationError, shortened, shown
from ..log.dsse import Signature, format_envelope, parse_envelope, pre_authentication_encoding
from ..log.key import SigningKey, verify_statement_signature

PAYLOAD_TYPE = "application/vnd.givetrail.statement.v1+json"
STATEMENT_BYTES = 45_056
RECORDS = 256
ENVELOPE_BYTES = 2 * STATEMENT_BYTES

assert kinds, "importing the package registers the kinds"

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Uuid = Annotated[str, form(_UUID, "a UUID in lower case")]
After = Annotated[str, form(r"^(?:0|[1-9][0-9]{0,15}):[0-9a-f]{64}$", "index and leaf hash of an entry, with a colon between")]


class Statement(Part):
    """A decoded statement. `records` are instances of their kinds."""

    after: After | None = None
    id: Uuid
    ledger: OriginText
    party: Slug
    records: tuple[Any, ...]
    signed_at: Time

    @property
    def after_index(self) -> int:
        """The index of the entry that the statement is bound to; -1 for entry 0."""
        return int(self.after.partition(":")[0]) if self.after else -1

    @property
    def after_hash(self) -> str:
        """The leaf hash of that entry, in hex; "" for entry 0."""
        return self.after.partition(":")[2] if self.after else ""

    def journal_entry(self, index: int, time: str, signers: tuple[str, ...], runs: tuple[Run, ...] = ()) -> JournalEntry:
        """The statement as the books see it. `runs` are its records, if the caller has grouped them already."""
        runs = runs or runs_of(self.records)
        return JournalEntry(index, time, self.ledger, self.party, self.id, self.signed_at, self.after_index, runs, signers)


def read_statement(raw: bytes) -> Statement:
    """Decode canonical statement bytes and check every record against its schema.

    Raises SizeError, CanonicalError, SchemaError; Unverifiable for a kind or member that this program does not know.
    """
    check_size(raw)
    parse(raw, "statement")
    return validated(raw)


def check_size(raw: bytes) -> None:
    """Refuse a statement above the size limit. Raises SizeError."""
    if len(raw) > STATEMENT_BYTES:
        raise SizeError(
            f"statement: {len(raw)} bytes; at most {STATEMENT_BYTES} are allowed: put fewer records into it", rule="size-limit"
        )


def validated(raw: bytes) -> Statement:
    """Check statement bytes, already known to be canonical, against the schema. Raises SchemaError, Unverifiable."""
    try:
        return _schema(tuple(KINDS.values())).validate_json(raw)
    except ValidationError as error:
        raise _schema_error(error) from None


def validated_record(value: object) -> Record:
    """Check one record against the schema of its kind. Raises SchemaError, Unverifiable."""
    try:
        return _record_schema(tuple(KINDS.values())).validate_json(encode(value))
    except (ValidationError, TypeError) as error:
        if isinstance(error, TypeError):
            raise SchemaError(f"record: {error}", rule="schema") from None
        raise _schema_error(error) from None


@cache
def _record_schema(kinds: tuple[type[Record], ...]) -> TypeAdapter[Record]:
    return TypeAdapter(_any_record(kinds))


@cache
def _schema(kinds: tuple[type[Record], ...]) -> TypeAdapter[Statement]:
    record = _any_record(kinds)
    records: object = Annotated[tuple.__class_getitem__((record, ...)), Field(min_length=1, max_length=RECORDS)]
    model = type("AnyStatement", (Statement,), {"__annotations__": {"records": records}, "__doc__": Statement.__doc__})
    return TypeAdapter(model)


def _any_record(kinds: tuple[type[Record], ...]) -> Any:
    return Annotated[Union[kinds], Field(discriminator="kind")]  # noqa: UP007


def _schema_error(error: ValidationError) -> SchemaError | Unverifiable:
    errors = error.errors(include_url=False)
    # An unknown member is reported before a wrong one, because a later version may have put it in place of what is missing (formats
    # §7).
    first = next((one for one in errors if one["type"] in ("union_tag_invalid", "extra_forbidden")), errors[0])
    where = shortened(".".join(str(part) for part in first["loc"])) or "record"
    if first["type"] == "union_tag_invalid":
        kind = (first["input"] or {}).get("kind") if isinstance(first["input"], dict) else first["input"]
        return Unverifiable(f"{where}: kind {shown(kind)} is not one that this program knows", rule="unknown-kind", where=where)
    if first["type"] == "extra_forbidden":
        return Unverifiable(f"{where}: is not a member that this program knows; leave it out", rule="unknown-member", where=where)
    if first["type"] == "missing":
        return SchemaError(f"{where}: is missing; give it", rule="schema", where=where)
    return SchemaError(f"{where} {shown(first['input'])}: {complaint(first)}", rule="schema", where=where)


def write_statement(
    *, ledger: str, party: str, id: str, signed_at: str, records: list[JsonObject], after: tuple[int, str] | None
) -> bytes:
    """The canonical bytes of a new statement; text is normalised to NFC.

    Raises SizeError; SchemaError for a value that JSON cannot hold.

    The records are not checked against their kinds here: `read_statement` does that, and everything that accepts a statement calls
    it.
    """
    value: JsonObject = {"id": id, "ledger": ledger, "party": party, "records": records, "signed_at": signed_at}
    if after is not None:
        value["after"] = f"{after[0]}:{after[1]}"
    try:
        raw = encode(value)
        if not raw.isascii():
            raw = encode(normalised(value))
    except TypeError as error:
        raise SchemaError(f"records: {error}; use text and whole numbers", rule="schema", where="records") from None
    check_size(raw)
    return raw


def normalised(value: object) -> Any:
    """The value with all text in NFC, as statements have it."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: normalised(member) for key, member in value.items()}
    return [normalised(member) for member in value] if isinstance(value, list | tuple) else value


def pae(statement_raw: bytes) -> bytes:
    """The bytes that are signed: the pre-authentication encoding (`ledger.log.dsse`) of the statement bytes."""
    return pre_authentication_encoding(PAYLOAD_TYPE, statement_raw)


def sign_statement(statement_raw: bytes, keys: list[SigningKey]) -> tuple[Signature, ...]:
    """One signature per key, sorted by key, as in an entry."""
    message = pae(statement_raw)
    ordered = sorted(keys, key=lambda key: key.public)
    return tuple((to_base64(key.public), to_base64(key.sign(message))) for key in ordered)


def verify_signatures(statement_raw: bytes, signatures: tuple[Signature, ...]) -> None:
    """Check every signature over the statement. Raises VerificationError, which names the key."""
    message = pae(statement_raw)
    for key, signature in signatures:
        verify_statement_signature(from_base64(key, 32), from_base64(signature, 64), message)


def write_envelope(statement_raw: bytes, signatures: tuple[Signature, ...]) -> bytes:
    """The DSSE v1 envelope of a statement."""
    return format_envelope(PAYLOAD_TYPE, statement_raw, signatures)


def read_envelope(raw: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    """Statement bytes and signatures, sorted by key, from a DSSE envelope. Nothing is verified yet.

    Raises SizeError, CanonicalError, SchemaError.
    """
    return parse_envelope(raw, PAYLOAD_TYPE, ENVELOPE_BYTES)


def open_statement(statement_raw: bytes, signatures: tuple[Signature, ...]) -> Statement:
    """Verify bytes from outside and return their statement, whose signatures are then valid. The books judge whether the keys have
    standing.

    Raises SizeError, CanonicalError, SchemaError, Unverifiable, VerificationError.
    """
    statement = read_statement(statement_raw)
    if not signatures:
        raise VerificationError("statement: it is not signed; sign it first", rule="statement-signature")
    verify_signatures(statement_raw, signatures)
    return statement
