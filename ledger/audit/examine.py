"""What one entry says of itself: its bytes, its form, its signatures. Pure, so that it can run anywhere and in any order."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, NamedTuple

from ..books.record import KINDS
from ..canonical import check_profile, from_base64, parse
from ..errors import CanonicalError, GiveTrailError, VerificationError
from ..key import check_party_key
from ..leaf import Leaf
from ..log.entry import Entry, decode_entry
from ..log.merkle import leaf_hash
from ..statement import check_size, validated, verify_signatures
from .finding import WHOLE, Finding

# Kinds of these stages make what others name.
NAMING = {"registry", "programme"}


class Examined(NamedTuple):
    """`entry` is None where the bytes are no entry, `leaf` where the statement is no statement; the leaf has the index of its
    place, whatever the entry says. `unknown` says that this program cannot judge it, or anything that stands on it."""

    raw: bytes
    hash: bytes
    entry: Entry | None
    leaf: Leaf | None
    unknown: bool
    findings: tuple[Finding, ...]


def examine(raw: bytes, index: int) -> Examined:
    """Judge one entry by its bytes alone; it was read as entry `index`."""
    digest = leaf_hash(raw)
    entry: Entry | None = None
    try:
        entry = decode_entry(raw)
        check_size(entry.statement_raw)
        placed = entry if entry.index == index else entry._replace(index=index)
        leaf = Leaf(placed, validated(entry.statement_raw))
    except GiveTrailError as error:
        fault = _beyond_json(raw) if error.rule == "schema" else None
        finding = Finding(index, WHOLE, (fault or error).rule, (fault or error).message)
        # What a signature is over, and whether it is true, does not depend on what the statement says.
        false = _false_signatures(entry, index) if entry is not None else []
        return Examined(raw, digest, entry, None, error.exit_code == 4, (finding, *false))
    return Examined(raw, digest, entry, leaf, False, tuple(_false_signatures(entry, index)))


def _beyond_json(raw: bytes) -> CanonicalError | None:
    """What no schema can hold, because formats §1 has no such value: a fraction, a null, an integer from 2^53 on."""
    try:
        check_profile(parse(raw, "entry"), "entry")
    except CanonicalError as error:
        return error
    return None


def flows_of_refused(raw: bytes) -> list[Any] | None:
    """The flows of an entry that was refused, which still say what moved. None where later entries may stand on more than that:
    on a party, a key, a unit or a fund."""
    try:
        value = json.loads(raw)
        stages = [KINDS[record["kind"]].stage for record in value["statement"]["records"]]
        flows = value["flows"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return flows if isinstance(flows, list) and not NAMING.intersection(stages) else None


def _false_signatures(entry: Entry, index: int) -> list[Finding]:
    findings = []
    for key, _ in entry.signatures:
        weak = _weakness(key)
        if weak:
            findings.append(Finding(index, WHOLE, "weak-key", weak))
    try:
        verify_signatures(entry.statement_raw, entry.signatures)
    except VerificationError as error:
        findings.append(Finding(index, WHOLE, error.rule, error.message))
    return findings


@lru_cache(maxsize=65_536)
def _weakness(key: str) -> str:
    try:
        check_party_key(from_base64(key, 32))
    except VerificationError as error:
        return error.message
    return ""
