"""The known signed heads of one log: which is the newest, and whether the available entries lead to each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from ..directory.anchor import recall
from ..errors import FormatError, InputError, Unverifiable, VerificationError
from ..log.checkpoint import Checkpoint, open_checkpoint
from ..log.merkle import Node, subtree_root
from ..log.note import VerifierKey

OUTSIDE = "the checkpoint kept outside the directory"


class Head(NamedTuple):
    """A checkpoint that the log signed, the note that contains it, and how messages refer to its place."""

    name: str
    checkpoint: Checkpoint
    note: bytes


def head_in(name: str, note: bytes, vkey: VerifierKey) -> Head:
    """The head in a note; errors name its place. Raises FormatError, SizeError, Unverifiable, VerificationError."""
    try:
        return Head(name, open_checkpoint(note, vkey), note)
    except (InputError, Unverifiable, VerificationError) as error:
        raise type(error)(f"{name}: {error.message}", rule=error.rule, where=error.where) from None


def kept_outside(vkey: VerifierKey) -> list[Head]:
    """What this machine last signed for the log; empty if nothing, or if it is damaged, which `anchor.damaged` reports.

    Raises StorageError.
    """
    note = recall(vkey.format())
    with suppress(InputError, Unverifiable, VerificationError):
        return [head_in(OUTSIDE, note, vkey)] if note is not None else []
    return []


def newest(heads: Iterable[Head]) -> Head:
    """The head with the most entries; the first of them if there are several."""
    return max(heads, key=lambda head: head.checkpoint.tree_size)


def check_heads(heads: Sequence[Head], size: int, node: Node, what: str) -> None:
    """Compare the tree over `size` entries of `what` with every head that is not beyond it.

    Raises VerificationError, rule "root", if a head has another root.
    """
    for name, checkpoint, _ in heads:
        if 0 < checkpoint.tree_size <= size and _root(checkpoint.tree_size, node) != checkpoint.root:
            raise VerificationError(
                f"{name} at {checkpoint.tree_size} entries is signed over another root than those of {what} give: some entry is "
                "damaged, or the log has two histories. Nothing was made; keep both, and run `givetrail verify` on each",
                rule="root", where=name,
            )  # fmt: skip


def _root(size: int, node: Node) -> bytes:
    try:
        return subtree_root(0, size, node)
    except FormatError:
        return b""  # a tile that is cut off does not give a root
