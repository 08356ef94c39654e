"""The trust policy that the operator shares in the ledger's directory: the log's key, and the witnesses to trust."""

from __future__ import annotations

from pathlib import Path

from ledger.clock import LAST, utc_at
from ledger.directory.publication import POLICY
from ledger.disk.regular import read_regular
from ledger.errors import GiveTrailError
from ledger.log.policy import MAX_POLICY_BYTES, Policy, Witness


def policy_of(directory: Path) -> str:
    """The text of the policy in a ledger's directory; "" if there is none, or it cannot be read."""
    try:
        raw = read_regular(directory / POLICY, MAX_POLICY_BYTES)
        Policy.parse(raw)
    except (OSError, GiveTrailError):
        return ""
    return raw.decode()


def cosigners(text: str, note: bytes) -> dict[str, tuple[str, str]]:
    """Who cosigned a checkpoint, of the witnesses that a policy names: its name there and the time (UTC), by the name of the
    key. Empty if a cosignature is false, because then nobody accepts the note."""
    try:
        found = Policy.parse(text.encode()).cosigned_by(note) if text else ()
    except GiveTrailError:
        return {}
    return {one.key_name: (one.witness, utc_at(min(one.time, LAST))) for one in found}


def witnesses(text: str) -> tuple[Witness, ...]:
    """The witnesses that a policy names."""
    return Policy.parse(text.encode()).witnesses if text else ()
