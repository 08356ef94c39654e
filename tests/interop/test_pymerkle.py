"""The tree, recomputed by pymerkle from the exported entries."""

from __future__ import annotations

import pytest
from pymerkle import InclusionProof, InmemoryTree, InvalidProof, verify_consistency, verify_inclusion

from ledger.log.merkle import prove_consistency, prove_inclusion
from ledger.log.merkle import verify_consistency as our_verify_consistency
from tests.interop.foreign import Export

SIZES = (1, 2, 3, 4, 128, 255, 256, 257, 300, 511, 512, 513, 690)
INDEXES = (0, 1, 5, 127, 128, 254, 255, 256, 257, 511, 512, 600, 689)


@pytest.fixture(scope="module")
def tree(export: Export) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for raw in export.entries:
        tree.append_entry(raw)
    return tree


def test_the_root_that_was_signed_is_the_root_over_the_entries(export: Export, tree: InmemoryTree):
    assert (export.size, len(export.entries)) == (tree.get_size(), tree.get_size())
    assert tree.get_root() == export.root


def test_every_tile_is_what_the_entries_give(export: Export, tree: InmemoryTree):
    assert export.hashes[0] == [tree.get_leaf(index + 1) for index in range(export.size)]
    for index, digest in enumerate(export.hashes[1]):
        part = InmemoryTree(algorithm="sha256")
        for raw in export.entries[256 * index : 256 * (index + 1)]:
            part.append_entry(raw)
        assert part.get_root() == digest


@pytest.mark.parametrize("size", [513, 690])
def test_our_proofs_of_inclusion_from_tiles_verify_there(export: Export, tree: InmemoryTree, size: int):
    for index in [index for index in INDEXES if index < size]:
        theirs = tree.prove_inclusion(index + 1, size)
        path = [tree.get_leaf(index + 1), *prove_inclusion(index, size, export.node)]
        ours = InclusionProof("sha256", True, size, index + 1, theirs.rule, path)
        verify_inclusion(tree.get_leaf(index + 1), tree.get_root(size), ours, index=index + 1, size=size)
        assert ours.path == theirs.path
        with pytest.raises(InvalidProof):
            verify_inclusion(tree.get_leaf(index + 1), tree.get_root(size - 1), ours)


def test_the_roots_of_every_size_are_consistent_there_and_by_our_proofs(export: Export, tree: InmemoryTree):
    for old in SIZES:
        for new in [size for size in SIZES if size >= old]:
            roots = tree.get_root(old), tree.get_root(new)
            verify_consistency(*roots, tree.prove_consistency(old, new), prior_size=old, later_size=new)
            our_verify_consistency(old, new, prove_consistency(old, new, export.node), *roots)
