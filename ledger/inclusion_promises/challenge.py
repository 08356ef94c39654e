"""The challenge: a file with which a donor shows that an inclusion promise was not kept (formats §8).

    {"checkpoint":"<note>","inclusion_promise":{…},"last_entry":{"entry":"<base64>","index":…,"proof":["<hex>",…]},
     "says":"…","timestamps":[],"v":1}

It holds the promise, a checkpoint of the log, and the proof that `enter_by` has passed for that checkpoint. It cannot hold a proof
that the gift is not in the log, because a log has no proof of absence. Whoever judges it reads the log up to the checkpoint's size.
"""

from __future__ import annotations

from typing import NamedTuple

from ..canonical import decode, encode, from_base64, from_hex, to_base64
from ..clock import LAST, utc_at
from ..entries.inclusion_promise import Signed, open_inclusion_promise
from ..errors import FormatError, GiveTrailError, Unverifiable, VerificationError
from ..log.checkpoint import Checkpoint, checkpoint_in
from ..log.entry import decode_entry
from ..log.merkle import leaf_hash, prove_inclusion, verify_inclusion
from ..log.policy import Policy
from ..log_files.source import Source
from ..log_files.tiled import nodes

VERSION = 1
CHALLENGE_BYTES = 1 << 20
MEMBERS = {"checkpoint", "inclusion_promise", "last_entry", "says", "timestamps", "v"}
SAYS = (
    "No entry up to the size of this checkpoint has the promised reference. A log has no proof of absence, so this file does not "
    "prove it: whoever judges this challenge must read every entry of the log up to that size."
)


class LastEntry(NamedTuple):
    """The last entry under a checkpoint: its bytes, the index `at` which it is, and its inclusion proof."""

    raw: bytes
    at: int
    proof: tuple[bytes, ...]


class Challenge(NamedTuple):
    """The content of a challenge: the inclusion promise, whose signature is true, the checkpoint's note, and the last entry."""

    signed: Signed
    note: bytes
    last: LastEntry


def make_challenge(signed: Signed, source: Source) -> Challenge:
    """The challenge with the checkpoint that a source has now. Raises Unverifiable if entries or tiles are missing, or if the log
    is empty."""
    note = source.checkpoint()
    size = checkpoint_in(note).tree_size
    for raw in source.entries(size - 1, size) if size else ():
        proof = tuple(prove_inclusion(size - 1, size, nodes(source, size)))
        return Challenge(signed, note, LastEntry(raw, size - 1, proof))
    raise Unverifiable("the log has no entries, so it shows no time; ask again later", rule="empty")


def format_challenge(challenge: Challenge) -> bytes:
    """The file's canonical bytes."""
    raw, at, proof = challenge.last
    last = {"entry": to_base64(raw), "index": at, "proof": [step.hex() for step in proof]}
    return encode({
        "checkpoint": challenge.note.decode(), "inclusion_promise": decode(challenge.signed.raw), "last_entry": last,
        "says": SAYS, "timestamps": [], "v": VERSION,
    })  # fmt: skip


def parse_challenge(raw: bytes) -> Challenge:
    """Inverse of `format_challenge`, one newline after it aside. Checkpoint and proof are not verified.

    Raises SizeError, CanonicalError, SchemaError, FormatError; Unverifiable for a later version; VerificationError
    ("inclusion-promise-false") if the inclusion promise in it is false."""
    raw = raw.removesuffix(b"\n")
    value = decode(raw, "challenge", CHALLENGE_BYTES)
    if not isinstance(value, dict) or set(value) != MEMBERS or type(value["v"]) is not int:
        raise FormatError(f"challenge: must have {', '.join(sorted(MEMBERS))}; get the file again", rule="challenge")
    if value["v"] != VERSION:
        words = f"challenge: v {value['v']}; this program knows {VERSION} only; verify with a later version of it"
        raise Unverifiable(words, rule="version")
    try:
        last = value["last_entry"]
        steps = tuple(from_hex(step, 32) for step in last["proof"])
        challenge = Challenge(
            open_inclusion_promise(encode(value["inclusion_promise"])), value["checkpoint"].encode(),
            LastEntry(from_base64(last["entry"]), last["index"], steps),
        )  # fmt: skip
        if type(last["index"]) is int and format_challenge(challenge) == raw:
            return challenge
    except (KeyError, TypeError, AttributeError):
        pass
    raise FormatError("challenge: a member is not in the form of formats §8; get the file again", rule="challenge")


def has_passed(challenge: Challenge, policy: Policy) -> str:
    """How the checkpoint proves that `enter_by` has passed, in words; "" if it does not.

    Two clocks are asked: that of the log, in the time of its last entry, and those of the policy's witnesses, of which as many must
    say it as the quorum has. A timestamp on the checkpoint would be a third (`timestamps`).

    Raises what `Policy.check` raises; VerificationError (`inclusion`) if the last entry is not the checkpoint's; InputError,
    Unverifiable if it cannot be read.
    """
    checkpoint, enter_by = policy.check(challenge.note), challenge.signed.promise.enter_by
    last = _last_time(challenge.last, checkpoint)
    if last > enter_by:
        return f"the last entry, {challenge.last.at}, is of {last}"
    times = {one.witness: utc_at(min(one.time, LAST)) for one in policy.cosigned_by(challenge.note)}
    later = {name: at for name, at in times.items() if at > enter_by}
    if policy.relies_on(set(later)):
        return "cosigned by " + ", ".join(f"{name} at {at}" for name, at in sorted(later.items()))
    return ""


def _last_time(last: LastEntry, checkpoint: Checkpoint) -> str:
    if last.at != checkpoint.tree_size - 1:
        words = f"challenge: entry {last.at} is not the last of {checkpoint.tree_size}; make the challenge again"
        raise VerificationError(words, rule="inclusion")
    verify_inclusion(leaf_hash(last.raw), last.at, checkpoint.tree_size, last.proof, checkpoint.root)
    return decode_entry(last.raw).time


class Posed(NamedTuple):
    """A challenge as somebody poses it: the name of its file, the promise, the note, and the checkpoint. One that cannot be judged
    has only the name and, in `refused`, why."""

    name: str
    refused: str = ""
    signed: Signed | None = None
    checkpoint: Checkpoint | None = None
    note: bytes = b""


def pose(name: str, raw: bytes, policy: Policy, source: Source) -> Posed:
    """Judge what does not need the log's entries: that the inclusion promise is signed, that the checkpoint is of the same log and
    accepted by the policy, and that it proves that `enter_by` has passed.

    Raises what `parse_challenge` raises if this is not a challenge, except VerificationError; Unverifiable if the source has no
    checkpoint."""
    origin = checkpoint_in(source.checkpoint()).origin
    try:
        challenge = parse_challenge(raw)
    except VerificationError as error:
        return Posed(name, error.message)
    try:
        checkpoint = checkpoint_in(challenge.note)
        if checkpoint.origin != origin:
            return Posed(name, f"its checkpoint is of the log {checkpoint.origin}, not of {origin}")
        if not has_passed(challenge, policy):
            enter_by = challenge.signed.promise.enter_by
            return Posed(name, f"its checkpoint does not prove that {enter_by} has passed")
    except GiveTrailError as error:
        return Posed(name, error.message)
    return Posed(name, "", challenge.signed, checkpoint, challenge.note)
