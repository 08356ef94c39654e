"""What reads foreign bytes, in one table: name → function of bytes.

Each function returns, or raises an error of the GiveTrail tree; anything else is a bug. Where it accepts, it checks that what was
read gives the same bytes again, or that what is called true was true before. `test_parsers.py` runs all of them under Hypothesis,
`atheris_target.py` one under libFuzzer, `test_vectors.py` what was found so far.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ledger.canonical import encode
from ledger.errors import GiveTrailError
from tests.fuzz import on_imports, on_the_ledger, on_the_log
from tests.fuzz.on_the_ledger import MESSAGE_CHARACTERS


class Target(NamedTuple):
    """`read` takes the bytes; `shape` says how they are built (tests/fuzz/mutation.py)."""

    read: Callable[[bytes], None]
    shape: str


TARGETS = {
    "canonical": Target(on_the_log.canonical, "json"),
    "canonical-texts": Target(on_the_log.canonical_texts, "bytes"),
    "note": Target(on_the_log.note, "lines"),
    "checkpoint": Target(on_the_log.checkpoint, "lines"),
    "signed-checkpoint": Target(on_the_log.signed_checkpoint, "lines"),
    "vkey": Target(on_the_log.vkey, "bytes"),
    "policy": Target(on_the_log.policy, "lines"),
    "proof": Target(on_the_log.proof, "lines"),
    "tile": Target(on_the_log.tile, "bytes"),
    "tile-entries": Target(on_the_log.tile_entries, "bytes"),
    "tile-path": Target(on_the_log.path_of_a_tile, "bytes"),
    "entry": Target(on_the_ledger.entry, "json"),
    "statement": Target(on_the_ledger.statement, "json"),
    "envelope": Target(on_the_ledger.envelope, "json"),
    "examine": Target(on_the_ledger.examined, "json"),
    "brief": Target(on_the_ledger.briefed, "json"),
    "audit": Target(on_the_ledger.audited, "json"),
    "bundle": Target(on_the_ledger.bundle, "json"),
    "verify-bundle": Target(on_the_ledger.verified_bundle, "json"),
    "inclusion-promise": Target(on_the_ledger.inclusion_promise, "json"),
    "challenge": Target(on_the_ledger.challenge, "json"),
    "mapping": Target(on_imports.mapping, "lines"),
    "gifts": Target(on_imports.gifts, "two parts"),
    "grants": Target(on_imports.grants, "json"),
}


def judged(name: str, raw: bytes) -> GiveTrailError | None:
    """The error that a target raised, None where it accepted. Raises whatever else a bug raises."""
    try:
        TARGETS[name].read(raw)
    except GiveTrailError as error:
        assert error.rule and error.message, f"{error!r} names no rule, or says nothing"
        assert len(error.message) <= MESSAGE_CHARACTERS, f"{error.rule}: a message of {len(error.message)} characters"
        encode(error.as_json())
        return error
    return None
