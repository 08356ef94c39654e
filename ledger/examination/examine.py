"""What one entry shows by itself: its bytes, its form, its signatures. Pure, so it can run in any process and any order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from ..books.record import KINDS
from ..books.statement_context import JournalEntry
from ..canonical import check_profile, checked_base64, encode, from_base64, parse
from ..entries.leaf import Leaf, all_keys_of_statement
from ..entries.statement import check_size, pae, validated
from ..errors import CanonicalError, GiveTrailError, VerificationError
from ..findings.finding import WHOLE, Finding
from ..findings.scope import EVERYTHING, Scope
from ..log.entry import Entry, decode_entry
from ..log.key import check_party_key, verify_statement_signature
from ..log.merkle import leaf_hash

# Kinds of these stages make what others name.
NAMING = {"registry", "programme"}
FINGERPRINT_BYTES = 8


class Examined(NamedTuple):
    """`leaf` is None if the bytes are not an entry, or do not contain a statement. Its index is its place in the log, whatever it
    says."""

    leaf: Leaf | None
    findings: tuple[Finding, ...]


class Brief(NamedTuple):
    """What must still be judged of an examined entry in the order of the log. It is small, because it may come from another
    process.

    `size` is its bytes, `signatures` the number verified; `prev` is "" if the bytes are not an entry, `journal_entry` None if it
    has no statement; `after` is (index, leaf hash in hex); `flows` the canonical bytes of its flows; `keys` the 8-byte fingerprints
    of its unique keys. `moved` are the flows of an entry that could not be read, or None if later entries may depend on more of
    it than those; `unknown` says that this program cannot judge it, nor anything that depends on it."""

    hash: bytes
    size: int
    signatures: int
    prev: str
    after: tuple[int, str] = (-1, "")
    journal_entry: JournalEntry | None = None
    flows: bytes = b""
    keys: bytes = b""
    moved: list[Any] | None = None
    unknown: bool = False
    findings: tuple[Finding, ...] = ()


def examine(raw: bytes, index: int) -> Examined:
    """Judge an entry by its bytes alone; it was read as entry `index`. For a pass over a log, `brief` does the same faster."""
    entry, fault = _decoded(raw, index)
    leaf = None
    if entry is not None:
        try:
            check_size(entry.statement_raw)
            leaf = Leaf(entry._replace(index=index), validated(entry.statement_raw))
        except GiveTrailError as error:
            fault = error
    found = _of_the_entry(entry, index, EVERYTHING)
    return Examined(leaf, found if fault is None else (_finding(raw, index, fault), *found))


def _decoded(raw: bytes, index: int) -> tuple[Entry | None, GiveTrailError | None]:
    try:
        return decode_entry(raw), None
    except GiveTrailError as error:
        return None, error


def _finding(raw: bytes, index: int, fault: GiveTrailError) -> Finding:
    reason = (_beyond_json(raw) if fault.rule == "schema" else None) or fault
    return Finding(index, WHOLE, reason.rule, reason.message)


def brief(raw: bytes, index: int, scope: Scope = EVERYTHING) -> Brief:
    """Examine an entry, and keep what must be judged in order."""
    entry, fault = _decoded(raw, index)
    found = _of_the_entry(entry, index, scope)
    signatures = len(entry.signatures) if entry is not None and scope.draws(index) else 0
    seen = Brief(leaf_hash(raw), len(raw), signatures, entry.prev if entry is not None else "", findings=found)
    if entry is not None and scope.keeps_books:
        try:
            return _heard(seen, entry, index)
        except GiveTrailError as error:
            fault = error
    if fault is None:
        return seen
    moved = flows_of_refused(raw) if scope.keeps_books else None
    return seen._replace(moved=moved, unknown=fault.exit_code == 4, findings=(_finding(raw, index, fault), *found))


def _heard(seen: Brief, entry: Entry, index: int) -> Brief:
    """The brief with what the statement says. Raises SizeError, SchemaError, Unverifiable."""
    check_size(entry.statement_raw)
    statement = validated(entry.statement_raw)
    keys = [key for _, key in all_keys_of_statement(statement)]
    return seen._replace(
        after=(statement.after_index, statement.after_hash),
        journal_entry=statement.journal_entry(index, entry.time, tuple([key for key, _ in entry.signatures])),
        flows=encode(entry.flows),
        keys=fingerprints(map(str.encode, keys)),
    )


def fingerprints(keys: Iterable[bytes]) -> bytes:
    """8 bytes of each key, ascending, used to find keys that may occur twice."""
    return b"".join(sorted([blake2b(key, digest_size=FINGERPRINT_BYTES).digest() for key in keys]))


def _beyond_json(raw: bytes) -> CanonicalError | None:
    """The error for a value that no schema can describe, because formats §1 does not have it: a fraction, a null, an integer of
    2^53 or more."""
    try:
        check_profile(parse(raw, "entry"), "entry")
    except CanonicalError as error:
        return error
    return None


def flows_of_refused(raw: bytes) -> list[Any] | None:
    """The flows of a refused entry, which still say what moved. None if later entries may depend on more of it: on a party, a key,
    a unit or a fund."""
    try:
        value = json.loads(raw)
        stages = [KINDS[record["kind"]].stage for record in value["statement"]["records"]]
        flows = value["flows"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return flows if isinstance(flows, list) and not NAMING.intersection(stages) else None


def _of_the_entry(entry: Entry | None, index: int, scope: Scope) -> tuple[Finding, ...]:
    """Judge its place and its signatures. What the signatures cover, and whether they are valid, does not depend on what the
    statement says."""
    if entry is None:
        return ()
    found = _false_signatures(entry, index) if scope.draws(index) else []
    if entry.index != index:
        found.append(Finding(index, WHOLE, "chain", f"index {entry.index}: it is at position {index}"))
    return tuple(found)


def _false_signatures(entry: Entry, index: int) -> list[Finding]:
    findings = []
    for key, _ in entry.signatures:
        weak = weakness(key)
        if weak:
            findings.append(Finding(index, WHOLE, "weak-key", weak))
    message = pae(entry.statement_raw)
    try:
        for key, signature in entry.signatures:
            # In a decoded entry both have their only valid form.
            verify_statement_signature(checked_base64(key), checked_base64(signature), message)
    except VerificationError as error:
        findings.append(Finding(index, WHOLE, error.rule, error.message))
    return findings


@lru_cache(maxsize=65_536)
def weakness(key: str) -> str:
    """What is wrong with a party's key, in base64; "" if nothing is."""
    try:
        check_party_key(from_base64(key, 32))
    except VerificationError as error:
        return error.message
    return ""
