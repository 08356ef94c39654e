"""Whether two checkpoints of one log can both be true, proven from the log's tiles."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import InputError, Unverifiable, VerificationError
from ..log.checkpoint import Checkpoint
from ..log_files.mirror import root_at
from ..log_files.source import Source

ROLLED_BACK = "consistency"
FORK = "fork"


class Contradiction(NamedTuple):
    """`rule` is "fork" if both cannot be true, "consistency" if a log took back what it had shown, "tile" if the log's files do not
    lead to the root that it signs. `why` is the end of a sentence."""

    rule: str
    why: str


def extends(new: Checkpoint, old: Checkpoint, tiles: Source) -> Contradiction | None:
    """What is wrong if a log shows `new` after `old`; None if nothing. `tiles` are under `new`.

    Raises Unverifiable if a tile cannot be had.
    """
    if new.tree_size == old.tree_size:
        return None if new.root == old.root else Contradiction(FORK, "no log can have two roots at one size")
    if new.tree_size < old.tree_size:
        return Contradiction(ROLLED_BACK, "the log was rolled back, or the server shows an old copy")
    return within(old, new, tiles)


def within(smaller: Checkpoint, larger: Checkpoint, tiles: Source) -> Contradiction | None:
    """What is wrong if the smaller tree is not the beginning of the larger one. `tiles` are under the larger one.

    Raises Unverifiable if a tile cannot be had.
    """
    try:
        root = root_at(smaller.tree_size, larger, tiles)
    except (VerificationError, InputError) as error:
        return Contradiction("tile", f"the log's own files do not lead to the root that it signs ({error.message})")
    return None if root == smaller.root else Contradiction(FORK, "they contradict each other")


def taken_back(new: Checkpoint, old: Checkpoint, tiles: Source) -> Contradiction:
    """What a log did that shows a smaller tree than before. `tiles` are under `old`, if the server still has them."""
    try:
        found = within(new, old, tiles)
    except Unverifiable:
        found = None
    if found is not None and found.rule == FORK:
        return found
    return Contradiction(ROLLED_BACK, "the log was rolled back, or the server shows an old copy")
