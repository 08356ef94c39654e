"""A log that continues another one: what an audit, and the verification of a bundle, report about it.

The entries before a `succession` are those of the log that ended, as they were signed. The record names that log, their number, and
the root over them. Every report mentions the succession. If the verifier has a later checkpoint of the log that ended, it shows how
many entries were lost at least. A checkpoint is only a size and a root, so the entries before the lost ones may differ too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..books.record import Record
from ..books.state import Books
from ..entries.leaf import Leaf
from ..entries.log_keys import ended_logs
from ..errors import GiveTrailError, Unverifiable, VerificationError
from ..findings.finding import WHOLE, Finding
from ..log.checkpoint import Checkpoint, open_checkpoint
from ..log.merkle import root_before
from ..log.note import VerifierKey
from ..log_files.source import Source
from .consistency import KnownCheckpoint, check_prefix

KIND = "succession"
RULE = "continued-after-loss"


def other_root(index: int, named: str, root: bytes) -> Iterator[Finding]:
    """A finding if the succession at `index` names a different root than that over the entries before it. Finding: `ledger`."""
    if named != root.hex():
        yield Finding(index, 0, "ledger", f"continues root {named}: the {index} entries before this one have root {root.hex()}")


def continued(books: Books, elsewhere: Sequence[KnownCheckpoint], source: Source, signed: Checkpoint) -> Iterator[Finding]:
    """A finding for every log that this one continues, with the least number of entries lost, by the checkpoints `elsewhere` from
    logs of other names; and a finding for each contradiction to these checkpoints."""
    vkeys, most = ended_logs(books), dict[str, KnownCheckpoint]()
    for one in elsewhere:
        faults = list(_judged(one, books, vkeys, source, signed))
        yield from faults
        known = most.get(one.checkpoint.origin, one)
        if not faults and one.checkpoint.tree_size >= known.checkpoint.tree_size:
            most[one.checkpoint.origin] = one
    for origin, row in books.ended.items():
        yield _said(origin, row.size, most.get(origin))


def _said(origin: str, size: int, known: KnownCheckpoint | None) -> Finding:
    return Finding(size, 0, RULE, f"continues {origin!r}, of which it has {size} entries; {_lost(size, known)}")


def _lost(size: int, known: KnownCheckpoint | None) -> str:
    if known is None:
        return "only a later checkpoint of that log can tell whether it had more (give it with --since)"
    lost = known.checkpoint.tree_size - size
    if lost <= 0:
        return f"{known.name} has {known.checkpoint.tree_size} of that log, and no further loss is known"
    were = f"at least {lost} that it had signed {'was' if lost == 1 else 'were'} lost"
    return f"{known.name} has {known.checkpoint.tree_size}, so {were}; {unproven(size)}"


def unproven(size: int) -> str:
    """What a checkpoint of more than `size` entries leaves open if the entries between cannot be hashed because they are
    missing."""
    return f"whether the {size} before are the same cannot be told from it"


def _judged(
    one: KnownCheckpoint, books: Books, vkeys: Mapping[str, VerifierKey], source: Source, signed: Checkpoint
) -> Iterator[Finding]:
    """Contradictions to a checkpoint that does not name this log: another log, another key, or another history."""
    origin, size = one.checkpoint.origin, one.checkpoint.tree_size
    row = books.ended.get(origin)
    if row is None:
        message = f"{one.name}: is a checkpoint of {origin!r}, so nothing was compared with it; give one of this log"
        yield Finding(WHOLE, WHOLE, "trust-anchor", message)
        return
    try:
        open_checkpoint(one.note, vkeys[origin])
        if size <= row.size:
            check_prefix(source, size, one.checkpoint.root, signed)
    except (VerificationError, Unverifiable) as error:
        yield Finding(WHOLE, WHOLE, error.rule, f"{one.name}: {error.message}")
    except GiveTrailError as error:
        yield Finding(WHOLE, WHOLE, "checkpoint", f"{one.name}: {error.message}")


def in_bundle(leaves: Mapping[int, Leaf], proofs: Mapping[int, Sequence[bytes]], checkpoint: Checkpoint) -> Iterator[Finding]:
    """Every statement of a bundle must name the log in which its entry was made: the checkpoint's, or one that it continues
    according to the bundle's successions. Findings: `ledger`, `continued-after-loss`."""
    successions = [(index, leaf.statement.records[0]) for index, leaf in sorted(leaves.items()) if is_succession(leaf)]
    for index, leaf in leaves.items():
        origin = next((record.continues.origin for at, record in successions if at > index), checkpoint.origin)
        if leaf.statement.ledger != origin:
            yield Finding(index, WHOLE, "ledger", f"ledger {leaf.statement.ledger!r}: the entry is in the log {origin!r}")
    for index, record in successions:
        yield from other_root(index, record.continues.root, root_before(index, checkpoint.tree_size, proofs[index]))
        yield _said(record.continues.origin, index, None)


def is_succession(leaf: Leaf) -> bool:
    """Whether a log that continues another begins at this entry."""
    first: Record = leaf.statement.records[0]
    return first.kind == KIND


def of_another_log(books: Books, checkpoint: Checkpoint, key: str) -> Iterator[Finding]:
    """Entry 0, or the last succession, must name the log and its key; `key` is the one that verified the checkpoint. Finding:
    `ledger`."""
    ledger = books.ledger.get("")
    if ledger is not None and ledger.origin != checkpoint.origin:
        yield Finding(0, WHOLE, "ledger", f"ledger {ledger.origin!r}: the checkpoint is of {checkpoint.origin!r}")
        return
    if ledger is not None and key and ledger.log_key != key:
        yield Finding(0, 0, "ledger", f"log_key {ledger.log_key}: the checkpoint is signed with {key}")
