"""What this machine keeps outside a ledger's own directory, for a verification of that directory to compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from ..directory.anchor import damaged, recall
from ..directory.opening import open_reader
from ..entries.log_keys import ended_logs
from ..errors import GiveTrailError, InputError, Unverifiable, VerificationError
from ..log.checkpoint import open_checkpoint
from ..log.note import VerifierKey
from ..log.policy import Policy
from ..log_files.source import Source
from .consistency import KnownCheckpoint
from .verify import KEPT_HERE


def kept_here(source: Source, policy: Policy) -> Iterator[KnownCheckpoint]:
    """The last checkpoints that this machine signed for a ledger's own directory, which may have been replaced by an older copy,
    and for the logs that it continues."""
    for vkey in (log.vkey for log in policy.logs):
        with suppress(VerificationError, Unverifiable, InputError):
            open_checkpoint(source.checkpoint(), vkey)
            for one in (vkey, *_continued(source.name)):
                note = recall(one.format())
                if note is not None and damaged(one) is None:
                    yield KnownCheckpoint(KEPT_HERE, open_checkpoint(note, one), note)


def not_readable(policy: Policy) -> Iterator[str]:
    """What is kept outside a ledger's own directory but cannot be compared because it is damaged."""
    for found in filter(None, (damaged(log.vkey) for log in policy.logs)):
        yield f"{KEPT_HERE}: {found.words}; `givetrail repair` repairs it"


def _continued(directory: str) -> Iterator[VerifierKey]:
    """The keys of the logs that a ledger continues; none if its books cannot be read, because the verification can do without
    them."""
    with suppress(GiveTrailError):
        store, books = open_reader(Path(directory))
        with closing(store):
            yield from ended_logs(books).values()
