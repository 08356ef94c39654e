"""The Merkle tree of RFC 6962 §2.1: roots, proofs of inclusion and of consistency.

The hash of a leaf is SHA-256(0x00 ‖ data), that of a node SHA-256(0x01 ‖ left ‖ right). A tree of n leaves splits at the largest
power of two below n. Both proofs are the same thing, a proof that the tree contains a subtree over the leaves [start, end)
(draft-ietf-plants-merkle-tree-certs §4.4): for inclusion it is the subtree [index, index + 1), for consistency [0, old_size). Every
hash is 32 bytes. A proof goes from the leaves to the root.

Why the complete subtrees are enough: let 2^a + 2^b + …, with a > b > …, be the tree size in binary. RFC 6962 splits the tree at 2^a
and the rest at 2^b, until a complete subtree is left. So a tree is a chain of complete subtrees ("peaks"), the largest on the left,
and its root is hash(peak_a, hash(peak_b, … )).
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
    """Computes a root from leaf hashes given in order. It keeps the hashes of the peaks only, at most log2(size) + 1."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    @classmethod
    def resume(cls, tree_size: int, node: Node) -> Stack:
        """The stack after `tree_size` leaves, read from a stored tree."""
        stack = cls()
        stack.size, stack._peaks = tree_size, _peaks(0, tree_size, node)
        return stack

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order. If `leaves` raises, those before it have been added."""
        hashed, peaks, size = sha256, self._peaks, self.size
        try:
            for item in leaves:
                # The peaks are the 1 bits of the size. Adding a leaf is adding 1 in binary: each trailing 1 bit is a peak as large
                # as the new subtree, so the two are the halves of one complete subtree, and the 1 is carried.
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
    """The root over the leaves [start, end) of a stored tree; for `start` see `verify_subtree_consistency`."""
    return _join(_peaks(start, end, node))


def prove_inclusion(index: int, tree_size: int, node: Node) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `tree_size` leaves (RFC 6962 §2.1.1). Raises NotFound."""
    if not 0 <= index < tree_size:
        raise NotFound(f"entry {index}: the tree has {tree_size} entries; give one below that", rule="inclusion")
    return _prove(index, index + 1, tree_size, node)


def prove_consistency(old_size: int, new_size: int, node: Node) -> list[bytes]:
    """The proof that the tree of `old_size` is a prefix of the tree of `new_size` (RFC 6962 §2.1.2). Raises NotFound."""
    if not 0 <= old_size <= new_size:
        raise NotFound(f"tree size {old_size}: the tree has {new_size} entries; give a smaller size", rule="consistency")
    return _prove(0, old_size, new_size, node) if old_size else []


def verify_inclusion(leaf: bytes, index: int, tree_size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf`, a leaf hash, is number `index` of the tree. Raises VerificationError.

    The proof binds the path, not the size: trees in which the leaf has the same path cannot be told apart. The size must come from
    a signed checkpoint.
    """
    if len(leaf) != HASH_BYTES:
        raise _false("inclusion", f"a leaf hash is {HASH_BYTES} bytes, not {len(leaf)}")
    _verify(index, index + 1, tree_size, proof, leaf, root, "inclusion")


def root_before(index: int, tree_size: int, proof: Sequence[bytes]) -> bytes:
    """The root over the leaves before leaf `index`, from an inclusion proof that was already verified.

    Where the path from the root turns right, the left half is a complete subtree and ends before the leaf. These left siblings
    cover the leaves [0, index) without overlap and shrink from left to right, so they are the peaks of that tree.
    """
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
    """Check that the tree contains the subtree [start, end) with root `subtree`. Raises VerificationError.

    `start` must be a multiple of the smallest power of two that is not below end - start. An empty subtree is not compared with the
    tree: its root must be EMPTY_ROOT and the proof empty.
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
    """Compute both roots from the proof and compare them (merkle-tree-certs §4.4.3).

    The indexes alone decide on which side each hash goes and how many there are. So if `whole` is the signed root, every hash used
    is that of a node of the signed tree, or SHA-256 has a collision. `part` is made from those of the same hashes that are within
    the subtree. So if `part` is also the root that was given, the tree contains that subtree.
    """
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

    `first`, `last` and `top` are indexes of nodes at the current level: those over the first leaf of the subtree, its last leaf,
    and the last leaf of the tree.
    """
    while first != last and (last & 1 or last == top):
        first, last, top = first >> 1, last >> 1, top >> 1
    # The climb starts at the largest node of the tree that is within the subtree and ends with it. While `last` is a right child,
    # its parent ends at the same leaf; at the right edge of the tree, a node without a sibling is also its own parent. If that node
    # is the whole subtree, its root is known; otherwise the proof begins with its hash.
    seed, *path = (subtree, *proof) if first == last or not proof else proof
    part = whole = seed
    for sibling in path:
        if top == 0:
            raise _false(rule, "it is longer than the tree allows")
        if last & 1 or last == top:
            part = node_hash(sibling, part) if first < last else part
            whole = node_hash(sibling, whole)
            while not last & 1:  # at the right edge, a level where the node has no sibling
                first, last, top = first >> 1, last >> 1, top >> 1
        else:
            whole = node_hash(whole, sibling)
        first, last, top = first >> 1, last >> 1, top >> 1
    if top != 0:
        raise _false(rule, "it is shorter than the tree needs")
    return part, whole


def _prove(start: int, end: int, tree_size: int, node: Node) -> list[bytes]:
    """The siblings on the way from the subtree [start, end), which is not empty, up to the root (merkle-tree-certs §4.4.1).

    It goes down from the root. The path leaves out one half of each node, so the verifier needs the root of that half.
    """
    low, high, known = 0, tree_size, True
    path: list[tuple[int, int]] = []
    while (start, end) != (low, high):
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if end <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            # If the split cuts the subtree, its left part is the whole left half, which both trees contain, and the path goes on to
            # its right part. The verifier knows only the root of both parts together, so the proof must give that of the last part
            # too.
            known = start >= middle
            start, low = max(start, middle), middle
    if not known:
        path.append((low, high))
    return [subtree_root(low, high, node) for low, high in reversed(path)]


def _peaks(start: int, end: int, node: Node) -> list[bytes]:
    """The hashes of the complete subtrees that make up [start, end), the largest first.

    `start` is a multiple of a power of two that is not below end - start. So it is a multiple of the largest power of two within
    end - start, and what follows is shorter and starts at a multiple of that: each subtree is a node of the stored tree.
    """
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    return peaks


def _join(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that shrink from left to right; the two smallest, on the right, are joined first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks)) if peaks else EMPTY_ROOT


def _check_subtree(start: int, end: int, rule: str) -> None:
    if not 0 <= start < end or start % (1 << (end - start - 1).bit_length()):
        raise _false(rule, f"leaves {start} to {end} are not a subtree")


def _false(rule: str, why: str) -> VerificationError:
    return VerificationError(
        f"the {rule} proof is false: {why}; ask for it again, and if it is false again, do not trust its source", rule=rule,
    )
