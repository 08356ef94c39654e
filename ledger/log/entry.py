"""The entry: a statement with its place, the leaf of the log (formats §3).

The log column knows `index`, `prev`, `time`, `v` and `signatures`; `statement` and `flows` are opaque JSON to it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..canonical import encode, from_base64, parse
from ..errors import CanonicalError, SchemaError, SizeError, Unverifiable, shown

VERSION = 1
ENTRY_BYTES = 65_535
FLOWS_BYTES = 16_384
SIGNATURES = 8
FIRST_PREV = "0" * 64
MEMBERS = ("flows", "index", "prev", "signatures", "statement", "time", "v")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_PREV = re.compile(r"[0-9a-f]{64}")


class Entry(NamedTuple):
    """One entry, decoded. `prev` is hex; `signatures` are (key, signature) in base64, sorted by key; `statement_raw` are the
    canonical bytes of `statement`."""

    index: int
    prev: str
    time: str
    signatures: tuple[tuple[str, str], ...]
    statement: dict[str, Any]
    statement_raw: bytes
    flows: list[list[Any]]


def encode_entry(
    index: int, prev: str, time: str, signatures: tuple[tuple[str, str], ...], statement_raw: bytes, flows: list[list[Any]]
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
    """Bytes of the log to an entry. The statement is still opaque: its scalars are for its own schema to judge.

    The shape of `flows` is left to `check_flows`.

    Raises SizeError, CanonicalError, SchemaError; Unverifiable for a version that this program does not know.
    """
    if len(raw) > ENTRY_BYTES:
        raise SizeError(f"entry: {len(raw)} bytes; at most {ENTRY_BYTES} are allowed", rule="size-limit")
    value = parse(raw, "entry")
    _check_shape(value)
    signatures = tuple((one["key"], one["sig"]) for one in value["signatures"])
    statement = value["statement"]
    return Entry(value["index"], value["prev"], value["time"], signatures, statement, encode(statement), value["flows"])


def _check_shape(value: Any) -> None:
    if not isinstance(value, dict) or not isinstance(value.get("v"), int):
        raise SchemaError("entry: has no version `v`", rule="schema", where="v")
    if value["v"] != VERSION or value["v"] is True:
        raise Unverifiable(f"entry: v {shown(value['v'])}; this program knows {VERSION} only", rule="version")
    unknown = sorted(set(value) - set(MEMBERS))
    if unknown:
        raise Unverifiable(f"entry: {shown(unknown[0])} is no member this program knows", rule="unknown-member", where=unknown[0])
    if tuple(value) != MEMBERS:
        raise SchemaError(f"entry: members {shown(list(value))}; they have to be {', '.join(MEMBERS)}", rule="schema")
    _check_scalars(value)
    _check_signatures(value["signatures"])
    if not isinstance(value["flows"], list):
        raise SchemaError("flows: has to be a list", rule="schema", where="flows")


def _check_scalars(value: dict[str, Any]) -> None:
    index, prev, time = value["index"], value["prev"], value["time"]
    if type(index) is not int or not 0 <= index < 2**53:
        raise SchemaError(f"index {shown(index)}: has to be a whole number from 0", rule="schema", where="index")
    if not isinstance(prev, str) or not _PREV.fullmatch(prev):
        raise SchemaError(f"prev {shown(prev)}: has to be 64 digits of lower-case hex", rule="schema", where="prev")
    if not isinstance(time, str) or not _TIME.fullmatch(time):
        raise SchemaError(f"time {shown(time)}: has to be YYYY-MM-DDTHH:MM:SSZ", rule="schema", where="time")
    if not isinstance(value["statement"], dict):
        raise SchemaError("statement: has to be an object", rule="schema", where="statement")


def _check_signatures(signatures: Any) -> None:
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= SIGNATURES:
        raise SchemaError(f"signatures: has to be a list of 1 to {SIGNATURES}", rule="schema", where="signatures")
    keys = []
    for one in signatures:
        if not isinstance(one, dict) or tuple(one) != ("key", "sig") or not all(isinstance(v, str) for v in one.values()):
            raise SchemaError("signatures: each has a key and a sig", rule="schema", where="signatures")
        try:
            keys.append(from_base64(one["key"], 32))
            from_base64(one["sig"], 64)
        except CanonicalError as error:
            raise SchemaError(f"signatures: {error.message}", rule="schema", where="signatures") from None
    if keys != sorted(set(keys)):
        raise SchemaError("signatures: have to be sorted by key, each by another key", rule="schema", where="signatures")


def check_flows(flows: list[Any]) -> None:
    """Judge the shape of flows: `[record, sign, tape, start, end]` each. Who computes them again and compares bytes needs no
    such check. Raises SchemaError."""
    for row in flows:
        if type(row) is not list or len(row) != 5 or type(row[2]) is not str or row[1] not in ("+", "-"):
            raise SchemaError(f"flows {shown(row)}: has to be [record, sign, tape, start, end]", rule="schema", where="flows")
        if not (type(row[0]) is int and type(row[3]) is int and type(row[4]) is int and 0 <= row[3] < row[4] < 2**53):
            raise SchemaError(f"flows {shown(row)}: has to be [record, sign, tape, start, end]", rule="schema", where="flows")
