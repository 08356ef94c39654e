"""The tree against its definition, against other people's vectors and code, and against damage."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from ledger.canonical import from_base64
from ledger.errors import NotFound, VerificationError
from ledger.log.merkle import (
    EMPTY_ROOT,
    Stack,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
    subtree_root,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "merkle" / "testdata"
CASES = sorted(VECTORS.rglob("*.json"))
SMALL = range(71)


# The definitions of RFC 6962 §2.1, word by word, over a list of leaf hashes.


def split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def subproof(start: int, end: int, leaves: list[bytes], known: bool = True) -> list[bytes]:
    """With `start` 0 that of RFC 6962 §2.1.2, else SUBTREE_SUBPROOF of draft-ietf-plants-merkle-tree-certs §4.4.1."""
    if (start, end) == (0, len(leaves)):
        return [] if known else [mth(leaves)]
    k = split(len(leaves))
    if end <= k:
        return [*subproof(start, end, leaves[:k], known), mth(leaves[k:])]
    if k <= start:
        return [*subproof(start - k, end - k, leaves[k:], known), mth(leaves[:k])]
    return [*subproof(0, end - k, leaves[k:], False), mth(leaves[:k])]


def subtrees(size: int) -> list[tuple[int, int]]:
    """All [start, end) whose start is a multiple of the smallest power of two that is not below end - start."""
    powers = [1 << level for level in range(8)]
    spans = [(start, end) for start in range(size) for end in range(start + 1, size + 1)]
    return [(start, end) for start, end in spans if start % next(p for p in powers if p >= end - start) == 0]


def shape_of_path(index: int, size: int) -> str:
    """On which side the siblings stand: all that a proof of inclusion says about index and size."""
    if not 0 <= index < size:
        return "none"
    if size == 1:
        return "leaf"
    k = split(size)
    return f"{shape_of_path(index, k)} right" if index < k else f"{shape_of_path(index - k, size - k)} left"


def shape_of_subproof(old_size: int, size: int, known: bool = True) -> str:
    """The same for a proof of consistency."""
    if not 0 < old_size <= size:
        return "none"
    if old_size == size:
        return "root" if known else "part"
    k = split(size)
    if old_size <= k:
        return f"{shape_of_subproof(old_size, k, known)} right"
    return f"{shape_of_subproof(old_size - k, size - k, False)} left"


def flipped(raw: bytes):
    """Every version of `raw` with one bit flipped."""
    for bit in range(len(raw) * 8):
        yield (int.from_bytes(raw) ^ 1 << bit).to_bytes(len(raw))


def verdict(verify: Callable[..., None], *arguments: object) -> bool:
    try:
        verify(*arguments)
    except VerificationError:
        return False
    return True


@pytest.mark.skipif(not CASES, reason="the vectors of transparency-dev/merkle are not beside the project")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(VECTORS).as_posix())
def test_vector_of_transparency_dev(case: Path):
    v = json.loads(case.read_text())
    proof = [from_base64(item) for item in v["proof"] or []]
    match case.relative_to(VECTORS).parts[0]:
        case "inclusion":
            leaf, root = from_base64(v["leafHash"]), from_base64(v["root"])
            accepted = verdict(verify_inclusion, leaf, v["leafIdx"], v["treeSize"], proof, root)
        case "consistency":
            roots = from_base64(v["root1"]), from_base64(v["root2"])
            accepted = verdict(verify_consistency, v["size1"], v["size2"], proof, *roots)
        case "subtreeinclusion":
            leaf, root = from_base64(v["leafHash"]), from_base64(v["root"])
            accepted = verdict(verify_subtree_inclusion, leaf, v["leafIdx"], v["start"], v["end"], proof, root)
        case "subtreeconsistency":
            roots = from_base64(v["root1"]), from_base64(v["root2"])
            accepted = verdict(verify_subtree_consistency, v["start"], v["end"], v["size"], proof, *roots)
    assert accepted != v["wantErr"], v["desc"]


def test_roots_of_certificate_transparency():
    """The leaves and roots of the reference implementation of RFC 6962 (certificate-transparency, merkle_tree_test)."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    leaves = [leaf_hash(bytes.fromhex(item)) for item in data]
    assert [root_of(leaves[: size + 1]).hex() for size in range(8)] == roots
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_proofs_of_the_tree_in_rfc_6962(leaves, stored):
    """RFC 6962 §2.1.3, with its letters."""
    a, b, c, d, e, f, j = leaves[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741
    node = stored(leaves)
    assert root_of(leaves[:7]) == node_hash(k, l)
    assert prove_inclusion(0, 7, node) == [b, h, l]
    assert prove_inclusion(3, 7, node) == [c, g, l]
    assert prove_inclusion(4, 7, node) == [f, j, k]
    assert prove_inclusion(6, 7, node) == [i, k]
    assert prove_consistency(3, 7, node) == [c, d, g, l]
    assert prove_consistency(4, 7, node) == [l]
    assert prove_consistency(6, 7, node) == [i, j, k]


def test_roots_equal_the_definition(leaves, stored):
    stack = Stack()
    for size in SMALL:
        assert stack.size == size
        assert stack.root() == root_of(leaves[:size]) == subtree_root(0, size, stored(leaves)) == mth(leaves[:size])
        stack.append(leaves[size])


@given(st.lists(st.integers(0, 40), max_size=12))
def test_a_stack_does_not_care_how_leaves_come(chunks: list[int]):
    leaves = [leaf_hash(bytes([number // 256, number % 256])) for number in range(sum(chunks))]
    stack, start = Stack(), 0
    for chunk in chunks:
        stack.extend(iter(leaves[start : start + chunk]))
        start += chunk
    assert (stack.size, stack.root()) == (len(leaves), mth(leaves))


def test_a_stack_resumes_from_a_stored_tree(leaves, stored):
    for size in SMALL:
        stack = Stack.resume(size, stored(leaves))
        stack.extend(leaves[size:100])
        assert (stack.size, stack.root()) == (100, mth(leaves[:100]))


def test_a_stack_keeps_what_came_before_a_failing_source(leaves):
    def source():
        yield from leaves[:5]
        raise OSError("gone")

    stack = Stack()
    with pytest.raises(OSError, match="gone"):
        stack.extend(source())
    assert (stack.size, stack.root()) == (5, mth(leaves[:5]))


def test_every_inclusion_proof_equals_the_definition_and_verifies(leaves, stored):
    node = stored(leaves)
    for size in SMALL[1:]:
        root = mth(leaves[:size])
        for index in range(size):
            proof = prove_inclusion(index, size, node)
            assert proof == path(index, leaves[:size])
            verify_inclusion(leaves[index], index, size, proof, root)


def test_every_consistency_proof_equals_the_definition_and_verifies(leaves, stored):
    node = stored(leaves)
    for size in SMALL:
        for old_size in range(size + 1):
            proof = prove_consistency(old_size, size, node)
            assert proof == (subproof(0, old_size, leaves[:size]) if old_size else [])
            verify_consistency(old_size, size, proof, mth(leaves[:old_size]), mth(leaves[:size]))


@given(st.data())
def test_proofs_in_larger_trees(leaves: list[bytes], stored, data: st.DataObject):
    size = data.draw(st.integers(1, 1000))
    index, old_size = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    node, root = stored(leaves), root_of(leaves[:size])
    verify_inclusion(leaves[index], index, size, prove_inclusion(index, size, node), root)
    verify_consistency(old_size, size, prove_consistency(old_size, size, node), root_of(leaves[:old_size]), root)


def test_inclusion_refuses_every_flipped_bit(leaves, stored):
    node = stored(leaves)
    for size in [*range(1, 18), 70]:
        root = mth(leaves[:size])
        for index in range(0, size, 1 if size < 18 else 23):
            leaf, proof = leaves[index], prove_inclusion(index, size, node)
            for number, item in enumerate(proof):
                for bad in flipped(item):
                    changed = [*proof[:number], bad, *proof[number + 1 :]]
                    assert not verdict(verify_inclusion, leaf, index, size, changed, root)
            assert not any(verdict(verify_inclusion, bad, index, size, proof, root) for bad in flipped(leaf))
            assert not any(verdict(verify_inclusion, leaf, index, size, proof, bad) for bad in flipped(root))


def test_consistency_refuses_every_flipped_bit(leaves, stored):
    node = stored(leaves)
    for size in [*range(1, 18), 70]:
        new = mth(leaves[:size])
        for old_size in range(1, size + 1, 1 if size < 18 else 23):
            old, proof = mth(leaves[:old_size]), prove_consistency(old_size, size, node)
            for number, item in enumerate(proof):
                for bad in flipped(item):
                    changed = [*proof[:number], bad, *proof[number + 1 :]]
                    assert not verdict(verify_consistency, old_size, size, changed, old, new)
            assert not any(verdict(verify_consistency, old_size, size, proof, bad, new) for bad in flipped(old))
            assert not any(verdict(verify_consistency, old_size, size, proof, old, bad) for bad in flipped(new))


def test_every_subtree_verifies_and_its_neighbours_do_not(leaves):
    for size in SMALL[1:34]:
        root = mth(leaves[:size])
        for start, end in subtrees(size):
            subtree, proof = mth(leaves[start:end]), subproof(start, end, leaves[:size])
            verify_subtree_consistency(start, end, size, proof, subtree, root)
            for bad in (mth(leaves[start + 1 : end + 1]), mth(leaves[start : end + 1]), subtree + b"\0"):
                assert not verdict(verify_subtree_consistency, start, end, size, proof, bad, root)
            for bad in (mth(leaves[: size + 1]), mth(leaves[1:size]), root + b"\0"):
                assert not verdict(verify_subtree_consistency, start, end, size, proof, subtree, bad)
            for index in range(start, end):
                inner = path(index - start, leaves[start:end])
                verify_subtree_inclusion(leaves[index], index, start, end, inner, subtree)
                assert not verdict(verify_subtree_inclusion, leaves[index], index + 1, start, end, inner, subtree)


def test_what_is_not_a_subtree_is_refused_though_the_hashes_fit(leaves):
    a, b, c, d = leaves[:4]
    ab, root = node_hash(a, b), mth(leaves[:4])
    # The climb for [1, 3) would take node_hash(ab, c) for its root.
    assert not verdict(verify_subtree_consistency, 1, 3, 4, [c, d, ab], node_hash(ab, c), root)
    assert not verdict(verify_subtree_inclusion, b, 1, 1, 3, [c], node_hash(b, c))
    for start, end in [(-2, 0), (0, 0), (2, 0), (2, 2), (3, 2)]:
        assert not verdict(verify_subtree_inclusion, b, start + 1, start, end, [a], ab)
        if start != end:
            assert not verdict(verify_subtree_consistency, start, end, 4, [node_hash(c, d)], ab, root)


def test_bytes_cannot_move_from_a_root_into_the_proof(leaves):
    """A node hashes the same bytes wherever the cut between its halves is: all hashes must be 32 bytes."""
    a, b = leaves[:2]
    root = node_hash(a, b)
    verify_consistency(1, 2, [b], a, root)
    assert not verdict(verify_consistency, 1, 2, [a[31:] + b], a[:31], root)
    assert not verdict(verify_inclusion, a[:31], 0, 2, [a[31:] + b], root)
    assert not verdict(verify_inclusion, a + b[:1], 0, 2, [b[1:]], root)


def test_another_index_or_size_is_refused_unless_the_path_is_the_same(leaves, stored):
    """A proof says nothing about the size but the shape of the path: the size is for the checkpoint to say."""
    node = stored(leaves)
    for size in SMALL[1:34]:
        root = mth(leaves[:size])
        for index in range(size):
            proof, shape = prove_inclusion(index, size, node), shape_of_path(index, size)
            for other in range(-1, 72):
                same = shape_of_path(index, other) == shape
                assert verdict(verify_inclusion, leaves[index], index, other, proof, root) == same
                assert verdict(verify_inclusion, leaves[index], other, size, proof, root) == (other == index)


def test_other_tree_sizes_are_refused_unless_the_path_is_the_same(leaves, stored):
    node = stored(leaves)
    for size in SMALL[1:34]:
        new = mth(leaves[:size])
        for old_size in range(1, size + 1):
            proof, shape = prove_consistency(old_size, size, node), shape_of_subproof(old_size, size)
            old = mth(leaves[:old_size])
            for other in range(-1, 72):
                same = shape_of_subproof(old_size, other) == shape
                assert verdict(verify_consistency, old_size, other, proof, old, new) == same
                same = shape_of_subproof(other, size) == shape
                assert verdict(verify_consistency, other, size, proof, old, new) == same


def test_a_proof_that_is_too_long_or_too_short_is_refused(leaves, stored):
    node = stored(leaves)
    for size in SMALL[1:]:
        root = mth(leaves[:size])
        for index in range(size):
            proof = prove_inclusion(index, size, node)
            for changed in ([*proof, root], [root, *proof], proof[1:] if proof else [b""]):
                assert not verdict(verify_inclusion, leaves[index], index, size, changed, root)
            old, proof = mth(leaves[: index + 1]), prove_consistency(index + 1, size, node)
            for changed in ([*proof, root], [root, *proof], proof[1:] if proof else [old], proof[:-1] or [old]):
                assert not verdict(verify_consistency, index + 1, size, changed, old, root)


def test_the_empty_tree_is_a_prefix_of_every_tree(leaves):
    root = root_of(leaves)
    verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    verify_consistency(0, 1000, [], EMPTY_ROOT, root)
    for wrong in [(0, 1000, [], root, root), (0, 1000, [root], EMPTY_ROOT, root), (0, 0, [], EMPTY_ROOT, root)]:
        assert not verdict(verify_consistency, *wrong)


def test_a_leaf_is_no_node(leaves):
    """The prefixes keep a node's children from being passed off as the data of a leaf."""
    root = root_of(leaves[:2])
    assert leaf_hash(leaves[0] + leaves[1]) != root
    assert not verdict(verify_inclusion, leaves[0] + leaves[1], 0, 1, [], root)


def test_what_is_not_in_the_tree_cannot_be_proved(leaves, stored):
    for index in (-1, 7, 8):
        with pytest.raises(NotFound, match=str(index)):
            prove_inclusion(index, 7, stored(leaves))
    for old_size in (-1, 8):
        with pytest.raises(NotFound, match=str(old_size)):
            prove_consistency(old_size, 7, stored(leaves))


def test_a_false_proof_says_which_rule_it_breaks(leaves):
    with pytest.raises(VerificationError, match="root") as caught:
        verify_inclusion(leaves[0], 0, 1, [], leaves[1])
    assert caught.value.rule == "inclusion"
    with pytest.raises(VerificationError, match="root") as caught:
        verify_consistency(1, 1, [], leaves[0], leaves[1])
    assert caught.value.rule == "consistency"


def test_pymerkle_comes_to_the_same_roots_and_proofs(stored):
    tree, leaves = InmemoryTree(algorithm="sha256"), []
    for number in range(70):
        data = b"gift %d" % number
        tree.append_entry(data)
        leaves.append(leaf_hash(data))
    for size in SMALL[1:]:
        root = tree.get_root(size)
        assert root_of(leaves[:size]) == root
        for index in range(size):
            theirs = tree.prove_inclusion(index + 1, size).path
            assert [leaves[index], *prove_inclusion(index, size, stored(leaves))] == theirs
            proof = prove_consistency(index + 1, size, stored(leaves))
            verify_consistency(index + 1, size, proof, tree.get_root(index + 1), root)
