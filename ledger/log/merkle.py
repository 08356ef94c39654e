"""The Merkle tree of RFC 6962 §2.1: roots, proofs of inclusion and of consistency.

A leaf hashes to SHA-256(0x00 ‖ data), a node to SHA-256(0x01 ‖ left ‖ right); a tree of n leaves splits at the largest
power of two below n. Both proofs are one thing, the proof that a subtree over the leaves [start, end) stands in it
(draft-ietf-plants-merkle-tree-certs §4.4): inclusion is the subtree [index, index + 1), consistency [0, old_size).
Every hash is 32 bytes. A proof goes from the leaves to the root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from hashlib import sha256

from ..errors import NotFound, VerificationError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""`node(level, index)`: the hash of the complete subtree over the leaves [index << level, (index + 1) << level)."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Stack:
    """A root in the making: leaf hashes go in, one hash per complete subtree is kept, at most log2(size) + 1 in all."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    @classmethod
    def resume(cls, tree_size: int, node: Node) -> Stack:
        """The stack as it was after `tree_size` leaves, read from a stored tree."""
        stack = cls()
        stack.size, stack._peaks = tree_size, _peaks(0, tree_size, node)
        return stack

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order; when `leaves` raises, those before are in."""
        hashed, peaks, size = sha256, self._peaks, self.size
        try:
            for item in leaves:
                # Each 1 at the end of the binary size is a complete subtree waiting for this one as its right half.
                waiting = size
                while waiting & 1:
                    item = hashed(b"\x01" + peaks.pop() + item).digest()
                    waiting >>= 1
                peaks.append(item)
                size += 1
        finally:
            self.size = size

    def root(self) -> bytes:
        """The root over all leaves so far; EMPTY_ROOT when there are none."""
        return _join(self._peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    stack = Stack()
    stack.extend(leaves)
    return stack.root()


def subtree_root(start: int, end: int, node: Node) -> bytes:
    """The root over the leaves [start, end) of a stored tree; `start` as for `verify_subtree_consistency`."""
    return _join(_peaks(start, end, node))


def prove_inclusion(index: int, tree_size: int, node: Node) -> list[bytes]:
    """The path of leaf `index` in the tree of `tree_size` leaves (RFC 6962 §2.1.1). Raises NotFound."""
    if not 0 <= index < tree_size:
        raise NotFound(f"entry {index}: the tree has {tree_size} entries; give one below that", rule="inclusion")
    return _prove(index, index + 1, tree_size, node)


def prove_consistency(old_size: int, new_size: int, node: Node) -> list[bytes]:
    """The proof that the tree of `old_size` is a prefix of that of `new_size` (RFC 6962 §2.1.2). Raises NotFound."""
    if not 0 <= old_size <= new_size:
        raise NotFound(f"tree size {old_size}: the tree has {new_size} entries; give a smaller size", rule="consistency")
    return _prove(0, old_size, new_size, node) if old_size else []


def verify_inclusion(leaf: bytes, index: int, tree_size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf`, a leaf hash, is number `index` of the tree. Raises VerificationError.

    The proof binds the path, not the size: it cannot tell apart the trees in which the leaf has the same path. The size
    must come from a signed checkpoint.
    """
    if len(leaf) != HASH_BYTES:
        raise _false("inclusion", f"a leaf hash is {HASH_BYTES} bytes, not {len(leaf)}")
    _verify(index, index + 1, tree_size, proof, leaf, root, "inclusion")


def root_before(index: int, tree_size: int, proof: Sequence[bytes]) -> bytes:
    """The root over the leaves before leaf `index`, from its inclusion proof, which was found good: left of its path are the
    complete subtrees that they fall into."""
    peaks, top = [], tree_size - 1
    for sibling in proof:
        if index & 1 or index == top:
            peaks.append(sibling)
            while not index & 1 and index:
                index, top = index >> 1, top >> 1
        index, top = index >> 1, top >> 1
    return _join(peaks[::-1])


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the old tree is a prefix of the new one. Raises VerificationError.

    The empty tree is a prefix of every tree: its root must be EMPTY_ROOT and the proof empty.
    """
    if old_size == 0:
        verify_subtree_consistency(0, 0, new_size, proof, old_root, new_root)
        if len(new_root) != HASH_BYTES or (new_size == 0 and new_root != EMPTY_ROOT):
            raise _false("consistency", f"{new_root.hex()} is not the root of a tree of {new_size}")
    else:
        _verify(0, old_size, new_size, proof, old_root, new_root, "consistency")


def verify_subtree_inclusion(
    leaf: bytes, index: int, start: int, end: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that `leaf` is number `index` of the tree, below its subtree [start, end). Raises VerificationError."""
    _check_subtree(start, end, "inclusion")
    verify_inclusion(leaf, index - start, end - start, proof, root)


def verify_subtree_consistency(
    start: int, end: int, tree_size: int, proof: Sequence[bytes], subtree: bytes, root: bytes
) -> None:
    """Check that the subtree [start, end) with root `subtree` stands in the tree. Raises VerificationError.

    `start` must be a multiple of the smallest power of two that is not below end - start. Of an empty subtree nothing
    is compared with the tree: its root must be EMPTY_ROOT and the proof empty.
    """
    if 0 <= start == end <= tree_size:
        if proof or subtree != EMPTY_ROOT:
            raise _false("consistency", "an empty tree has the root of no leaves and needs no proof")
    else:
        _check_subtree(start, end, "consistency")
        _verify(start, end, tree_size, proof, subtree, root, "consistency")


def _verify(
    start: int, end: int, tree_size: int, proof: Sequence[bytes], subtree: bytes, root: bytes, rule: str
) -> None:
    """Climb from the subtree [start, end) to the root and compare both (merkle-tree-certs §4.4.3)."""
    if not 0 <= start < end <= tree_size:
        raise _false(rule, f"leaves {start} to {end} are not within a tree of {tree_size}")
    if any(len(item) != HASH_BYTES for item in proof):
        raise _false(rule, f"it contains something other than hashes of {HASH_BYTES} bytes")
    part, whole = _climb(start, end - 1, tree_size - 1, proof, subtree, rule)
    if part != subtree:
        raise _false(rule, f"it leads to the earlier root {part.hex()}, not to {subtree.hex()}")
    if whole != root:
        raise _false(rule, f"it leads to the root {whole.hex()}, not to {root.hex()}")


def _climb(first: int, last: int, top: int, proof: Sequence[bytes], subtree: bytes, rule: str) -> tuple[bytes, bytes]:
    """The roots of the subtree and of the whole tree that `proof` leads to.

    `first`, `last` and `top` number the nodes, on the level reached so far, over the first leaf of the subtree, its
    last leaf and the last leaf of the tree.
    """
    while first != last and (last & 1 or last == top):
        first, last, top = first >> 1, last >> 1, top >> 1
    # A subtree that is itself a node of the tree is the start of the climb; else the proof begins with its last part.
    seed, *path = (subtree, *proof) if first == last or not proof else proof
    part = whole = seed
    for sibling in path:
        if top == 0:
            raise _false(rule, "it is longer than the tree allows")
        if last & 1 or last == top:
            part = node_hash(sibling, part) if first < last else part
            whole = node_hash(sibling, whole)
            while not last & 1:  # levels where the right edge stands alone have no sibling
                first, last, top = first >> 1, last >> 1, top >> 1
        else:
            whole = node_hash(whole, sibling)
        first, last, top = first >> 1, last >> 1, top >> 1
    if top != 0:
        raise _false(rule, "it is shorter than the tree needs")
    return part, whole


def _prove(start: int, end: int, tree_size: int, node: Node) -> list[bytes]:
    """The siblings from the subtree [start, end), not empty, up to the root (merkle-tree-certs §4.4.1)."""
    low, high, known = 0, tree_size, True
    path: list[tuple[int, int]] = []
    while (start, end) != (low, high):
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if end <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            # Of a subtree that is cut here the verifier does not know the right part's root.
            known = start >= middle
            start, low = max(start, middle), middle
    if not known:
        path.append((low, high))
    return [subtree_root(low, high, node) for low, high in reversed(path)]


def _peaks(start: int, end: int, node: Node) -> list[bytes]:
    """The hashes of the complete subtrees that [start, end) falls into, from the largest on."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    return peaks


def _join(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that shrink from left to right."""
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks)) if peaks else EMPTY_ROOT


def _check_subtree(start: int, end: int, rule: str) -> None:
    if not 0 <= start < end or start % (1 << (end - start - 1).bit_length()):
        raise _false(rule, f"leaves {start} to {end} are not a subtree")


def _false(rule: str, why: str) -> VerificationError:
    return VerificationError(
        f"the {rule} proof is false: {why}; ask for it again, and if it is false again, do not trust its source", rule=rule,
    )
