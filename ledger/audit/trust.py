"""What a trust policy says of a log's checkpoint, for the audit of a log and for that of a trace bundle."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from ..books.moment import seconds
from ..canonical import to_base64
from ..clock import utc_at
from ..errors import GiveTrailError, Unverifiable, VerificationError
from ..findings.finding import WHOLE, Finding
from ..findings.report import NO_WITNESSES, CosignedBy
from ..log.checkpoint import open_checkpoint
from ..log.policy import Policy, printable

PASSED_OVER = "Not checked: witness {witness}, because its key is of a type that this version does not know ({type})"
AHEAD_S = 3600


class Trust(NamedTuple):
    """The findings about a checkpoint under a trust policy; `witnessed`, `cosigned_by` and `passed_over` as in a Report; `key`, the
    log's key in base64 that signed, "" if the checkpoint was not accepted; and what was not checked, as sentences."""

    findings: tuple[Finding, ...] = ()
    witnessed: bool = False
    key: str = ""
    cosigned_by: tuple[CosignedBy, ...] = ()
    passed_over: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()


def trust_in(policy: Policy | None, note: bytes, now: str = "") -> Trust:
    """Judge a note that is a checkpoint. `now` is the caller's clock in UTC, "" if the times of witnesses are not to be compared
    with it. Raises FormatError, SizeError."""
    if policy is None:
        return Trust((Finding(WHOLE, WHOLE, "trust-anchor", "no trust policy was given; use --trust FILE"),))
    findings: tuple[Finding, ...] = ()
    try:
        policy.check(note)
    except (Unverifiable, VerificationError) as error:
        findings = (Finding(WHOLE, WHOLE, error.rule, error.message),)
    return Trust(
        findings, policy.asks_witnesses and not findings, "" if findings else _signing_key(policy, note),
        _cosigned_by(policy, note, now), tuple(printable(witness.name) for witness in policy.passed_over), unasked(policy),
    )  # fmt: skip


def unasked(policy: Policy | None) -> tuple[str, ...]:
    """What a policy leaves unchecked about witnesses, as sentences: all of them if it asks for none, and those passed over."""
    if policy is None:
        return ()
    none = () if policy.asks_witnesses else (NO_WITNESSES,)
    named = [(printable(one.name), f"0x{one.vkey.algorithm:02x}") for one in policy.passed_over]
    return none + tuple(PASSED_OVER.format(witness=name, type=algorithm) for name, algorithm in named)


def _cosigned_by(policy: Policy, note: bytes, now: str) -> tuple[CosignedBy, ...]:
    """Nobody, if a cosignature is false: then the note is refused as a whole."""
    limit = seconds(now) + AHEAD_S if now else None
    with suppress(Unverifiable, VerificationError):
        return tuple(
            CosignedBy(printable(one.witness), one.key_name, utc_at(one.time), limit is not None and one.time > limit)
            for one in policy.cosigned_by(note)
        )
    return ()


def _signing_key(policy: Policy, note: bytes) -> str:
    """The key, in base64, of the policy's log that signed a note accepted by the policy."""
    for log in policy.logs:
        with suppress(GiveTrailError):
            open_checkpoint(note, log.vkey)
            return to_base64(log.vkey.public)
    return ""
