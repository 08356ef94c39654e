"""An entry: a statement at its place in the log, encoded as a leaf (formats §3).

The log reads `index`, `prev`, `time`, `v` and `signatures`; to it, `statement` and `flows` are opaque JSON.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..bounds import MAX_INTEGER
from ..canonical import JsonObject, checked_base64, encode, parse
from ..errors import SchemaError, SizeError, Unverifiable, shown

VERSION = 1
ENTRY_BYTES = 65_535
FLOWS_BYTES = 16_384
SIGNATURES = 8
FIRST_PREV = "0" * 64
MEMBERS = ("flows", "index", "prev", "signatures", "statement", "time", "v")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
PREV = re.compile(r"[0-9a-f]{64}")
# Base64 of 32 and of 64 bytes: the unused bits of the last character are zero.
KEY = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
SIGNATURE = re.compile(r"[A-Za-z0-9+/]{85}[AQgw]==")
SHORT = 4096


class Entry(NamedTuple):
    """One entry, decoded. `prev` is hex; `signatures` are (key, signature) in base64, sorted by key; `statement_raw` are the
    canonical bytes of `statement`."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which is never called
    prev: str
    time: str
    signatures: tuple[tuple[str, str], ...]
    statement: JsonObject
    statement_raw: bytes
    flows: list[list[Any]]


def encode_entry(
    index: int, prev: str, time: str, signatures: tuple[tuple[str, str], ...], statement_raw: bytes, flows: list[list[object]]
) -> bytes:
    """The canonical bytes of an entry. Raises SizeError over 65,535 bytes, or over 16,384 bytes of flows."""
    flows_raw = encode(flows)
    if len(flows_raw) > FLOWS_BYTES:
        raise SizeError(f"flows: {len(flows_raw)} bytes; an entry holds at most {FLOWS_BYTES}: split it", rule="fragmented")
    listed = encode([{"key": key, "sig": sig} for key, sig in signatures])
    raw = b'{"flows":%b,"index":%d,"prev":"%b","signatures":%b,"statement":%b,"time":"%b","v":%d}' % (
        flows_raw, index, prev.encode(), listed, statement_raw, time.encode(), VERSION,
    )  # fmt: skip
    if len(raw) > ENTRY_BYTES:
        raise SizeError(f"entry: {len(raw)} bytes; at most {ENTRY_BYTES}: put fewer records into the statement", rule="size-limit")
    return raw


def decode_entry(raw: bytes) -> Entry:
    """Decode the bytes of an entry. Its statement stays opaque: its own schema checks its values.

    `check_flows` checks the shape of `flows`, not this function.

    Raises SizeError, CanonicalError, SchemaError; Unverifiable for a version that this program does not know.
    """
    if len(raw) > ENTRY_BYTES:
        raise SizeError(f"entry: {len(raw)} bytes; at most {ENTRY_BYTES} are allowed", rule="size-limit")
    value = parse(raw, "entry")
    _check_shape(value)
    signatures = tuple((one["key"], one["sig"]) for one in value["signatures"])
    statement_raw = _statement_in(raw, value)
    return Entry(value["index"], value["prev"], value["time"], signatures, value["statement"], statement_raw, value["flows"])


def _statement_in(raw: bytes, value: dict[str, object]) -> bytes:
    """The bytes of the statement. In a long entry they are cut out between the members before and after it. This is correct because
    canonical members have one order, and faster than encoding again."""
    if len(raw) < SHORT:
        return encode(value["statement"])
    before = encode({name: value[name] for name in MEMBERS[:4]})
    after = encode({name: value[name] for name in MEMBERS[5:]})
    return raw[len(before) - 1 + len(b',"statement":') : 1 - len(b",") - len(after)]


def _check_shape(value: object) -> None:
    if not isinstance(value, dict) or not isinstance(value.get("v"), int):
        raise SchemaError("entry: has no version `v`", rule="schema", where="v")
    if value["v"] != VERSION or value["v"] is True:
        raise Unverifiable(f"entry: v {shown(value['v'])}; this program knows {VERSION} only", rule="version")
    if tuple(value) != MEMBERS:
        raise _other_members(value)
    _check_scalars(value)
    _check_signatures(value["signatures"])
    if not isinstance(value["flows"], list):
        raise SchemaError("flows: must be a list", rule="schema", where="flows")


def _other_members(value: dict[str, object]) -> SchemaError | Unverifiable:
    unknown = sorted(set(value) - set(MEMBERS))
    if unknown:
        return Unverifiable(
            f"entry: {shown(unknown[0])} is not a member that this program knows", rule="unknown-member", where=unknown[0],
        )
    return SchemaError(f"entry: members {shown(list(value))}; they must be {', '.join(MEMBERS)}", rule="schema")


def _check_scalars(value: dict[str, object]) -> None:
    index, prev, time = value["index"], value["prev"], value["time"]
    if type(index) is not int or not 0 <= index <= MAX_INTEGER:
        raise SchemaError(f"index {shown(index)}: must be a whole number from 0", rule="schema", where="index")
    if not isinstance(prev, str) or not PREV.fullmatch(prev):
        raise SchemaError(f"prev {shown(prev)}: must be 64 digits of lower-case hex", rule="schema", where="prev")
    if not isinstance(time, str) or not TIME.fullmatch(time):
        raise SchemaError(f"time {shown(time)}: must be YYYY-MM-DDTHH:MM:SSZ", rule="schema", where="time")
    if not isinstance(value["statement"], dict):
        raise SchemaError("statement: must be an object", rule="schema", where="statement")


def _check_signatures(signatures: object) -> None:
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= SIGNATURES:
        raise SchemaError(f"signatures: must be a list of 1 to {SIGNATURES}", rule="schema", where="signatures")
    for one in signatures:
        if not isinstance(one, dict) or tuple(one) != ("key", "sig") or not all(isinstance(v, str) for v in one.values()):
            raise SchemaError("signatures: each must have a key and a sig", rule="schema", where="signatures")
        for text, form, length in ((one["key"], KEY, 32), (one["sig"], SIGNATURE, 64)):
            if form.fullmatch(text) is None:
                words = f"signatures: {shown(text)} is not padded standard base64 of {length} bytes"
                raise SchemaError(words, rule="schema", where="signatures")
    keys = [checked_base64(one["key"]) for one in signatures]
    if keys != sorted(set(keys)):
        raise SchemaError("signatures: must be sorted by key, each by a different key", rule="schema", where="signatures")


def check_flows(flows: list[object]) -> None:
    """Check the shape of flows: each is `[record, sign, tape, start, end]`. A caller that recomputes the flows and compares bytes
    does not need this check. Raises SchemaError."""
    for row in flows:
        if type(row) is not list or len(row) != 5 or type(row[2]) is not str or row[1] not in ("+", "-"):
            raise SchemaError(f"flows {shown(row)}: must be [record, sign, tape, start, end]", rule="schema", where="flows")
        if not (type(row[0]) is int and type(row[3]) is int and type(row[4]) is int and 0 <= row[3] < row[4] <= MAX_INTEGER):
            raise SchemaError(f"flows {shown(row)}: must be [record, sign, tape, start, end]", rule="schema", where="flows")
