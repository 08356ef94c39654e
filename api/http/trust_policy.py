"""The trust policy that the operator shares in the ledger's directory: the log's key, and the witnesses to trust."""

from __future__ import annotations

from pathlib import Path

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


def witnesses(text: str) -> tuple[Witness, ...]:
    """The witnesses that a policy names."""
    return Policy.parse(text.encode()).witnesses if text else ()
