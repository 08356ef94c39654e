"""Entries that a ledger's directory has beyond its checkpoint: durable, but not acknowledged to anyone yet.

A running writer has such entries, and one that was stopped leaves them for the next to sign. So they are examined like the others,
except for the money: their form and signatures (`examine`), that each names the one before it, and that the tiles have their
hashes. If a checkpoint kept elsewhere signs for some of them, they must give its root.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import InputError, Unverifiable
from ..examination.examine import brief
from ..findings.finding import WHOLE, Finding
from ..findings.scope import Scope
from ..log.checkpoint import Checkpoint
from ..log_files.source import Source
from .consistency import KnownCheckpoint
from .tree import TreeCheck


def examine_unpublished(
    source: Source, published: TreeCheck, signed: Checkpoint, end: int, last: str, later: Sequence[KnownCheckpoint], scope: Scope
) -> Iterator[Finding]:
    """Examine the entries from the signed tree size to `end`. `published` has taken those before; `last` is the hash of the last of
    them. `later` are checkpoints of this log that sign for more entries than `signed`."""
    tree = TreeCheck(source, later)
    tree.resume(published.save())
    index = signed.tree_size
    try:
        for raw in source.entries(signed.tree_size, end):
            seen = brief(raw, index, scope)
            yield from seen.findings
            if seen.prev and seen.prev != last:
                yield Finding(index, WHOLE, "chain", f"prev {seen.prev}: the entry before it has hash {last}")
            tree.extend((seen.hash,))
            last, index = seen.hash.hex(), index + 1
    except (Unverifiable, InputError) as error:
        yield Finding(index, WHOLE, error.rule if isinstance(error, Unverifiable) else "tile", error.message)
    tree.finish(signed)
    yield from tree.findings
