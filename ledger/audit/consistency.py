"""Checkpoints of a log that were seen before, or elsewhere. The log must extend each of them, and no two may contradict each
other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from ..errors import GiveTrailError, Unverifiable, VerificationError
from ..findings.finding import WHOLE, Finding
from ..findings.report import Note
from ..log.checkpoint import Checkpoint
from ..log.merkle import prove_consistency, verify_consistency
from ..log_files.source import Source
from ..log_files.tiled import nodes


class KnownCheckpoint(NamedTuple):
    """A name for messages, the checkpoint, and its signed note, whose signature was verified."""

    name: str
    checkpoint: Checkpoint
    note: bytes = b""

    def evidence(self) -> Note:
        """The note, as evidence to show to others."""
        return Note(self.name, self.note.decode(errors="replace"))


def of_this_log(seen: Sequence[KnownCheckpoint], origin: str) -> tuple[list[KnownCheckpoint], list[KnownCheckpoint]]:
    """The checkpoints of this log, and those of others, perhaps of a log that it continues."""
    return [one for one in seen if one.checkpoint.origin == origin], [one for one in seen if one.checkpoint.origin != origin]


def forks(seen: Sequence[KnownCheckpoint]) -> Iterator[tuple[Finding, tuple[Note, Note]]]:
    """Every two checkpoints of one size with different roots: whoever signed both has shown two histories. Finding: `fork`."""
    for one, other in combinations(seen, 2):
        size = one.checkpoint.tree_size
        if size == other.checkpoint.tree_size and one.checkpoint.root != other.checkpoint.root:
            message = f"{one.name} and {other.name}: both are signed for {size} entries, but their roots differ"
            yield Finding(WHOLE, WHOLE, "fork", message), (one.evidence(), other.evidence())


def taken_away(seen: Sequence[KnownCheckpoint], tree_size: int) -> Iterator[Finding]:
    """A checkpoint larger than the log: the log was rolled back, or this is an old copy. Two notes cannot tell which. Finding:
    `consistency`."""
    for one in seen:
        size = one.checkpoint.tree_size
        if size > tree_size:
            message = f"{one.name}: it had {size} entries, but the log now has {tree_size}; entries were removed"
            yield Finding(WHOLE, WHOLE, "consistency", message)


def other_root(one: KnownCheckpoint) -> Finding:
    """The log has a different root at that size. Finding: `consistency`."""
    message = (
        f"{one.name}: at {one.checkpoint.tree_size} entries the log has a different root, so it is not the log that was seen then"
    )
    return Finding(WHOLE, WHOLE, "consistency", message)


def check_prefix(source: Source, old_size: int, old_root: bytes, signed: Checkpoint) -> None:
    """Prove from the source's tiles that a tree is a prefix of the signed one.

    Raises VerificationError; Unverifiable if tiles are missing or malformed."""
    try:
        proof = prove_consistency(old_size, signed.tree_size, nodes(source, signed.tree_size))
    except VerificationError:
        raise
    except GiveTrailError as error:
        raise Unverifiable(
            f"tiles: the proof from {old_size} entries cannot be computed: {error.message}", rule="missing",
        ) from None
    verify_consistency(old_size, signed.tree_size, proof, old_root, signed.root)
